export { app } from './app';
export { BrowserWindow } from './browser-window';
export { ipcMain } from './ipc';
export { protocol, session } from './session';
export { dialog, Menu, nativeTheme, safeStorage, screen, shell } from './shell-and-dialogs';
import './questions';
