import type { CommandLine } from 'electron';

/** WebRTC's policy that leaves it TCP through a proxy only. */
export const noUdp = 'disable_non_proxied_udp';

/** Chromium renamed the switch; which of the two Electron's knows depends on its version. */
const webRtcSwitches = [
  ['webrtc-ip-handling-policy', noUdp],
  ['force-webrtc-ip-handling-policy', noUdp],
] as const;

/** A proxy where nobody listens, for the loopback too (port 1 is tcpmux), and no name that is found. */
const tcpSwitches = [
  ['proxy-server', 'http://127.0.0.1:1'],
  ['proxy-bypass-list', '<-loopback>'],
  ['host-resolver-rules', 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
] as const;

/**
 * Chromium's switches that close the ways out which a content security policy leaves open (WebRTC above all): our own
 * scheme needs no network. In development TCP stays, since the page comes from a server on this computer.
 */
export function networkSwitches(development: boolean): readonly (readonly [name: string, value: string])[] {
  return development ? webRtcSwitches : [...webRtcSwitches, ...tcpSwitches];
}

/** Sets these switches; Electron takes them before it is ready only. */
export function closeNetwork(commandLine: CommandLine, development: boolean): void {
  for (const [name, value] of networkSwitches(development)) commandLine.appendSwitch(name, value);
}
