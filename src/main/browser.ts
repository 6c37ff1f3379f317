import { environment } from './database-environment';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../shared/errors';
import { browserModeUsage, type BrowserModeOptions, parseCommandLine } from './browser/command-line';
import { openInSystemBrowser } from './browser/open-system-browser';
import { createRedirectFile, type RedirectFile } from './browser/redirect-file';
import { createBrowserServer } from './browser/server';
import { toLanguage } from '../shared/messages/languages';
import { type Console, createConsole } from './console';
import { speak } from './kernel/say';

/** The project's folder: this file is `out/main/browser.js` once built and `src/main/browser.ts` before. */
const projectFile = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function start({ port, open, reportReady, idleTimeoutMs }: BrowserModeOptions): Promise<void> {
  speak(toLanguage(process.env['LITEMAAS_LANGUAGE']));
  const console = await createConsole({
    host: 'browser',
    version: versionOf(projectFile('package.json')),
    migrationsFolder: projectFile('migrations'),
    demoFolder: projectFile('src/main/demo/data'),
    environment,
    checkOutputs: process.env['LITEMAAS_CHECK_OUTPUTS'] === '1',
  });
  const redirectFile = createRedirectFile(console.dataFolder, String(process.pid));
  process.once('exit', () => redirectFile.remove());
  const announce = (address: string): void => {
    try {
      redirectFile.write(address);
    } catch (error) {
      // A full disk must not lock anybody out: on a terminal the address below is enough.
      console.log.error('redirect file', error);
    }
    sayAddress(address, redirectFile);
    if (reportReady) print(`READY ${JSON.stringify({ address, pid: process.pid })}`);
  };
  // Before the address is announced: whoever reads it may end the console at once.
  let closeServer = (): Promise<void> => Promise.resolve();
  closeOnSignals(console, () => closeServer());
  const server = await createBrowserServer({
    console,
    rendererFolder: projectFile('out/renderer'),
    port,
    idleTimeoutMs,
    announce,
    onExchanged: () => redirectFile.remove(),
  }).catch(async (error: unknown) => {
    await console.close();
    throw error;
  });
  closeServer = () => server.close();
  if (open) await openInSystemBrowser(redirectFile.path, process.platform, process.env);
}

/**
 * One line with the address. Into a file or a journal goes only where to find it: such a place may be read by
 * others and outlives the session.
 */
function sayAddress(address: string, { path }: RedirectFile): void {
  const [page] = address.split('#');
  if (process.stdout.isTTY) print(`LiteMaaS Console is at ${address} (works once; Ctrl-C stops the console)`);
  else
    print(
      `LiteMaaS Console is at ${page ?? ''} and opens with ${path} (works once; only this account can read it)`,
    );
}

function closeOnSignals(console: Console, closeServer: () => Promise<void>): void {
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait for the database to stop in good order.
      if (closing) process.exit(130);
      closing = true;
      void closeServer()
        .then(() => console.close())
        .then(() => process.exit(0), fail);
    });
  }
}

function versionOf(packageFile: string): string {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  return version;
}

function fail(error: unknown): never {
  const lines =
    error instanceof AppError
      ? [error.message, error.hint].filter((line) => line !== undefined)
      : [
          'The console could not start.',
          error instanceof Error ? (error.stack ?? error.message) : String(error),
        ];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

// A terminal that went away must not stop the console before it has closed its database.
process.stdout.on('error', () => undefined);
try {
  const options = parseCommandLine(process.argv.slice(2), process.env);
  if (options) await start(options);
  else print(browserModeUsage);
} catch (error) {
  fail(error);
}
