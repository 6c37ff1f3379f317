import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldsOfKeywords } from './libpq-fields';
import { parseServiceFile, readServices } from './service-file';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'litemaas-services-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a service file', () => {
  it('has sections of keywords and values', () => {
    const services = parseServiceFile(
      '# mine\n[production]\nhost=db.example.org\n port = 6432 \ndbname=lite maas\n',
    );
    expect(Object.fromEntries(services.get('production') ?? [])).toEqual({
      host: 'db.example.org',
      port: '6432',
      dbname: 'lite maas',
    });
  });

  it('leaves a section out that it does not understand whole', () => {
    const services = parseServiceFile('[ldap]\nldap://x/y\nhost=a\n[nested]\nservice=other\n[good]\nhost=b');
    expect([...services.keys()]).toEqual(['good']);
  });

  it('counts the first of two sections with one name', () => {
    expect(parseServiceFile('[a]\nhost=first\n[a]\nhost=second').get('a')?.get('host')).toBe('first');
  });

  it('is read from the person’s own file and the system’s, the own first', async () => {
    await writeFile(join(folder, '.pg_service.conf'), '[a]\nhost=own\n');
    await writeFile(join(folder, 'pg_service.conf'), '[a]\nhost=system\n[b]\nhost=system\n');
    const services = await readServices({
      environment: { PGSYSCONFDIR: folder },
      homeFolder: folder,
      platform: 'linux',
      userName: 'ana',
    });
    expect(services.map(({ name, settings }) => [name, settings.get('host')])).toEqual([
      ['a', 'own'],
      ['b', 'system'],
    ]);
  });
});

it('libpq’s keywords fill the form only where they mean something here', () => {
  const fields = (settings: Record<string, string>) => fieldsOfKeywords((name) => settings[name]);
  expect(
    fields({ host: '/run/postgresql', port: '5433', sslmode: 'verify-full', sslrootcert: '/ca.pem' }),
  ).toEqual({
    host: null,
    socketFolder: '/run/postgresql',
    port: 5433,
    tlsMode: 'verify-full',
    caFile: '/ca.pem',
  });
  expect(fields({ host: 'a,b', port: '0', sslmode: 'prefer', sslrootcert: 'system', user: '' })).toEqual({});
});
