let ready = false;

/** True from Electron's `ready` on. */
export function isReady(): boolean {
  return ready;
}

export function becomeReady(): void {
  ready = true;
}

/** @throws where Electron refuses to be used before it is ready. */
export function requireReady(what: string): void {
  if (!ready) throw new Error(`${what} can't be used before app is ready`);
}
