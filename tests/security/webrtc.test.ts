import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { networkSwitches } from '../../src/main/electron/close-network';
import { contentSecurityPolicy } from '../../src/shared/content-security-policy';
import { describeInChromium, launchChromium } from './browser/chromium-page';

/** What reaches a program on this computer that a page's WebRTC was pointed at, over UDP and over TCP. */
async function whatLeaves(switches: readonly string[]): Promise<{ udp: boolean; tcp: boolean }> {
  const left = { udp: false, tcp: false };
  const udp = createSocket('udp4').on('message', () => (left.udp = true));
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const tcp = createServer((socket) => {
    left.tcp = true;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const browser = await launchChromium(switches);
  onTestFinished(async () => {
    await browser.close();
    udp.close();
    tcp.close();
  });
  const page = await browser.newPage();
  await page.route('**/*', (route) =>
    route.fulfill({
      body: '<!doctype html><title>console</title>',
      headers: { 'content-type': 'text/html', 'content-security-policy': contentSecurityPolicy('abc') },
    }),
  );
  await page.goto('https://console.test/');
  await page.evaluate(
    async ([udpPort, tcpPort]) => {
      const credentials = { username: 'a', credential: 'b' };
      const connection = new RTCPeerConnection({
        iceServers: [
          { urls: `stun:127.0.0.1:${String(udpPort)}` },
          { urls: `turn:127.0.0.1:${String(tcpPort)}?transport=tcp`, ...credentials },
        ],
      });
      connection.createDataChannel('out');
      const gathered = new Promise<void>((resolve) => {
        connection.onicegatheringstatechange = () => {
          if (connection.iceGatheringState === 'complete') resolve();
        };
      });
      await connection.setLocalDescription(await connection.createOffer());
      // Gathering gives up on a server that does not answer only after 10 s.
      await Promise.race([gathered, new Promise((resolve) => setTimeout(resolve, 3_000))]);
    },
    [udp.address().port, (tcp.address() as AddressInfo).port] as const,
  );
  return left;
}

describeInChromium('WebRTC of a page', () => {
  it('passes the content security policy: what docs/security.md says of browser mode', async () => {
    expect(await whatLeaves([])).toEqual({ udp: true, tcp: true });
  });

  it('leaves nothing with the desktop’s switches', async () => {
    const switches = networkSwitches(false).map(([name, value]) => `--${name}=${value}`);
    expect(await whatLeaves(switches)).toEqual({ udp: false, tcp: false });
  });
});
