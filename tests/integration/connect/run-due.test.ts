import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { insertModel, insertSubscription, insertUser } from '../../support/builders';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { openTestSession } from '../../support/test-session';
import { type BrowserClient, openBrowserClient } from '../contract/browser-client';
import { fields } from './connecting';

const execute = promisify(execFile);
const settings = {
  name: 'Nightly',
  environmentLabel: '',
  colour: '',
  access: 'administer',
  operatorUserId: null,
  reportingTimeZone: 'UTC',
} as const;

/** What is due, by the switch of a workspace and from a timer. */
let server: OwnServer;
let client: BrowserClient;
let sql: pg.Client;
let workspaceId: string;
let subscription: string;

beforeAll(async () => {
  [server, client] = await Promise.all([startOwnServer(), openBrowserClient('run-due-test')]);
  await server.admin(async (admin) => {
    await admin.query('CREATE ROLE ana LOGIN');
    await admin.query('CREATE DATABASE nightly OWNER ana');
  });
  await server.setAccess('host all all 127.0.0.1/32 trust');
  const connection = fields({ port: server.cluster.port, user: 'ana', database: 'nightly' });
  ({ workspaceId } = await client.ask('workspace', 'connect', {
    connection,
    settings,
    rememberPassword: false,
  }));
  await client.ask('database', 'migrate', {});
  sql = await openTestSession({
    host: '127.0.0.1',
    port: server.cluster.port,
    user: 'ana',
    database: 'nightly',
  });
  const [user, model] = [await insertUser(sql), await insertModel(sql)];
  ({ id: subscription } = await insertSubscription(sql, { user_id: user.id, model_id: model.id }));
}, 60_000);
afterAll(async () => {
  await sql.end();
  await client.close();
  await server.remove();
});
beforeEach(() =>
  sql.query(
    `UPDATE public.subscriptions SET reset_at = now() - interval '1 hour', budget_duration = '2d', period_started_at = NULL`,
  ),
);

const isDue = async (): Promise<boolean> => {
  const { rows } = await sql.query<{ due: boolean }>(
    'SELECT period_started_at IS NULL AS due FROM public.subscriptions WHERE id = $1',
    [subscription],
  );
  return rows[0]?.due === true;
};

/** The command as a timer runs it, in the data folder of the console that knows the workspace. */
const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  execute(process.execPath, ['--import', 'tsx', 'src/main/run.ts', ...args], {
    env: { ...process.env, LITEMAAS_DATA_DIR: client.dataFolder },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, stdout, stderr };
    },
  );

it('runs when the workspace is opened, where its settings say so, and not where they do not', async () => {
  const open = async (changes: {
    readonly runsDue?: boolean;
    readonly access?: 'read-only' | 'administer';
  }) => {
    await client.ask('workspace', 'update', { workspaceId, settings: { ...settings, ...changes } });
    await client.ask('workspace', 'close', {});
    await client.ask('workspace', 'open', { workspaceId });
  };
  await open({});
  await open({ runsDue: true, access: 'read-only' });
  // Both had the time in which the next one is done.
  expect(await isDue()).toBe(true);
  await open({ runsDue: true });
  await expect.poll(isDue).toBe(false);
  expect((await client.ask('workspace', 'get', { workspaceId })).settings.runsDue).toBe(true);
  await open({});
});

it('runs from a timer, says what it did, and has nothing to do the next time', async () => {
  // The command alone does it, also where the console would.
  await client.ask('workspace', 'close', {});
  await client.ask('workspace', 'update', { workspaceId, settings: { ...settings, runsDue: true } });
  expect(await run('--workspace', 'Nightly', 'due')).toEqual({
    code: 0,
    stdout: 'Periods begun: 1. Expired: 0.\n',
    stderr: '',
  });
  expect(await isDue()).toBe(false);
  expect(await run('--workspace', workspaceId, 'due')).toMatchObject({
    code: 0,
    stdout: 'Periods begun: 0. Expired: 0.\n',
  });
});

it('tells by its exit code what keeps it from running', async () => {
  expect(await run('--workspace', 'Daily', 'due')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'No workspace is called “Daily”. There are: Nightly.\n',
  });
  expect(await run('due')).toMatchObject({ code: 2 });
  await sql.query(`
    CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
    CREATE TRIGGER keep BEFORE UPDATE ON public.subscriptions FOR EACH ROW EXECUTE FUNCTION public.keep()`);
  expect(await run('--workspace', 'Nightly', 'due')).toMatchObject({
    code: 3,
    stderr: '1 subscription could not be changed; it stays due for the next time.\n',
  });
  await sql.query('DROP TRIGGER keep ON public.subscriptions; DROP FUNCTION public.keep()');
  await client.ask('workspace', 'update', { workspaceId, settings: { ...settings, access: 'read-only' } });
  expect(await run('--workspace', 'Nightly', 'due')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('read-only') as string,
  });
  expect(await isDue()).toBe(true);
}, 60_000);
