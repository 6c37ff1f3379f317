import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConnectionFields } from '../../../src/shared/contract/workspace';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { openBrowserClient } from '../contract/browser-client';
import { failure, fields } from './connecting';

/** A server that is reached over a socket in a folder: no host, no TLS, and no password where pg_hba.conf trusts. */
let server: OwnServer;
let socketFolder: string;
const overSocket = (changes: Partial<ConnectionFields> = {}): ConnectionFields =>
  fields({ host: null, socketFolder, port: server.cluster.port, database: 'shop', ...changes });

beforeAll(async () => {
  server = await startOwnServer();
  socketFolder = join(server.folder, 'sockets');
  mkdirSync(socketFolder);
  server.own(socketFolder);
  await server.configure({ unix_socket_directories: socketFolder });
  // The options that it was first started with say "no socket", and a restart would keep them.
  await server.stop();
  await server.start();
  await server.admin(async (client) => {
    await client.query('CREATE ROLE somebody_else LOGIN');
    await client.query('CREATE DATABASE shop OWNER litemaas');
  });
  await server.setAccess('local all litemaas trust', 'local all all peer');
}, 60_000);
afterAll(() => server.remove());

it('opens a workspace over the socket without a password, and reads', async () => {
  const client = await openBrowserClient('socket-test');
  try {
    await client.ask('workspace', 'connect', {
      connection: overSocket(),
      settings: {
        name: 'Shop',
        environmentLabel: '',
        colour: '',
        access: 'read-only',
        operatorUserId: null,
        reportingTimeZone: 'UTC',
      },
      rememberPassword: false,
    });
    const { rows } = await client.ask('sql', 'run', {
      statement: 'SELECT current_user, current_database(), inet_server_addr()',
    });
    expect(rows[0]?.map(({ text }) => text)).toEqual(['litemaas', 'shop', null]);
  } finally {
    await client.close();
  }
});

it('is refused a user other than the account’s own, where the server wants the same (peer)', async () => {
  expect(await failure(overSocket({ user: 'somebody_else' }))).toMatchObject({
    code: 'db_auth',
    reason: 'refused_socket',
    message: 'The server’s pg_hba.conf does not let this account in as “somebody_else” over the socket.',
  });
});

it('may not be opened by an account that has no right to the folder', async () => {
  chmodSync(socketFolder, 0o000);
  try {
    expect(await failureOfOrdinaryAccount(overSocket())).toMatchObject({
      code: 'db_unreachable',
      reason: 'socket_forbidden',
      message: `The server socket in ${socketFolder} may not be opened by this account.`,
    });
  } finally {
    chmodSync(socketFolder, 0o755);
  }
});

/** The same as {@link failure} for an account that has no rights but those a folder gives it: root may enter all. */
async function failureOfOrdinaryAccount(connection: ConnectionFields): Promise<unknown> {
  if (process.getuid?.() !== 0) return failure(connection);
  const report = new URL('../../../src/main/workspace/connect/connection-report.ts', import.meta.url).href;
  const program = `
    import { reportConnection } from ${JSON.stringify(report)};
    const access = { connection: ${JSON.stringify(connection)}, passwordProblem: null };
    const circumstances = { signal: new AbortController().signal };
    await reportConnection(access, circumstances).catch(({ code, message, details }) =>
      console.log(JSON.stringify({ code, message, reason: details.reason })));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { uid: 65_534, gid: 65_534 },
  );
  return JSON.parse(stdout);
}
