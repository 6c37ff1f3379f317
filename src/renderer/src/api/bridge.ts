import type { Bridge } from '../../../shared/bridge';

declare global {
  interface Window {
    /** Exposed by the preload on the desktop; absent in browser mode. */
    readonly litemaas?: Bridge;
  }
}

let connected: Bridge | null = null;

/** Finds the desktop's bridge, or builds browser mode's over HTTP. Must have answered before the first call. */
export async function connectBridge(): Promise<Bridge> {
  connected ??= window.litemaas ?? (await import('./browser-bridge')).createBrowserBridge();
  return connected;
}

/** @throws Error before {@link connectBridge} has answered. */
export function bridge(): Bridge {
  if (connected === null) throw new Error('The bridge to the console is not connected yet.');
  return connected;
}
