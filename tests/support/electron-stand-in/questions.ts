import { realApp } from './app';
import { BrowserWindow } from './browser-window';
import { disposedFrame, invokeFromPage, registeredChannels, sendFromPage } from './ipc';
import { isLetThrough, recorded, request, startDownload } from './session';
import { shown } from './shell-and-dialogs';

const trustedUrl = 'litemaas-app://console/';

function firstWindow(): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) throw new Error('There is no window');
  return window;
}

/** What the test process may ask of the program or do to it as a person, a page or the system would. */
export const questions = {
  state: () => ({
    windows: BrowserWindow.getAllWindows().map((window) => window.describe()),
    schemes: recorded.schemes,
    sandboxEnabled: realApp.sandboxEnabled,
    switches: realApp.switches,
    userData: realApp.getPath('userData'),
    channels: registeredChannels(),
    required: BrowserWindow.getAllWindows().flatMap(({ contents }) => contents.required),
    shown: { ...shown, menu: JSON.parse(JSON.stringify(shown.menu)) as unknown },
  }),
  page: () => BrowserWindow.getAllWindows()[0]?.contents.response ?? null,
  evaluate: (code: string) => firstWindow().contents.evaluate(code),
  fetch: async (url: string, method?: string) => {
    const response = await request(url, method);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    };
  },
  isLetThrough: (url: string) => isLetThrough(url),
  navigate: (url: string) => firstWindow().contents.navigate(url, 'will-navigate'),
  redirect: (url: string) => firstWindow().contents.navigate(url, 'will-redirect'),
  navigateFrame: (url: string) => firstWindow().contents.navigate(url, 'will-frame-navigate', false),
  openWindow: (url: string) => firstWindow().contents.openWindow(url),
  attachWebview: () => firstWindow().contents.attachWebview(),
  download: () => startDownload(),
  permission: (permission: string, url: string = trustedUrl, isMainFrame = true) => {
    const details = { requestingUrl: url, isMainFrame };
    let requested: boolean | null = null;
    recorded.permissionRequest?.(null, permission, (granted) => (requested = granted), details);
    return {
      requested,
      checked: recorded.permissionCheck?.(null, permission, url, details) ?? null,
      device: recorded.devicePermission?.() ?? null,
    };
  },
  /** A message as a page could send it that is not ours: `frameUrl` null is a frame that is gone. */
  forge: (
    channel: string,
    args: unknown[],
    from: { frameUrl: string | null; inFrame?: boolean; stranger?: boolean; disposed?: boolean },
  ) => {
    const { contents } = firstWindow();
    const parent = from.inFrame ? { url: trustedUrl, parent: null } : null;
    const shown = from.frameUrl === null ? null : { url: from.frameUrl, parent };
    const frame = from.disposed ? disposedFrame() : shown;
    const sender = from.stranger ? { id: 9_999 } : contents.asSender();
    return invokeFromPage(sender, frame, channel, args);
  },
  /** `frameUrl` null is a frame that was disposed. */
  forgeSend: (channel: string, args: unknown[], frameUrl: string | null) => {
    const frame = frameUrl === null ? disposedFrame() : { url: frameUrl, parent: null };
    sendFromPage(firstWindow().contents.asSender(), frame, channel, args);
  },
  themeColor: (color: string) => void firstWindow().contents.emit('did-change-theme-color', {}, color),
  minimize: () => firstWindow().minimize(),
  reload: () => firstWindow().contents.load(firstWindow().contents.url),
  crash: (reason: string) => firstWindow().contents.crash(reason),
  unresponsive: () => void firstWindow().emit('unresponsive'),
  answerSaveDialog: (path: string | null) => void (shown.savePath = path),
  answerMessages: (button: number) => void (shown.messageAnswer = button),
  closeWindow: () => void setImmediate(() => firstWindow().close()),
  quit: () => void setImmediate(() => realApp.quit()),
  throwUncaught: (message: string) =>
    void setImmediate(() => {
      throw new Error(message);
    }),
};
export type Questions = typeof questions;

interface Asked {
  readonly id: number;
  readonly question: keyof Questions;
  readonly args: unknown[];
}

process.on('message', (message) => {
  const { id, question, args } = message as Asked;
  const ask = questions[question] as (...args: unknown[]) => unknown;
  Promise.resolve()
    .then(() => ask(...args))
    .then(
      (value) => process.send?.({ id, value }),
      (error: unknown) =>
        process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    );
});
