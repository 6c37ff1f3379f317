import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import type { Answer } from '../../shared/bridge';
import { AppError } from '../../shared/errors';
import type { CallHost, Console } from '../console';
import { createRunningCalls } from './running-calls';
import { isTrustedFrame, type TrustedPage } from './trusted-page';
import { say } from '../kernel/say';

// The preload knows the same two names; the test of the built bundles proves that they agree.
const callChannel = 'litemaas:call';
const cancelChannel = 'litemaas:cancel';

interface IpcOptions {
  readonly page: TrustedPage;
  /** Calls wait for it: the window is there before the console is. */
  readonly consoleReady: Promise<Console>;
  deliverFileTo(window: WebContents): CallHost['deliverFile'];
}

/** The only way in from a window. */
export interface CallDoor {
  /** Lets this window call; its calls end with the page that made them. */
  admit(window: WebContents): void;
}

/** Binds the console's calls to IPC. Refuses every sender but the main frame of our page in an admitted window. */
export function openCallDoor({ page, consoleReady, deliverFileTo }: IpcOptions): CallDoor {
  const calls = createRunningCalls();
  const admitted = new Set<number>();

  const isTrusted = (event: IpcMainInvokeEvent | IpcMainEvent): boolean => {
    try {
      return admitted.has(event.sender.id) && isTrustedFrame(event.senderFrame, page);
    } catch {
      // A window or frame that is gone may throw at any question; in a listener that would end the program.
      return false;
    }
  };

  ipcMain.handle(callChannel, async (event, ...message: unknown[]): Promise<Answer<unknown>> => {
    // Thrown, not answered: whoever this is, it is not our page.
    if (!isTrusted(event)) throw new Error('Refused: not the console’s own page.');
    const [area, procedure, input, callId] = message;
    const window = event.sender;
    const windowId = window.id;
    let signal: AbortSignal;
    try {
      signal = calls.begin(windowId, callId);
    } catch (error) {
      return { ok: false, error: envelopeOf(error) };
    }
    try {
      const console = await consoleReady;
      return await console.call({ area, procedure, input }, { signal, deliverFile: deliverFileTo(window) });
    } catch (error) {
      return { ok: false, error: envelopeOf(error) };
    } finally {
      calls.end(windowId, callId);
    }
  });

  ipcMain.on(cancelChannel, (event, callId: unknown) => {
    if (isTrusted(event)) calls.cancel(event.sender.id, callId);
  });

  return {
    admit(window) {
      const { id } = window;
      admitted.add(id);
      window.on('did-start-navigation', (details) => {
        if (details.isMainFrame && !details.isSameDocument) calls.cancelAll(id);
      });
      window.on('render-process-gone', () => calls.cancelAll(id));
      window.on('destroyed', () => {
        admitted.delete(id);
        calls.cancelAll(id);
      });
    },
  };
}

/** The console itself could not be made, or the call had no id. */
function envelopeOf(error: unknown): AppError['toEnvelope'] extends () => infer Envelope ? Envelope : never {
  return error instanceof AppError
    ? error.toEnvelope()
    : {
        code: 'internal',
        message: say('hosts.desktop.notStarted'),
        hint: say('hosts.desktop.notStartedHint'),
      };
}
