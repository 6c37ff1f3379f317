import { join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { Console } from '../console';
import { failureText } from './failure-text';
import { say } from '../kernel/say';

/** A page that dies again so soon would die for ever. */
const secondCrashWithinMs = 30_000;

/** What is known of the console by the time something fails. */
export interface FailureContext {
  console(): Console | null;
}

/**
 * Catches what nothing else caught. An exception leaves the program in an unknown state: it is shown once and the
 * program quits in the ordinary way, which stops the local server. A rejection that nobody waited for is logged.
 */
export function catchFailures(context: FailureContext): void {
  let failing = false;
  process.on('uncaughtException', (error) => {
    context.console()?.log.error('uncaught exception', error);
    if (failing) return;
    failing = true;
    showFailure(say('hosts.desktop.hasToQuit'), error, context);
    process.exitCode = 1;
    app.quit();
  });
  process.on('unhandledRejection', (reason) => {
    context.console()?.log.error('unhandled rejection', reason);
  });
}

/** A dialog with one button; waits for it. Must never fail itself. */
export function showFailure(title: string, error: unknown, context: FailureContext): void {
  try {
    const dataFolder = context.console()?.dataFolder;
    dialog.showErrorBox(
      title,
      failureText(error, dataFolder === undefined ? null : join(dataFolder, 'logs')),
    );
  } catch {
    // Without a display there is nobody to tell; the log has it.
  }
}

/** Offers a way out when the page's process died or hangs. */
export function watchPage(window: BrowserWindow, context: FailureContext): void {
  let crashedAt = Number.NEGATIVE_INFINITY;
  let waiting: AbortController | null = null;

  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    context.console()?.log.write({ event: 'page gone', reason, exitCode });
    const again = performance.now() - crashedAt < secondCrashWithinMs;
    crashedAt = performance.now();
    const cause = reason === 'oom' ? 'hosts.desktop.outOfMemory' : 'hosts.desktop.stopped';
    const text = say(again ? 'hosts.desktop.stoppedAgain' : cause);
    void ask(window, text, [say('hosts.desktop.reload'), say('hosts.desktop.quit')]).then((choice) => {
      if (choice === 0) window.reload();
      else app.quit();
    });
  });

  window.on('unresponsive', () => {
    if (waiting !== null) return;
    waiting = new AbortController();
    context.console()?.log.write({ event: 'page unresponsive' });
    const choices = [say('hosts.desktop.wait'), say('hosts.desktop.reload')];
    void ask(window, say('hosts.desktop.unresponsive'), choices, waiting.signal).then((choice) => {
      waiting = null;
      if (choice === 1 && !window.isDestroyed()) {
        window.webContents.forcefullyCrashRenderer();
        window.reload();
      }
    });
  });
  window.on('responsive', () => waiting?.abort());
}

async function ask(
  window: BrowserWindow,
  message: string,
  buttons: string[],
  signal?: AbortSignal,
): Promise<number> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    buttons,
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    ...(signal ? { signal } : {}),
  });
  return response;
}
