import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/postgres/database';
import { findServerAccount } from '../../../src/main/postgres/local-server/server-account';
import { freePort } from '../../support/free-port';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { failure, fields, test } from './connecting';

const program = '/usr/sbin/pgbouncer';
const isRequired = (process.env['LITEMAAS_REQUIRE'] ?? '').split(',').includes('pgbouncer');

/** pgbouncer gives each transaction another connection: our read-only and timeouts would be lost behind it. */
describe.skipIf(!isRequired && !existsSync(program))('pgbouncer in transaction mode', () => {
  let server: OwnServer;
  let pooler: ChildProcess | undefined;
  let port: number;

  beforeAll(async () => {
    server = await startOwnServer();
  });
  afterAll(() => server.remove());
  afterEach(async () => {
    if (pooler?.exitCode === null) {
      pooler.kill('SIGKILL');
      await once(pooler, 'exit');
    }
  });

  async function startPooler(...settings: string[]): Promise<void> {
    port = await freePort();
    const { cluster, folder } = server;
    const lines = [
      '[databases]',
      `* = host=127.0.0.1 port=${String(cluster.port)}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${String(port)}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = transaction',
      ...settings,
    ];
    const file = join(folder, 'pgbouncer.ini');
    // With auth_type any everybody is the user that the database line names.
    writeFileSync(file, lines.join('\n').replace('* = host', '* = user=litemaas host'), { mode: 0o644 });
    const account = await findServerAccount({ userId: process.getuid?.(), chosenName: undefined });
    pooler = spawn(program, ['-q', file], {
      stdio: 'ignore',
      ...(account ? { uid: account.userId, gid: account.groupId } : {}),
    });
    while (!(await isListening(port))) await delay(20);
  }

  it('that refuses the console’s settings is named, with the way out', async () => {
    await startPooler();
    expect(await failure(fields({ port }))).toMatchObject({
      code: 'db_server',
      reason: 'pooler',
      hint: expect.stringContaining('Connect straight to the PostgreSQL server') as string,
    });
  });

  it('that swallows them is found out before anything is read', async () => {
    await startPooler('ignore_startup_parameters = options,idle_in_transaction_session_timeout');
    expect(await failure(fields({ port }))).toMatchObject({ code: 'db_server', reason: 'settings_lost' });
    const database = openDatabase({
      config: { host: '127.0.0.1', port, user: 'litemaas', database: 'postgres' },
      readOnly: true,
    });
    const work = database.read(new AbortController().signal, () => Promise.resolve('read'));
    await expect(work).rejects.toMatchObject({
      details: { reason: 'settings_lost' },
      message: expect.stringContaining('default_transaction_read_only') as string,
    });
    await database.close();
  });

  it('is no obstacle where the settings hold all the same, and is mentioned', async () => {
    await startPooler('ignore_startup_parameters = options,idle_in_transaction_session_timeout');
    await server.admin(async (client) => {
      await client.query(`ALTER ROLE litemaas SET lock_timeout = '5s'`);
      await client.query(`ALTER ROLE litemaas SET idle_in_transaction_session_timeout = '1min'`);
    });
    const report = await test(fields({ port }));
    expect(report.pooler).toBe(true);
    expect(report.warnings.join()).toContain('A connection pooler stands between');
  });
});

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
