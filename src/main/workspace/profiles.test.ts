import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProfiles, type Profile } from './profiles';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'litemaas-profiles-'));
  file = join(folder, 'profiles.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function profile(changes: Partial<Profile> = {}): Profile {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    name: 'Production',
    kind: 'server',
    environmentLabel: 'production',
    colour: 'red',
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
    access: 'read-only',
    litellm: { baseUrl: 'https://proxy.example.org', headerName: 'Authorization', caFile: null, proxy: null },
    operatorUserId: null,
    reportingTimeZone: 'Europe/Vienna',
    runsDue: false,
    superuserAccepted: null,
    lastOpenedAt: null,
    ...changes,
  };
}
const otherId = '22222222-2222-4222-8222-222222222222';

describe('the list of profiles', () => {
  it('is empty on a new data folder, and nothing is written by looking', async () => {
    expect(await openProfiles(folder).load()).toEqual({ profiles: [], setAside: null });
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps, replaces and removes profiles by their id', async () => {
    const store = openProfiles(folder);
    await store.save(profile());
    await store.save(profile({ id: otherId, name: 'Test' }));
    await store.save(profile({ name: 'Renamed' }));
    const { profiles } = await openProfiles(folder).load();
    expect(profiles.map(({ name }) => name).sort()).toEqual(['Renamed', 'Test']);
    expect(await store.remove(otherId)).toBe(true);
    expect(await store.remove(otherId)).toBe(false);
    expect((await store.load()).profiles).toEqual([profile({ name: 'Renamed' })]);
  });

  it('reads the file of a console that knew no client certificates', async () => {
    const { clientCertificateFile, clientKeyFile, ...before } = profile();
    await writeFile(file, JSON.stringify({ version: 1, profiles: [before] }));
    const store = openProfiles(folder);
    expect(await store.load()).toEqual({
      profiles: [{ ...before, clientCertificateFile, clientKeyFile }],
      setAside: null,
    });
    await store.save(profile({ clientCertificateFile: '/certificates/ana.pem' }));
    expect((await store.load()).profiles[0]?.clientCertificateFile).toBe('/certificates/ana.pem');
  });

  it('reads profiles from before channel binding and weak sign-in could be chosen', async () => {
    const { channelBinding, weakSignInAllowed, ...before } = profile();
    await writeFile(file, JSON.stringify({ version: 2, profiles: [before] }));
    expect((await openProfiles(folder).load()).profiles).toEqual([
      { ...before, channelBinding, weakSignInAllowed },
    ]);
    expect([channelBinding, weakSignInAllowed]).toEqual(['prefer', false]);
  });

  it('reads the file of a console that asked no superuser, and takes nothing for chosen', async () => {
    const { superuserAccepted, ...before } = profile();
    await writeFile(file, JSON.stringify({ version: 2, profiles: [before] }));
    expect(await openProfiles(folder).load()).toEqual({
      profiles: [{ ...before, superuserAccepted }],
      setAside: null,
    });
  });

  it('is a file that only the owner reads, without temporary files or locks beside it', async () => {
    await openProfiles(folder).save(profile());
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['profiles.json']);
  });

  it('changes some fields of a profile and leaves what another console made of the others', async () => {
    const store = openProfiles(folder);
    await store.save(profile());
    await openProfiles(folder).save(profile({ name: 'Renamed elsewhere' }));
    await store.patch(profile().id, { litellm: null });
    expect((await store.load()).profiles).toEqual([profile({ name: 'Renamed elsewhere', litellm: null })]);
    await store.remove(profile().id);
    await store.patch(profile().id, { litellm: null });
    expect((await store.load()).profiles).toEqual([]);
  });

  it('loses nothing when two consoles change it at once', async () => {
    const [first, second] = [openProfiles(folder), openProfiles(folder)];
    const ids = Array.from(
      { length: 8 },
      (_, index) => `33333333-3333-4333-8333-33333333333${String(index)}`,
    );
    await Promise.all(ids.map((id, index) => (index % 2 === 0 ? first : second).save(profile({ id }))));
    const { profiles } = await openProfiles(folder).load();
    expect(profiles.map(({ id }) => id).sort()).toEqual(ids);
  });

  it.each([
    ['a password', { password: 'secret' }],
    ['an unknown TLS mode', { tlsMode: 'prefer' }],
    ['port 0', { port: 0 }],
    ['no name', { name: ' ' }],
    [
      'a proxy address that is none',
      { litellm: { baseUrl: 'file:///etc', headerName: 'a', caFile: null, proxy: null } },
    ],
  ])('refuses a profile with %s and stays as it was', async (_, changes) => {
    const store = openProfiles(folder);
    await store.save(profile());
    await expect(store.save({ ...profile(), ...changes } as Profile)).rejects.toThrow();
    expect((await store.load()).profiles).toEqual([profile()]);
  });

  it.each([
    ['damaged', '{"version":1,"profiles":['],
    ['empty', ''],
    ['written by a newer console', JSON.stringify({ version: 3, profiles: [], folders: [] })],
    ['foreign', JSON.stringify({ version: 1, profiles: [{ id: 'x' }] })],
  ])('that is %s counts as empty, and its content is kept under a name that is told', async (_, content) => {
    await writeFile(file, content);
    const store = openProfiles(folder);
    const { profiles, setAside } = await store.load();
    expect(profiles).toEqual([]);
    expect(setAside).toMatch(/^profiles-unreadable-[0-9a-f]{8}\.json$/);
    expect(await readFile(join(folder, setAside ?? ''), 'utf8')).toBe(content);
    // The newer console may still come back to its file: only a change takes its place.
    expect(await readFile(file, 'utf8')).toBe(content);

    await store.load();
    await store.save(profile());
    expect(await store.load()).toEqual({ profiles: [profile()], setAside });
    expect(await readFile(join(folder, setAside ?? ''), 'utf8')).toBe(content);
    expect((await readdir(folder)).sort()).toEqual([setAside, 'profiles.json'].sort());
  });
});
