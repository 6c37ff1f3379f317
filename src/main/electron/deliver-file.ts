import { basename, extname, join } from 'node:path';
import { app, BrowserWindow, dialog, type WebContents } from 'electron';
import { AppError } from '../../shared/errors';
import type { CallHost } from '../console';
import { safeFileName, saveContent } from './save-content';
import { say } from '../kernel/say';

/** Asks the person where a file goes and saves it there. The page learns its name, never its path. */
export function deliverFileTo(contents: WebContents): CallHost['deliverFile'] {
  return async (content, signal) => {
    const window = BrowserWindow.fromWebContents(contents);
    if (window === null) throw new AppError('cancelled', say('hosts.desktop.windowClosed'));
    const name = safeFileName(content.suggestedName);
    const extension = extname(name).slice(1);
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath: join(app.getPath('downloads'), name),
      ...(extension === '' ? {} : { filters: [{ name: extension.toUpperCase(), extensions: [extension] }] }),
    });
    if (canceled || filePath === '') return { state: 'cancelled' };
    if (signal.aborted) throw new AppError('cancelled', say('console.cancelled'));
    await saveContent(content, filePath, signal);
    return { state: 'saved', name: basename(filePath) };
  };
}
