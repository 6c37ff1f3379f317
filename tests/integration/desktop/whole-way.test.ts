import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answer } from '../../../src/shared/bridge';
import type { AppState } from '../../../src/shared/contract/app';
import { ensureBuilt } from '../../support/built-program';
import { type DesktopProgram, startDesktop } from '../../support/electron-stand-in/desktop-program';
import { quickestFolder } from '../../support/quickest-folder';

let folder: string;
let desktop: DesktopProgram;
beforeAll(async () => {
  await ensureBuilt();
  folder = await mkdtemp(join(quickestFolder(), 'litemaas-desktop-'));
  // Root lends the server another account, which has to reach the folder inside.
  await chmod(folder, 0o711);
  desktop = await startDesktop({ folder });
});
afterAll(async () => {
  await desktop.stop();
  await rm(folder, { recursive: true, force: true });
});

async function valueOf<T>(answer: Promise<unknown>): Promise<T> {
  const result = (await answer) as Answer<T>;
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function runJob(area: string, procedure: string, input: object): Promise<void> {
  const { jobId } = await valueOf<{ jobId: string }>(desktop.call(area, procedure, input));
  let revision = -1;
  for (;;) {
    const state = await valueOf<AppState>(desktop.call('app', 'watch', { sinceRevision: revision }));
    revision = state.revision;
    const job = state.jobs.find(({ id }) => id === jobId);
    if (job?.state === 'succeeded') return;
    if (job?.state !== 'running') throw new Error(JSON.stringify(job));
  }
}

it('sets up the local database, shows the demo’s people, saves them to a file and stops the server', async () => {
  await runJob('workspace', 'setUpLocal', { demo: true });
  const { total, rows } = await valueOf<{ total: number; rows: { id: string; email: string }[] }>(
    desktop.call('users', 'list', { filters: {}, pageSize: 100 }),
  );
  expect(total).toBeGreaterThan(10);
  expect(rows).toHaveLength(total);

  // The parser and its WebAssembly are found beside the bundle.
  expect(
    await desktop.call('sql', 'run', { statement: 'SELECT email, password_hash\u00A0FROM users LIMIT 1' }),
  ).toMatchObject({ ok: false, error: { details: { position: '15' } } });
  const { rows: found } = await valueOf<{ rows: { text: string | null }[][] }>(
    desktop.call('sql', 'run', { statement: 'EXPLAIN (SELECT id, email\u00A0FROM users)' }),
  );
  expect(found[0]?.[0]?.text).toContain('users');

  const path = join(folder, 'people.csv');
  await desktop.ask('answerSaveDialog', null);
  expect(await desktop.call('users', 'exportCsv', { filters: {} })).toEqual({
    ok: true,
    value: { state: 'cancelled' },
  });
  await desktop.ask('answerSaveDialog', path);
  expect(await desktop.call('users', 'exportCsv', { filters: {} })).toEqual({
    ok: true,
    value: { state: 'saved', name: 'people.csv' },
  });
  const content = await readFile(path, 'utf8');
  for (const { email } of rows) expect(content).toContain(email);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
  const { saveDialogs } = (await desktop.ask('state')).shown;
  expect(saveDialogs.at(-1)?.defaultPath).toMatch(/\.csv$/);

  await desktop.ask('answerSaveDialog', join(folder, 'no-such-folder', 'people.csv'));
  expect(await desktop.call('users', 'exportCsv', { filters: {} })).toMatchObject({
    ok: false,
    error: { code: 'validation' },
  });

  await desktop.ask('quit');
  expect(await desktop.exited).toBe(0);
  const names = await readdir(join(folder, 'data', 'postgres'), { recursive: true });
  expect(names.filter((name) => name.endsWith('postmaster.pid'))).toEqual([]);
});
