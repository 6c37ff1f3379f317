import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { hostileVariables as hostile } from '../../support/hostile-variables';
import { quickestFolder } from '../../support/quickest-folder';

const run = promisify(execFile);

it('is set up whatever variables of PostgreSQL’s clients are exported', async () => {
  const dataFolder = mkdtempSync(join(quickestFolder(), 'litemaas-environment-'));
  // Root lends the server another account, which has to pass through.
  chmodSync(dataFolder, 0o755);
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
  // The one click from the command line. Rejects unless the program ends with 0.
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', 'src/main/db-setup.ts'], {
    env: { PATH: process.env['PATH'], HOME: dataFolder, ...hostile, LITEMAAS_DATA_DIR: dataFolder },
  });
  expect(stdout).toMatch(/^Ready in \d+\.\d s: postgresql:\/\/litemaas@127\.0\.0\.1:\d+\/litemaas$/m);
  expect(stderr).toBe('');
});
