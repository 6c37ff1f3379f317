import { environment } from './database-environment';
import { join } from 'node:path';
import { runDesktop } from './electron/run-desktop';
import { toLanguage } from '../shared/messages/languages';
import { readRendererFile } from './renderer-files';
import { speak } from './kernel/say';

// Entry of the desktop app: finds the built parts.
const projectFolder = join(import.meta.dirname, '..', '..');
const rendererFolder = join(projectFolder, 'out', 'renderer');

speak(toLanguage(process.env.LITEMAAS_LANGUAGE));

void runDesktop({
  preloadPath: join(projectFolder, 'out', 'preload', 'index.cjs'),
  migrationsFolder: join(projectFolder, 'migrations'),
  demoFolder: join(projectFolder, 'src', 'main', 'demo', 'data'),
  readPageFile: (urlPath, nonce) => readRendererFile(rendererFolder, urlPath, nonce),
  loadConsole: () => import('./console'),
  environment,
});
