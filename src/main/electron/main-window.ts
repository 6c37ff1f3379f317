import { BrowserWindow, nativeTheme, screen } from 'electron';
import { fitBounds, isColor, readWindowState, writeWindowState } from './window-state';

/** A page that never paints must not leave an invisible program behind. */
const showAtLatestMs = 4_000;
/** The page's own colours (renderer, palette.ts) until it has told which one it shows. */
const firstLight = '#f5f5f2';
const firstDark = '#11171a';
const defaultSize = { width: 1360, height: 860 };

interface MainWindowOptions {
  readonly preloadPath: string;
  /** Where size, place and background colour are kept. */
  readonly stateFile: string;
  readonly development: boolean;
}

/** The window, hidden until its page has painted. It is left to the caller what it loads. */
export function createMainWindow({ preloadPath, stateFile, development }: MainWindowOptions): BrowserWindow {
  const saved = readWindowState(stateFile);
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...defaultSize,
    ...fitBounds(saved.bounds, workAreas),
    minWidth: 800,
    minHeight: 560,
    title: 'LiteMaaS Console',
    show: false,
    backgroundColor: saved.backgroundColor ?? (nativeTheme.shouldUseDarkColors ? firstDark : firstLight),
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      // Electron would fetch its dictionaries from the network.
      spellcheck: false,
      devTools: development,
    },
  });
  if (saved.maximized) window.maximize();
  showWhenPainted(window);
  keepState(window, stateFile, saved.backgroundColor);
  return window;
}

/** Brings the window to the front, whatever state it is in. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function showWhenPainted(window: BrowserWindow): void {
  const show = (): void => {
    clearTimeout(limit);
    if (!window.isDestroyed() && !window.isVisible()) window.show();
  };
  const limit = setTimeout(show, showAtLatestMs);
  window.once('ready-to-show', show);
  window.once('closed', () => clearTimeout(limit));
}

/** The page names its background in `<meta name="theme-color">`: that is the colour of the next start. */
function keepState(window: BrowserWindow, stateFile: string, savedColor: string | null): void {
  let backgroundColor = savedColor;
  window.webContents.on('did-change-theme-color', (_event, color) => {
    if (color !== null && isColor(color)) backgroundColor = color.toLowerCase();
  });
  window.on('close', () => {
    writeWindowState(stateFile, {
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
      backgroundColor,
    });
  });
}
