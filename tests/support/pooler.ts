import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findServerAccount } from '../../src/main/local-server/server-account';
import { freePort } from './free-port';
import type { OwnServer } from './own-server';

const program = '/usr/sbin/pgbouncer';

/** Whether to skip what needs pgbouncer: it is not installed, and LITEMAAS_REQUIRE does not name it. */
export const isPoolerMissing =
  !(process.env['LITEMAAS_REQUIRE'] ?? '').split(',').includes('pgbouncer') && !existsSync(program);

/** Makes pgbouncer swallow the settings that the console sends when it connects, where it would refuse them. */
export const swallowsSettings = 'ignore_startup_parameters = options,idle_in_transaction_session_timeout';

export interface Pooler {
  readonly port: number;
  stop(): Promise<void>;
}

/** pgbouncer in front of a server: whoever connects, to whatever database, is the role `litemaas` there. */
export async function startPooler(
  { cluster, folder, own }: OwnServer,
  mode: 'transaction' | 'session',
  ...settings: string[]
): Promise<Pooler> {
  const port = await freePort();
  const lines = [
    '[databases]',
    `* = user=litemaas host=127.0.0.1 port=${String(cluster.port)}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${String(port)}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    ...settings,
  ];
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, lines.join('\n'));
  own(file);
  const account = await findServerAccount({ userId: process.getuid?.(), chosenName: undefined });
  const pooler: ChildProcess = spawn(program, ['-q', file], {
    stdio: 'ignore',
    ...(account ? { uid: account.userId, gid: account.groupId } : {}),
  });
  while (!(await isListening(port))) {
    if (pooler.exitCode !== null) throw new Error(`pgbouncer ended with ${String(pooler.exitCode)}`);
    await delay(20);
  }
  return {
    port,
    async stop() {
      if (pooler.exitCode !== null) return;
      pooler.kill('SIGKILL');
      await once(pooler, 'exit');
    },
  };
}

/** Waits for the goodbye: a client less may be all that max_client_conn allows. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let isConnected = false;
    const socket = connect({ host: '127.0.0.1', port }, () => {
      isConnected = true;
      socket.end();
    });
    socket.resume();
    socket.once('error', () => undefined);
    socket.once('close', () => resolve(isConnected));
  });
}
