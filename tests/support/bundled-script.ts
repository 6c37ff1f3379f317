import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll } from 'vitest';

const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
const bundles = new Map<string, Promise<string>>();
const folders: string[] = [];
// vitest may end its processes by a signal, at which no listener of theirs is told.
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/**
 * A program of the tests as one JavaScript file, made once per test file: tsx would translate its hundred modules at each
 * start, which takes a second of a core. Packages are found from there as from the sources.
 * @param script its path. Answers that of the bundle, which any account may read and which goes with the test file.
 */
export function bundledScript(script: string): Promise<string> {
  const known = bundles.get(script) ?? bundle(script);
  bundles.set(script, known);
  return known;
}

async function bundle(script: string): Promise<string> {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'litemaas-script-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: script,
      outDir: folder,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'script.mjs', codeSplitting: false } },
    },
  });
  return join(folder, 'script.mjs');
}
