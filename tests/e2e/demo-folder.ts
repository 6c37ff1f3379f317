import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newDataFolder } from './console-process';

const run = promisify(execFile);
/** Where this run's folder is, for Playwright's workers: they inherit the environment. */
const variable = 'LITEMAAS_E2E_DEMO_FOLDER';

/**
 * Playwright's global set-up: one data folder with the local database and the demo in it, made by the command that does
 * what the click does, its server stopped again. `demo.spec.ts` proves that a copy of it is what a click makes.
 */
// eslint-disable-next-line no-restricted-syntax -- Playwright calls the default export of a global set-up and no other.
export default async function makeDemoFolder(): Promise<() => Promise<void>> {
  const folder = newDataFolder();
  await run(process.execPath, ['out/main/db-setup.js', '--demo'], {
    env: { ...process.env, LITEMAAS_DATA_DIR: join(folder, 'data') },
  });
  process.env[variable] = folder;
  return () => rm(folder, { recursive: true, force: true });
}

/** A data folder of a test's own with the demo in it; the test removes it. */
export async function copyDemoFolder(): Promise<string> {
  const folder = process.env[variable];
  if (folder === undefined) throw new Error('The global set-up of Playwright made no folder to copy.');
  const copy = newDataFolder();
  // Owners and modes too: PostgreSQL refuses data that is another account's or open to others.
  await run('cp', ['-a', `${join(folder, 'data')}/.`, copy]);
  return copy;
}
