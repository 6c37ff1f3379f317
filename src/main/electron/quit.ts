import { app, BrowserWindow } from 'electron';

/** Stopping the local server takes seconds at most; a program that does not end is worse than one that hurries. */
const closeLimitMs = 20_000;

/**
 * Quitting closes the console first: what runs is cancelled, the database closed, a local server that this console
 * started is stopped. Windows disappear at once. Further requests to quit wait for the first.
 */
export function closeBeforeQuit(close: () => Promise<void>): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    for (const window of BrowserWindow.getAllWindows()) window.close();
    void withinLimit(close()).then((complete) => {
      state = 'closed';
      app.exit(complete ? Number(process.exitCode ?? 0) : 1);
    });
  });
  // One window is the program: without it there is nothing to come back to.
  app.on('window-all-closed', () => app.quit());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}

/** False when closing failed or took too long. */
async function withinLimit(closing: Promise<void>): Promise<boolean> {
  let limit: NodeJS.Timeout | undefined;
  const tooLong = new Promise<boolean>((resolve) => {
    limit = setTimeout(() => resolve(false), closeLimitMs);
  });
  const done = closing.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, tooLong]);
  } finally {
    clearTimeout(limit);
  }
}
