import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { type BrowserClient, openBrowserClient } from '../contract/browser-client';
import { fields } from './connecting';

/** A workspace from its first connection to its end, asked over browser mode. */
let server: OwnServer;
let client: BrowserClient;
const settings = {
  name: 'Production',
  environmentLabel: 'production',
  colour: 'red',
  access: 'read-only',
  operatorUserId: null,
  reportingTimeZone: 'Europe/Vienna',
} as const;
const connection = () => fields({ port: server.cluster.port, user: 'ana' });

beforeAll(async () => {
  [server, client] = await Promise.all([startOwnServer(), openBrowserClient('profiles-test')]);
  await server.admin(async (admin) => {
    await admin.query(`CREATE ROLE ana LOGIN PASSWORD 'rechts'`);
    await admin.query(`CREATE ROLE eve LOGIN PASSWORD 'andere'`);
    await admin.query('CREATE DATABASE second');
  });
  await server.setAccess('host all all 127.0.0.1/32 scram-sha-256');
}, 60_000);
afterAll(async () => {
  await client.close();
  await server.remove();
});

describe('a workspace', () => {
  let workspaceId: string;

  it('is not kept when it could not be opened', async () => {
    const input = { connection: connection(), settings, password: 'falsch', rememberPassword: true };
    await expect(client.ask('workspace', 'connect', input)).rejects.toMatchObject({ code: 'db_auth' });
    await expect(
      client.ask('workspace', 'connect', {
        ...input,
        settings: { ...settings, reportingTimeZone: 'Mars/Olympus' },
      }),
    ).rejects.toMatchObject({ code: 'validation' });
    expect((await client.ask('workspace', 'list', {})).profiles).toEqual([]);
  });

  it('is kept with all its settings and without its password', async () => {
    const input = { connection: connection(), settings, password: 'rechts', rememberPassword: true };
    ({ workspaceId } = await client.ask('workspace', 'connect', input));
    expect(await client.ask('workspace', 'get', { workspaceId })).toMatchObject({
      settings,
      connection: connection(),
      password: 'stored',
    });
    expect(readFileSync(join(client.dataFolder, 'profiles.json'), 'utf8')).not.toContain('rechts');
    const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace).toMatchObject({ passport: { kind: 'empty' }, schema: 'empty', access: 'read-only' });
  });

  it('uses its stored password for its own target, and for no other', async () => {
    expect((await client.ask('workspace', 'test', { connection: connection(), workspaceId })).role.name).toBe(
      'ana',
    );
    for (const changed of [{ user: 'eve' }, { database: 'second' }, { host: 'localhost' }]) {
      await expect(
        client.ask('workspace', 'test', { connection: { ...connection(), ...changed }, workspaceId }),
      ).rejects.toMatchObject({ code: 'db_auth', details: { password: 'needed' } });
    }
  });

  it('changes its name, label and colour while it is open, without a new connection', async () => {
    const renamed = { ...settings, name: 'Live', colour: 'amber' as const };
    await client.ask('workspace', 'update', { workspaceId, settings: renamed });
    const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace).toMatchObject({ name: 'Live', colour: 'amber' });
  });

  it('asks for the password again when its target changes, and stays as it was until it has it', async () => {
    const moved = { ...connection(), user: 'eve' };
    const input = { workspaceId, settings, connection: moved };
    await expect(client.ask('workspace', 'update', input)).rejects.toMatchObject({
      code: 'db_auth',
      details: { password: 'needed' },
    });
    expect((await client.ask('workspace', 'get', { workspaceId })).connection.user).toBe('ana');
    await client.ask('workspace', 'update', { ...input, password: 'andere', rememberPassword: true });
    expect(await client.ask('workspace', 'get', { workspaceId })).toMatchObject({
      connection: { user: 'eve' },
      password: 'stored',
    });
    const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace?.location).toContain('eve@');
  });

  it('that is closed asks when it is opened again', async () => {
    await client.ask('workspace', 'close', {});
    await client.ask('workspace', 'update', { workspaceId, settings, connection: connection() });
    await expect(client.ask('workspace', 'open', { workspaceId })).rejects.toMatchObject({
      code: 'db_auth',
      details: { password: 'needed' },
    });
    await client.ask('workspace', 'open', { workspaceId, password: 'rechts', rememberPassword: true });
    await client.ask('workspace', 'close', {});
    await client.ask('workspace', 'open', { workspaceId });
  });

  it('asks for its password each time while that is not to be remembered', async () => {
    const [stays, needed] = [{ workspaceId, settings }, { details: { password: 'needed' } }];
    const stored = async () => (await client.ask('workspace', 'get', { workspaceId })).password;
    await client.ask('workspace', 'update', { ...stays, rememberPassword: false });
    expect(await stored()).toBe('absent');
    await client.ask('workspace', 'close', {});
    await expect(client.ask('workspace', 'open', { workspaceId })).rejects.toMatchObject(needed);
    await client.ask('workspace', 'open', { workspaceId, password: 'rechts', rememberPassword: false });
    expect(await stored()).toBe('absent');
    await client.ask('workspace', 'update', { ...stays, password: 'rechts', rememberPassword: false });
    expect(await stored()).toBe('absent');
    await client.ask('workspace', 'close', {});
    await expect(client.ask('workspace', 'open', { workspaceId })).rejects.toMatchObject(needed);
    await client.ask('workspace', 'open', { workspaceId, password: 'rechts', rememberPassword: true });
    await client.ask('workspace', 'update', stays);
    expect(await stored()).toBe('stored');
  });

  it('takes the password of a pasted URI only for the place it stood beside', async () => {
    const uri = `postgresql://ana:rechts@127.0.0.1:${String(server.cluster.port)}/postgres`;
    expect((await client.ask('workspace', 'test', { connection: connection(), uri })).role.name).toBe('ana');
    const elsewhere = { ...connection(), user: 'eve' };
    await expect(client.ask('workspace', 'test', { connection: elsewhere, uri })).rejects.toMatchObject({
      details: { reason: 'password_needed' },
    });
  });

  it('is removed without its data, which is the server’s, and with what was run in it', async () => {
    await client.ask('workspace', 'open', { workspaceId });
    await client.ask('sql', 'run', { statement: 'SELECT 1' });
    const history = join(client.dataFolder, 'sql-history', `${workspaceId}.json`);
    expect(existsSync(history)).toBe(true);
    await expect(client.ask('workspace', 'forget', { workspaceId, withData: true })).rejects.toMatchObject({
      code: 'validation',
    });
    expect(await client.ask('workspace', 'forget', { workspaceId, withData: false })).toEqual({
      deletedBytes: null,
    });
    expect(existsSync(history)).toBe(false);
    expect((await client.ask('app', 'watch', { sinceRevision: -1 })).workspace).toBeNull();
    await expect(client.ask('workspace', 'open', { workspaceId })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

it('a workspace loses its password when it is removed, even where its history stays', async () => {
  const input = { connection: connection(), settings, password: 'rechts', rememberPassword: true };
  const { workspaceId } = await client.ask('workspace', 'connect', input);
  mkdirSync(join(client.dataFolder, 'sql-history', `${workspaceId}.json`));
  await client.ask('workspace', 'forget', { workspaceId, withData: false });
  const known = { connection: connection(), workspaceId };
  await expect(client.ask('workspace', 'test', known)).rejects.toMatchObject({
    details: { password: 'needed' },
  });
});

describe('the local database', () => {
  it(
    'is removed with its data: exactly its folder, its server stopped first',
    { timeout: 120_000 },
    async () => {
      const { workspaceId } = await client.ask('workspace', 'setUpLocal', { demo: false });
      const { dataFolder } = (await client.ask('workspace', 'list', {})).local;
      const before = await client.ask('workspace', 'get', { workspaceId });
      expect(before).toMatchObject({ kind: 'local', connection: { host: '127.0.0.1' } });
      expect(Number(before.localDataBytes)).toBeGreaterThan(10_000_000);
      await expect(
        client.ask('workspace', 'update', {
          workspaceId,
          settings: before.settings,
          connection: connection(),
        }),
      ).rejects.toMatchObject({ code: 'validation' });

      // Whoever moved the data elsewhere and left a link must not lose it.
      await client.ask('database', 'stopServer', {});
      const [folder, moved] = [join(dataFolder, 'current'), join(dataFolder, 'moved-by-hand')];
      renameSync(folder, moved);
      symlinkSync(moved, folder);
      await expect(client.ask('workspace', 'forget', { workspaceId, withData: true })).rejects.toMatchObject({
        code: 'local_server',
      });
      expect(existsSync(join(moved, 'cluster', 'PG_VERSION'))).toBe(true);
      expect((await client.ask('workspace', 'list', {})).profiles).toHaveLength(1);

      expect(lstatSync(folder).isSymbolicLink()).toBe(true);
      renameSync(folder, join(dataFolder, 'link'));
      renameSync(moved, folder);
      const neighbour = join(dataFolder, 'set-aside-of-a-test');
      mkdirSync(neighbour);
      symlinkSync(neighbour, join(folder, 'link-out'));
      const { deletedBytes } = await client.ask('workspace', 'forget', { workspaceId, withData: true });
      expect(Number(deletedBytes)).toBeGreaterThan(10_000_000);
      expect(existsSync(folder)).toBe(false);
      expect(existsSync(neighbour)).toBe(true);
      const { profiles, local } = await client.ask('workspace', 'list', {});
      expect({ profiles, state: local.state }).toEqual({ profiles: [], state: 'absent' });
    },
  );
});

it('what a form contradicts is refused by the field', async () => {
  const input = (changes: object) => ({ connection: { ...connection(), ...changes } });
  for (const [changes, field] of [
    [{ host: null }, 'host'],
    [{ socketFolder: '/tmp' }, 'host'],
    [{ caFile: 'ca.pem' }, 'caFile'],
    [{ clientCertificateFile: '/cert.pem', tlsMode: 'verify-full' }, 'clientKeyFile'],
    [{ clientCertificateFile: '/cert.pem', clientKeyFile: '/key.pem' }, 'clientCertificateFile'],
  ] as const) {
    await expect(client.ask('workspace', 'test', input(changes))).rejects.toMatchObject({
      code: 'validation',
      details: { field },
    });
  }
});
