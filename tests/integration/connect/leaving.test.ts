import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withLongReads } from '../../../src/main/browse/long-read';
import { createConsoleState } from '../../../src/main/kernel/console-state';
import { createJobs } from '../../../src/main/kernel/jobs';
import { openDatabase } from '../../../src/main/postgres/database';
import type { LocalServer } from '../../../src/main/local-server';
import { toErrorEnvelope } from '../../../src/main/router/error-envelope';
import { withReadOnlySession } from '../../../src/main/sql/read-only-session';
import { serverProfile } from '../../../src/main/workspace/new-profile';
import { openProfiles, type ProfileStore } from '../../../src/main/workspace/profiles';
import { createSecretStore } from '../../../src/main/workspace/secrets/create-secret-store';
import { createSession, type Session } from '../../../src/main/workspace/session';
import { connectionTo } from '../../support/connection-fields';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { asAdmin, migrationsFolder } from '../../support/postgres-cluster';

/** What becomes of work in a database that is left. */
let testDatabase: TestDatabase;
const { signal } = new AbortController();

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

it('what still runs is cancelled: leaving waits for no export and no count', async () => {
  const database = openDatabase({ config: testDatabase.config, readOnly: false });
  let began = (): void => undefined;
  const isBegun = new Promise<void>((resolve) => (began = resolve));
  const counting = withLongReads(database).read(signal, async ({ client }) => {
    const answer = client.query('SELECT pg_sleep(600)');
    began();
    await answer;
  });
  const outcome = expect(counting).rejects.toMatchObject({ code: 'cancelled' });
  await isBegun;
  expect(database.closing.aborted).toBe(false);
  await database.close();
  expect(database.closing.aborted).toBe(true);
  await outcome;
  await expect(database.read(signal, () => Promise.resolve())).rejects.toMatchObject({ code: 'cancelled' });
});

it('calls at work listen for it, as many as there are, and leave nothing behind', async () => {
  const database = openDatabase({ config: testDatabase.config, readOnly: false });
  const warnings: string[] = [];
  const onWarning = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', onWarning);
  const ask =
    (statement: string) =>
    async ({ client }: { readonly client: pg.ClientBase }) => {
      await client.query(statement);
    };
  const own = (): AbortSignal => new AbortController().signal;
  const cancelledSoon = (): AbortSignal => AbortSignal.timeout(20);
  try {
    const calls = ['SELECT 1', 'SELECT 1/0'].flatMap((statement) =>
      Array.from({ length: 6 }, () => [
        database.read(own(), ask(statement)),
        database.write(own(), ask(statement)),
        database.read(cancelledSoon(), ask('SELECT pg_sleep(600)')),
        withReadOnlySession(database, own(), 5_000, ask(statement)),
        withReadOnlySession(database, cancelledSoon(), 5_000, ask('SELECT pg_sleep(600)')),
      ]).flat(),
    );
    expect(getEventListeners(database.closing, 'abort').length).toBeGreaterThan(10);
    await Promise.allSettled(calls);
    expect(getEventListeners(database.closing, 'abort')).toEqual([]);
    expect(warnings).toEqual([]);
  } finally {
    process.off('warning', onWarning);
    await database.close();
  }
});

describe('a session', () => {
  let folder: string;
  let profiles: ProfileStore;
  let session: Session;
  let stopJobs: () => Promise<void>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'litemaas-leaving-'));
    profiles = openProfiles(folder);
    stopJobs = () => Promise.resolve();
    const jobs = createJobs({ onChange: () => undefined, toEnvelope: toErrorEnvelope });
    session = createSession({
      state: createConsoleState(() => jobs),
      secrets: createSecretStore([]),
      log: { write: () => undefined, error: () => undefined },
      migrationsFolder,
      localServer: {} as LocalServer,
      profiles,
      surroundings: { environment: {}, homeFolder: folder, platform: 'linux', userName: 'ana' },
      checkRows: true,
      afterOpening: () => Promise.resolve(),
      stopJobs: () => stopJobs(),
    });
  });
  afterEach(async () => {
    await session.close();
    await rm(folder, { recursive: true });
  });

  const newProfile = (name: string) =>
    serverProfile(randomUUID(), connectionTo(testDatabase), {
      name,
      environmentLabel: '',
      colour: '',
      access: 'administer',
      operatorUserId: null,
      reportingTimeZone: 'UTC',
      runsDue: false,
    });
  const open = async (name: string, prepare?: () => Promise<void>) => {
    const profile = newProfile(name);
    await profiles.save(profile);
    return session.open(profile, undefined, signal, () => undefined, prepare);
  };

  it('that two windows open something in at once keeps one of them and closes the others', async () => {
    const first = await open('First');
    // Leaving the first takes long enough for both to stand before it.
    stopJobs = async () => {
      await asAdmin(testDatabase.cluster, (client) => client.query('SELECT pg_sleep(0.5)'));
    };
    const opened = [first, ...(await Promise.all([open('Second'), open('Third')]))];
    const stillOpen = opened.filter(({ database }) => !database.closing.aborted);
    expect(stillOpen.map(({ id }) => id)).toEqual([session.current()?.id]);
  });

  it('keeps how LiteLLM is reached without undoing what another console changed', async () => {
    const opened = await open('First');
    const kept = (await profiles.load()).profiles;
    expect(kept).toMatchObject([{ lastOpenedAt: expect.any(String) as string }]);
    const elsewhere = openProfiles(folder);
    await elsewhere.save({ ...opened.profile, name: 'Renamed elsewhere' });
    const litellm = { baseUrl: 'https://proxy.test', headerName: 'Authorization', caFile: null, proxy: null };
    await opened.keepLitellm(litellm);
    expect((await profiles.load()).profiles).toEqual([{ ...kept[0], name: 'Renamed elsewhere', litellm }]);
    expect(session.current()?.profile.litellm).toEqual(litellm);
    await elsewhere.remove(opened.id);
    await opened.keepLitellm(null);
    expect((await profiles.load()).profiles).toEqual([]);
  });
});
