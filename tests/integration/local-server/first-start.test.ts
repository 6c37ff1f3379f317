import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalConnection } from '../../../src/main/local-server';
import { findMark, isRoot, leaveMark, Place, query } from './consoles';

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  await place.clear();
});

const mode = (path: string): number => statSync(path).mode & 0o777;

describe('the first start of the local database', () => {
  it('makes a UTF-8 database owned by a role that is no superuser, reachable on loopback only', async () => {
    const server = await place.open();
    const steps: string[] = [];
    const running = await server.ensureRunning({ report: ({ detail }) => steps.push(detail ?? '') });

    expect(running).toMatchObject({
      host: '127.0.0.1',
      database: 'litemaas',
      user: 'litemaas',
      created: true,
      startedByUs: true,
      setAside: [],
    });
    expect(steps.some((step) => step.startsWith('Creating a new database folder'))).toBe(true);
    const [facts] = await query(
      running,
      `select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
              pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding,
              datlocprovider::text as provider, datlocale as locale,
              current_setting('listen_addresses') as addresses,
              current_setting('timezone') as zone,
              current_setting('server_version_num')::int / 10000 as major
         from pg_roles, pg_database
        where rolname = current_user and datname = current_database()`,
    );
    expect(facts).toEqual({
      rolsuper: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolreplication: false,
      rolbypassrls: false,
      owner: 'litemaas',
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
      addresses: '127.0.0.1',
      zone: 'UTC',
      major: 18,
    });
    // The owner may make what the schema needs.
    await query(running, 'create schema test; create extension if not exists pg_trgm');
  });

  // Upper and lower case are others in Turkish, and Node takes the language from there too.
  it.each(['tr_TR.UTF-8', 'ja_JP.UTF-8'])('makes the same database under LC_ALL=%s', async (locale) => {
    const console = await place.spawn({ environment: { LC_ALL: locale, LANG: locale } });
    const running = await console.ask<LocalConnection>('ensureRunning');
    const [facts] = await query(
      running,
      `select datname as name, datlocale as locale, datcollate as collate, datctype as ctype,
              current_setting('lc_messages') as messages, current_setting('lc_numeric') as numeric, lower('TITLE I') as lower
         from pg_database where datname = current_database()`,
    );
    expect(facts).toEqual({
      name: 'litemaas',
      locale: 'C.UTF-8',
      collate: 'C',
      ctype: 'C',
      messages: 'C',
      numeric: 'C',
      lower: 'title i',
    });
  });

  it('asks everybody for a password and keeps it in files that only the owner reads', async () => {
    const server = await place.open();
    const running = await server.ensureRunning();
    await expect(query({ ...running, password: 'wrong' }, 'select 1')).rejects.toMatchObject({
      code: '28P01',
    });
    await expect(query({ ...running, user: 'postgres' }, 'select 1')).rejects.toMatchObject({
      code: '28P01',
    });

    const { serverFolder } = place.folder();
    const current = join(serverFolder, 'current');
    expect(readdirSync(current).sort()).toEqual(['cluster', 'credentials.json', 'server.json', 'server.log']);
    for (const file of ['credentials.json', 'server.json', 'server.log'])
      expect(mode(join(current, file))).toBe(0o600);
    expect(mode(join(current, 'cluster'))).toBe(0o700);
    // Root lends the server another account, whose group may pass through and not read.
    for (const folder of [place.folder().path, serverFolder, current])
      expect(mode(folder)).toBe(isRoot ? 0o710 : 0o700);
    expect(readdirSync(serverFolder)).toEqual(['current']);

    const credentials = readFileSync(join(current, 'credentials.json'), 'utf8');
    expect(credentials).toContain(running.password);
    expect(readFileSync(join(current, 'server.log'), 'utf8')).not.toContain(running.password);
    const settings = readFileSync(join(current, 'cluster', 'pg_hba.conf'), 'utf8').replaceAll(/^#.*$/gm, '');
    expect(settings).not.toMatch(/\b(trust|password|md5|peer)\b/);
    expect(settings).toContain('scram-sha-256');
  });

  it('opens no socket', async () => {
    const server = await place.open();
    const running = await server.ensureRunning();
    const port = String(running.port);
    for (const folder of ['/tmp', '/var/run/postgresql', '/run/postgresql', place.root]) {
      const missing = { ...running, host: folder };
      await expect(
        query(missing, 'select 1'),
        `a socket for port ${port} in ${folder}`,
      ).rejects.toMatchObject({
        code: 'ENOENT',
      });
    }
  });

  it('finds its data again after a quit, without any keychain, on the same port', async () => {
    const first = await place.open();
    const running = await first.ensureRunning();
    await leaveMark(running);
    expect(await first.close()).toBe('fast');
    expect(await first.status()).toMatchObject({ state: 'stopped', processId: null, port: running.port });

    const second = await place.open();
    const again = await second.ensureRunning();
    expect(again).toMatchObject({ created: false, port: running.port, password: running.password });
    expect(await findMark(again)).toBe('here');
  });

  it('takes another port when a stranger listens on the recorded one', async () => {
    const server = await place.open();
    const running = await server.ensureRunning();
    await leaveMark(running);
    await server.close();
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(running.port, '127.0.0.1', resolve));
    try {
      const again = await server.ensureRunning();
      expect(again.port).not.toBe(running.port);
      expect(await findMark(again)).toBe('here');
      expect((await server.describe()).connectionString).toBe(
        `postgresql://litemaas@127.0.0.1:${String(again.port)}/litemaas`,
      );
    } finally {
      stranger.close();
    }
  });

  it('tells size, log, process and port, and no password', async () => {
    const server = await place.open();
    expect(await server.status()).toMatchObject({ state: 'absent', message: null });
    const running = await server.ensureRunning();
    const status = await server.status();
    expect(status).toMatchObject({
      state: 'running',
      startedByUs: true,
      port: running.port,
      otherConsoleProcessId: null,
    });
    const size = await server.size();
    expect(size.clusterBytes).toBeGreaterThan(30_000_000);
    const { lines, path } = await server.log({ lines: 3 });
    expect(lines).toHaveLength(3);
    expect(path).toBe(join(place.folder().serverFolder, 'current', 'server.log'));
    const facts = await server.facts();
    expect(facts.processId).toBe(status.processId);
    expect(Number(facts.sizeOnDiskBytes)).toBeGreaterThan(30_000_000);
    expect(JSON.stringify([status, facts, await server.describe()])).not.toContain(running.password);
  });

  it('sets passwords anew when the file with them is lost or damaged', async () => {
    const server = await place.open();
    const running = await server.ensureRunning();
    await leaveMark(running);
    await server.close();
    writeFileSync(join(place.folder().serverFolder, 'current', 'credentials.json'), '{"version":1,');
    const again = await server.ensureRunning();
    expect(again.password).not.toBe(running.password);
    expect(await findMark(again)).toBe('here');
    await expect(query(running, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it.each(['Creating a new database folder', 'Starting PostgreSQL'])(
    'can be cancelled at "%s" and then leaves neither a process nor a half-made folder in use',
    async (step) => {
      const server = await place.open();
      const cancel = new AbortController();
      const call = server.ensureRunning({
        signal: cancel.signal,
        report: ({ detail }) => {
          // A moment later the program that this step starts is at work.
          if (detail?.startsWith(step) === true)
            setTimeout(() => {
              cancel.abort();
            }, 15);
        },
      });
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      expect((await server.status()).state).not.toBe('running');
      const again = await server.ensureRunning();
      expect(await query(again, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(again.setAside).toEqual([]);
    },
  );
});
