import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEntry, parsePassfile, passfilePath, readPassfile } from './passfile';
import { knownPassword } from './known-password';
import type { Surroundings } from './surroundings';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'litemaas-passfile-'));
  file = join(folder, 'pgpass');
});
afterAll(() => rm(folder, { recursive: true }));

const around = (environment: Record<string, string> = {}): Surroundings => ({
  environment: { PGPASSFILE: file, ...environment },
  homeFolder: folder,
  platform: 'linux',
  userName: 'ana',
});

describe('a line of the password file', () => {
  it('may escape colons and backslashes, and its password may hold anything', () => {
    expect(parsePassfile(String.raw`db\:1:5432:lite\\maas:ana:a:b\:c`)).toEqual([
      { host: 'db:1', port: '5432', database: String.raw`lite\maas`, user: 'ana', password: 'a:b:c' },
    ]);
  });

  it('that is empty, a comment, too short or without a password counts for nothing', () => {
    expect(parsePassfile('\n# a:1:b:c:d\nhost:5432:db:user\nhost:5432:db:user:\n')).toEqual([]);
  });

  it('matches by wildcards, and the first that does counts', () => {
    const entries = parsePassfile('db:5432:*:ana:first\r\n*:*:*:*:last');
    expect(findEntry(entries, { host: 'db', port: 5432, database: 'x', user: 'ana' })?.password).toBe(
      'first',
    );
    expect(findEntry(entries, { host: 'db', port: 5433, database: 'x', user: 'ana' })?.password).toBe('last');
    expect(findEntry(parsePassfile('db:1:d:u:p'), { host: 'other' })).toBeUndefined();
  });

  it('says localhost for the usual socket folders', () => {
    const entries = parsePassfile('localhost:5432:*:*:mine');
    expect(findEntry(entries, { host: '/var/run/postgresql', port: 5432 })?.password).toBe('mine');
    expect(findEntry(entries, { host: '/home/ana/sockets', port: 5432 })).toBeUndefined();
  });
});

describe('the password file', () => {
  it('is ignored where others may read it, as libpq does, and that is said', async () => {
    await writeFile(file, '*:*:*:*:open');
    await chmod(file, 0o640);
    expect(await readPassfile(around())).toEqual({ entries: [], problem: 'permissions' });
    await chmod(file, 0o600);
    expect((await readPassfile(around())).entries).toHaveLength(1);
  });

  it('may be absent or no file', async () => {
    expect(await readPassfile(around({ PGPASSFILE: join(folder, 'absent') }))).toEqual({
      entries: [],
      problem: null,
    });
    expect(await readPassfile(around({ PGPASSFILE: folder }))).toEqual({
      entries: [],
      problem: 'unreadable',
    });
  });

  it('stands where libpq looks for it', () => {
    expect(passfilePath({ ...around(), environment: {} })).toBe(join(folder, '.pgpass'));
    expect(passfilePath({ ...around(), environment: { APPDATA: 'C:\\Data' }, platform: 'win32' })).toContain(
      'pgpass.conf',
    );
  });
});

describe('the password that is known for a server', () => {
  const connection = {
    host: 'db.example.org',
    port: 5432,
    socketFolder: null,
    database: 'litemaas',
    user: 'ana',
    tlsMode: 'verify-full',
    caFile: null,
    clientCertificateFile: null,
    clientKeyFile: null,
    channelBinding: 'prefer',
    weakSignInAllowed: false,
  } as const;

  it('is PGPASSWORD for the server that the environment names, and for no other', async () => {
    const environment = { PGHOST: 'db.example.org', PGPASSWORD: 'secret', PGPASSFILE: '/nonexistent' };
    expect(await knownPassword(connection, around(environment))).toBe('secret');
    expect(
      await knownPassword({ ...connection, host: 'evil.example.org' }, around(environment)),
    ).toBeUndefined();
    expect(await knownPassword({ ...connection, user: 'eve' }, around(environment))).toBeUndefined();
    expect(
      await knownPassword(connection, around({ PGPASSWORD: 'secret', PGPASSFILE: '/nonexistent' })),
    ).toBeUndefined();
  });

  it('is the password file’s else', async () => {
    await writeFile(file, 'db.example.org:5432:litemaas:ana:kept');
    await chmod(file, 0o600);
    expect(await knownPassword(connection, around())).toBe('kept');
    expect(await knownPassword({ ...connection, database: 'other' }, around())).toBeUndefined();
  });
});
