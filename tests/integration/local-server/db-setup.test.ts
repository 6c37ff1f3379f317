import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { quickestFolder } from '../../support/quickest-folder';

const run = promisify(execFile);

it('db:setup --demo run again says that the demo is there, and is ready', async () => {
  const dataFolder = mkdtempSync(join(quickestFolder(), 'litemaas-db-setup-'));
  // Root lends the server another account, which has to pass through.
  chmodSync(dataFolder, 0o755);
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
  // What `npm run db:setup` runs once it is built. Rejects unless the program ends with 0.
  const setUp = () =>
    run(process.execPath, ['--import', 'tsx', 'src/main/db-setup.ts', '--demo'], {
      env: { ...process.env, LITEMAAS_DATA_DIR: dataFolder },
    });
  const ready = /^Ready in \d+\.\d s: (postgresql:\/\/litemaas@127\.0\.0\.1:\d+\/litemaas)$/m;

  const first = await setUp();
  expect(first.stdout).toMatch(ready);
  expect(first.stdout).not.toContain('already');

  const second = await setUp();
  expect(second.stdout).toContain('The demo data is loaded already, so nothing was added.\n');
  expect(ready.exec(second.stdout)?.[1]).toBe(ready.exec(first.stdout)?.[1]);
  expect([first.stderr, second.stderr]).toEqual(['', '']);
});
