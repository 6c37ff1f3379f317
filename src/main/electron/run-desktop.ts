import { join } from 'node:path';
import { app, type BrowserWindow, Menu, safeStorage, session } from 'electron';
import type * as ConsoleModule from '../console';
import { menuTemplate } from './application-menu';
import { registerAppScheme, serveAppScheme } from './app-scheme';
import { closeNetwork } from './close-network';
import { deliverFileTo } from './deliver-file';
import { developmentUrl } from './development-url';
import { catchFailures, type FailureContext, showFailure, watchPage } from './failures';
import { nameProgram } from './identity';
import { openCallDoor } from './ipc';
import { lockDownContents, lockDownSession } from './lock-down';
import { createMainWindow, focusWindow } from './main-window';
import { appUrl, type ReadPageFile } from './page-answer';
import { closeBeforeQuit } from './quit';
import { safeStorageBackend } from './safe-storage';
import { type TrustedPage, trustedPage } from './trusted-page';
import { say } from '../kernel/say';

interface DesktopOptions {
  readonly preloadPath: string;
  readonly migrationsFolder: string;
  readonly demoFolder: string;
  readonly readPageFile: ReadPageFile;
  /** Imports the console; called once the window has been asked for, because it takes its time. */
  loadConsole(): Promise<typeof ConsoleModule>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts the desktop app. The order matters: what Electron takes only before it is ready comes first and without
 * waiting, then the window with its page, then the console.
 */
export async function runDesktop(options: DesktopOptions): Promise<void> {
  nameProgram(options.environment);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const developmentServer = developmentUrl(options.environment, app.isPackaged);
  const development = developmentServer !== null;
  app.enableSandbox();
  closeNetwork(app.commandLine, development);
  registerAppScheme();
  Menu.setApplicationMenu(null);

  let running: ConsoleModule.Console | null = null;
  const context: FailureContext = { console: () => running };
  catchFailures(context);
  const startConsole = async (): Promise<ConsoleModule.Console> => {
    const { createConsole } = await options.loadConsole();
    running = await createConsole({
      host: 'desktop',
      version: app.getVersion(),
      migrationsFolder: options.migrationsFolder,
      demoFolder: options.demoFolder,
      environment: options.environment,
      safeStorage: safeStorageBackend(safeStorage, process.platform),
      checkOutputs: development || options.environment.LITEMAAS_CHECK_OUTPUTS === '1',
    });
    return running;
  };
  let starting: Promise<ConsoleModule.Console> | null = null;
  closeBeforeQuit(async () => (await starting)?.close());

  await app.whenReady();
  const readyMs = millisecondsSinceStart();
  const page = trustedPage(developmentServer ?? appUrl);
  lockDownSession(session.defaultSession, page, development);
  serveAppScheme(session.defaultSession, options.readPageFile);
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, page, development));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, development)));
  const window = openWindow(options, page, context);
  const shown = new Promise<number>((resolve) => {
    window.once('show', () => resolve(millisecondsSinceStart()));
  });
  app.on('second-instance', () => {
    if (!window.isDestroyed()) focusWindow(window);
  });

  starting = startConsole();
  openCallDoor({ page, consoleReady: starting, deliverFileTo }).admit(window.webContents);
  try {
    const { log } = await starting;
    const consoleMs = millisecondsSinceStart();
    log.write({ event: 'started', readyMs, consoleMs, windowMs: await shown });
  } catch (error) {
    showFailure(say('hosts.desktop.cannotStart'), error, context);
    app.exit(1);
  }
}

/** Since the process began. */
function millisecondsSinceStart(): number {
  return Math.round(performance.now());
}

function openWindow(
  { preloadPath }: DesktopOptions,
  page: TrustedPage,
  context: FailureContext,
): BrowserWindow {
  const development = page.url !== appUrl;
  const stateFile = join(app.getPath('userData'), 'window.json');
  const window = createMainWindow({ preloadPath, stateFile, development });
  watchPage(window, context);
  window.loadURL(page.url).catch((error: unknown) => context.console()?.log.error('page', error));
  return window;
}
