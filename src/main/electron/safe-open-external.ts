import { shell } from 'electron';
import { isAllowedOutside } from './outside-addresses';

/**
 * Opens an address of the allow-list in the system's browser; anything else is ignored. Answers whether it was
 * opened. The only caller of Electron's openExternal (lint).
 */
export function safeOpenExternal(address: string): boolean {
  if (!isAllowedOutside(address)) return false;
  // A system without a browser is not worth a dialog.
  shell.openExternal(new URL(address).href).catch(() => undefined);
  return true;
}
