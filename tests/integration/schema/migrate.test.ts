import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import {
  migrate,
  type MigrationStatus,
  migrationStatus,
  preflight,
  readMigrations,
  readRoutines,
} from '../../../src/main/postgres/migrate';
import { AppError } from '../../../src/shared/errors';
import { createLitellmSchema, createLitemaasSchema } from '../../support/other-schemas';
import { asAdmin, connectionTo, migrationsFolder } from '../../support/postgres-cluster';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { describeSchema } from './describe-schema';

const opened: TestDatabase[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const database of opened.splice(0)) await database.drop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function emptyDatabase(major: 18 | 15 = 18): Promise<TestDatabase> {
  const database = await createTestDatabase({ major, migrated: false });
  opened.push(database);
  return database;
}

async function using<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await openTestSession(config);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A copy of the migrations that ends after `count` of them, as an older console had it. */
async function folderWith(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'litemaas-migrations-'));
  folders.push(folder);
  await cp(migrationsFolder, folder, { recursive: true });
  const journalPath = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(await readFile(journalPath, 'utf8')) as { entries: unknown[] };
  await writeFile(journalPath, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  // Routines fit the newest tables only.
  if (count < journal.entries.length) await rm(join(folder, 'routines'), { recursive: true });
  return folder;
}

/** Names of everything a console of today applies, in order. */
async function allNames(): Promise<string[]> {
  const files = [await readMigrations(migrationsFolder), await readRoutines(migrationsFolder)];
  return files.flat().map(({ name }) => name);
}

/** In pg_locks: a migration that waits at the statement holdMigration appended to it. */
const waiting = `locktype = 'advisory' AND objid = 4711 AND NOT granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** The template database was migrated without interruption. */
async function schemaInOneGo(major: 18 | 15): Promise<unknown> {
  const database = await createTestDatabase({ major });
  opened.push(database);
  return schemaOf(database);
}

const schemaOf = (database: TestDatabase): Promise<unknown> => using(database.config, describeSchema);

describeOnEachPostgres('migrating', (major) => {
  it('brings an empty database to the newest schema and then has nothing to do', async () => {
    const database = await emptyDatabase(major);
    const names = await allNames();
    const reports: string[] = [];
    const first = await migrate(database.config, {
      folder: migrationsFolder,
      report: ({ detail }) => detail !== undefined && reports.push(detail),
    });
    expect(first).toEqual({ applied: names, changed: [] });
    expect(reports).toEqual(names);
    expect(await migrate(database.config, { folder: migrationsFolder })).toEqual({
      applied: [],
      changed: [],
    });
    const statuses = await using(database.config, (client) => migrationStatus(client, migrationsFolder));
    expect(statuses.map(({ name, state }) => ({ name, state }))).toEqual(
      names.map((name) => ({ name, state: 'applied' })),
    );
    for (const { appliedAt, purpose } of statuses) {
      expect(appliedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      expect(purpose).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('ends in the same schema when it was stopped after any file', async () => {
    const expected = await schemaInOneGo(major);
    const { length } = await readMigrations(migrationsFolder);
    const interrupted = await emptyDatabase(major);
    for (let count = 1; count <= length; count += 1) {
      const { applied } = await migrate(interrupted.config, { folder: await folderWith(count) });
      expect(applied.filter((name) => !name.startsWith('routines/'))).toHaveLength(1);
    }
    expect(await schemaOf(interrupted)).toEqual(expected);
  });

  it('ends in the same schema when its connection was killed in the middle of every file', async () => {
    const expected = await schemaInOneGo(major);
    const interrupted = await emptyDatabase(major);
    for (const [index, victim] of (await readMigrations(migrationsFolder)).entries()) {
      const held = await holdMigration(interrupted, victim.when);
      const running = migrate(interrupted.config, { folder: held.folder });
      running.catch(() => undefined);
      await held.killMigration();
      await expect(running).rejects.toThrow();
      await held.release();
      const statuses = await using(interrupted.config, (client) => migrationStatus(client, migrationsFolder));
      expect(statuses.filter(({ state }) => state === 'applied')).toHaveLength(index);
    }
    const { applied } = await migrate(interrupted.config, { folder: migrationsFolder });
    const [last, ...routines] = applied;
    expect(last).toBe((await readMigrations(migrationsFolder)).at(-1)?.name);
    expect(routines).toHaveLength((await readRoutines(migrationsFolder)).length);
    expect(await schemaOf(interrupted)).toEqual(expected);
  }, 120_000);

  it('lets several consoles migrate at once', async () => {
    const database = await emptyDatabase(major);
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => migrate(database.config, { folder: migrationsFolder })),
    );
    const counts = outcomes.map(({ applied }) => applied.length).sort((a, b) => a - b);
    expect(counts).toEqual([0, 0, (await allNames()).length]);
  });
});

/**
 * Makes the migration `when` wait inside its transaction: its file is extended by a statement that waits for a lock
 * this test holds.
 */
async function holdMigration(
  database: TestDatabase,
  when: number,
): Promise<{ folder: string; killMigration: () => Promise<void>; release: () => Promise<void> }> {
  const folder = await folderWith(100);
  const { name } = (await readMigrations(folder)).find((migration) => migration.when === when) ?? {
    name: '',
  };
  const path = join(folder, `${name}.sql`);
  await writeFile(path, `${await readFile(path, 'utf8')}\nSELECT pg_advisory_xact_lock(4711);\n`);
  // The files before it must be the real ones by hash; only the victim differs.
  const holder = await openTestSession(database.adminConfig);
  await holder.query('SELECT pg_advisory_lock(4711)');
  return {
    folder,
    async killMigration() {
      for (;;) {
        const { rowCount } = await holder.query(
          `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE ${waiting}`,
        );
        if (rowCount === 1) return;
        await delay(10);
      }
    },
    release: () => holder.end(),
  };
}

it('runs in UTC and waits for locks as long as meant, whatever the database sets', async () => {
  const database = await emptyDatabase();
  await asAdmin(database.cluster, async (client) => {
    await client.query(`ALTER DATABASE ${database.name} SET TimeZone = 'Asia/Kolkata'`);
    await client.query(`ALTER DATABASE ${database.name} SET lock_timeout = '1ms'`);
    await client.query(`ALTER DATABASE ${database.name} SET statement_timeout = '1min'`);
    await client.query(`ALTER DATABASE ${database.name} SET search_path = pg_catalog`);
  });
  const folder = await folderWith(1);
  const settings = `SELECT name, setting FROM pg_settings
    WHERE name IN ('TimeZone', 'lock_timeout', 'statement_timeout', 'search_path')`;
  const path = join(folder, '0000_base_tables.sql');
  await writeFile(path, `${await readFile(path, 'utf8')}\nCREATE TABLE public.settings AS ${settings};\n`);
  await migrate(database.config, { folder });
  const { rows } = await using(database.config, (client) =>
    client.query('SELECT setting FROM public.settings ORDER BY lower(name)'),
  );
  expect(rows.map(({ setting }: { setting: string }) => setting)).toEqual([
    '10000',
    'pg_catalog, pg_temp',
    '0',
    'UTC',
  ]);
});

describe('what migrating refuses', () => {
  it('does nothing to a database that is ahead of this console', async () => {
    const database = await emptyDatabase();
    await migrate(database.config, { folder: migrationsFolder });
    const older = await folderWith(5);
    await expect(migrate(database.config, { folder: older })).rejects.toMatchObject({ code: 'db_ahead' });
    const statuses = await using(database.config, (client) => migrationStatus(client, older));
    expect(statuses.filter(({ state }) => state === 'unknown')).toHaveLength((await allNames()).length - 5);
  });

  it('never puts the older text of a routine back, and puts a newer one in place', async () => {
    const database = await emptyDatabase();
    const file = join('routines', '220_usage_statistics.sql');
    const folderOf = async (number: number, comment: string): Promise<string> => {
      const folder = await folderWith(100);
      const text = await readFile(join(folder, file), 'utf8');
      await writeFile(
        join(folder, file),
        `${text.replace(/^-- litemaas: routine \d+$/m, `-- litemaas: routine ${number}`)}
COMMENT ON VIEW public.usage_statistics IS '${comment}';\n`,
      );
      return folder;
    };
    const older = await folderOf(2, 'older');
    const newer = await folderOf(3, 'newer');
    const comment = (): Promise<unknown> =>
      using(database.config, async (client) => {
        const { rows } = await client.query(
          `SELECT obj_description('public.usage_statistics'::regclass, 'pg_class') AS value`,
        );
        return (rows[0] as { value: unknown }).value;
      });

    await migrate(database.config, { folder: older });
    expect(await comment()).toBe('older');
    expect(await migrate(database.config, { folder: newer })).toEqual({
      applied: ['routines/220_usage_statistics'],
      changed: [],
    });
    expect(await comment()).toBe('newer');
    await expect(migrate(database.config, { folder: older })).rejects.toMatchObject({ code: 'db_ahead' });
    expect(await comment()).toBe('newer');
    const statuses = await using(database.config, (client) => migrationStatus(client, older));
    expect(statuses.filter(({ state }) => state !== 'applied')).toMatchObject([
      { name: 'routines/220_usage_statistics', state: 'unknown' },
    ]);
    // The same number with another text: nobody's change to make silently.
    const edited = await folderOf(3, 'edited');
    expect(await migrate(database.config, { folder: edited })).toEqual({
      applied: [],
      changed: ['routines/220_usage_statistics'],
    });
    expect(await comment()).toBe('newer');
  });

  it('names an applied file that changed since, and takes other line ends for the same file', async () => {
    const database = await emptyDatabase();
    await migrate(database.config, { folder: migrationsFolder });
    const folder = await folderWith(100);
    const changedPath = join(folder, '0004_default_team.sql');
    await writeFile(changedPath, `${await readFile(changedPath, 'utf8')}-- edited\n`);
    const crlfPath = join(folder, '0001_api_key_models.sql');
    await writeFile(crlfPath, (await readFile(crlfPath, 'utf8')).replaceAll('\n', '\r\n'));
    expect(await migrate(database.config, { folder })).toEqual({
      applied: [],
      changed: ['0004_default_team'],
    });
    const statuses = await using(database.config, (client) => migrationStatus(client, folder));
    expect(
      statuses.filter(({ state }) => state !== 'applied').map(({ name, state }) => [name, state]),
    ).toEqual([['0004_default_team', 'changed']]);
  });

  it('applies a migration that was added before the newest applied one', async () => {
    const database = await emptyDatabase();
    const folder = await folderWith(3);
    const journalPath = join(folder, 'meta', '_journal.json');
    const complete = await readFile(journalPath, 'utf8');
    const journal = JSON.parse(complete) as { entries: { tag: string }[] };
    const entries = journal.entries.filter(({ tag }) => tag !== '0001_api_key_models');
    await writeFile(journalPath, JSON.stringify({ ...journal, entries: entries.slice(0, 1) }));
    await migrate(database.config, { folder });
    await writeFile(journalPath, complete);
    expect((await migrate(database.config, { folder })).applied).toEqual([
      '0001_api_key_models',
      '0002_multi_model_api_keys',
    ]);
  });

  it('says which GRANT is missing', async () => {
    const database = await emptyDatabase();
    await asAdmin(database.cluster, async (client) => {
      await client.query('DROP ROLE IF EXISTS "Guest"');
      await client.query('CREATE ROLE "Guest" LOGIN');
    });
    const guest = connectionTo(database.cluster, database.name, 'Guest');
    const refusal = migrate(guest, { folder: migrationsFolder });
    await expect(refusal).rejects.toMatchObject({
      code: 'db_permission',
      hint: `GRANT CREATE ON DATABASE ${database.name} TO "Guest";`,
    });
    const checks = await using(guest, preflight);
    expect(checks.filter(({ ok }) => !ok).map(({ hint }) => hint)).toEqual([
      `GRANT CREATE ON DATABASE ${database.name} TO "Guest";`,
      'GRANT USAGE, CREATE ON SCHEMA public TO "Guest";',
    ]);
    for (const { hint } of checks) {
      if (hint !== null) await asAdmin(database.cluster, (client) => client.query(hint), database.name);
    }
    expect((await migrate(guest, { folder: migrationsFolder })).applied).toEqual(await allNames());
    await using(database.adminConfig, (client) => client.query('DROP OWNED BY "Guest" CASCADE'));
  });

  it('says which GRANT is missing to look at a migrated database', async () => {
    const database = await createTestDatabase();
    opened.push(database);
    await asAdmin(database.cluster, async (client) => {
      await client.query('DROP ROLE IF EXISTS onlooker');
      await client.query('CREATE ROLE onlooker LOGIN');
    });
    const onlooker = connectionTo(database.cluster, database.name, 'onlooker');
    const grants =
      'GRANT USAGE ON SCHEMA drizzle TO onlooker; GRANT SELECT ON drizzle.__drizzle_migrations TO onlooker;';
    const look = (): Promise<readonly MigrationStatus[]> =>
      using(onlooker, (client) => migrationStatus(client, migrationsFolder));
    await expect(look()).rejects.toMatchObject({ code: 'db_permission', hint: `As the owner: ${grants}` });
    expect((await using(onlooker, preflight)).filter(({ ok }) => !ok).map(({ check }) => check)).toEqual([
      'database_privilege',
      'schema_privilege',
    ]);
    await asAdmin(database.cluster, (client) => client.query(grants), database.name);
    expect(new Set((await look()).map(({ state }) => state))).toEqual(new Set(['applied']));
    await using(database.adminConfig, (client) => client.query('DROP OWNED BY onlooker CASCADE'));
  });

  it('refuses a database in another encoding, and one with tables of another program', async () => {
    const database = await emptyDatabase();
    await asAdmin(database.cluster, async (client) => {
      await client.query('DROP DATABASE IF EXISTS latin');
      await client.query(
        `CREATE DATABASE latin OWNER ${database.cluster.ownerUser} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`,
      );
    });
    await expect(
      migrate(connectionTo(database.cluster, 'latin'), { folder: migrationsFolder }),
    ).rejects.toMatchObject({ code: 'db_server', details: { check: 'encoding' } });
    await asAdmin(database.cluster, (client) => client.query('DROP DATABASE latin'));

    await using(database.config, (client) => client.query('CREATE TABLE users (id uuid)'));
    await expect(migrate(database.config, { folder: migrationsFolder })).rejects.toMatchObject({
      code: 'conflict',
      details: { check: 'foreign_tables' },
    });
    const { rows } = await using(database.config, (client) =>
      client.query(`SELECT nspname FROM pg_namespace WHERE nspname IN ('drizzle', 'litemaas_console')`),
    );
    expect(rows).toEqual([]);
  });

  it.each([
    ['LiteLLM’s own', createLitellmSchema, 'This is LiteLLM’s own database.'],
    [
      'LiteMaaS’s own',
      (client: pg.Client) => createLitemaasSchema(client, '0.3.1'),
      'This is the database of LiteMaaS itself',
    ],
    [
      'tables under names that are none of ours',
      (client: pg.Client) => client.query('CREATE TABLE letters (id int)'),
      'This database holds tables of another program.',
    ],
  ] as const)('says whose database it is and refuses it: %s', async (_whose, fill, statement) => {
    const database = await emptyDatabase();
    await using<unknown>(database.config, fill);
    const checks = await using(database.config, preflight);
    const [failed, ...others] = checks.filter(({ ok }) => !ok);
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ check: 'foreign_tables' });
    expect(failed?.message).toContain(statement);
    await expect(migrate(database.config, { folder: migrationsFolder })).rejects.toMatchObject({
      code: 'conflict',
      message: failed?.message,
    });
  });

  it('stops when cancelled in the middle of a file, and rolls that file back', async () => {
    const database = await emptyDatabase();
    const [, second] = await readMigrations(migrationsFolder);
    const blocked = await holdMigration(database, second?.when ?? 0);
    const abort = new AbortController();
    const running = migrate(database.config, { folder: blocked.folder, signal: abort.signal });
    const outcome = running.catch((error: unknown) => error);
    await using(database.adminConfig, async (client) => {
      while ((await client.query(`SELECT FROM pg_locks WHERE ${waiting}`)).rowCount === 0) await delay(10);
    });
    abort.abort();
    const error = await outcome;
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'cancelled' });
    await blocked.release();
    const statuses = await using(database.config, (client) => migrationStatus(client, migrationsFolder));
    expect(statuses.map(({ state }) => state).slice(0, 2)).toEqual(['applied', 'pending']);
  });
});

describe('legacy keys', () => {
  it('gives a key the model of the subscription it was tied to, and keeps the key when that subscription ends', async () => {
    const database = await emptyDatabase();
    await migrate(database.config, { folder: await folderWith(2) });
    await using(database.config, async (client) => {
      await client.query(`
        INSERT INTO users (id, username, email, oauth_provider, oauth_id)
        VALUES ('00000000-0000-4000-8000-000000000001', 'ada', 'ada@example.com', 'test', '1');
        INSERT INTO models (id, name, provider) VALUES ('m', 'M', 'p');
        INSERT INTO subscriptions (id, user_id, model_id, status)
        VALUES ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'm', 'active');
        INSERT INTO api_keys (id, subscription_id, user_id, key_hash, key_prefix, created_at)
        VALUES ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000002',
          '00000000-0000-4000-8000-000000000001', 'hash', 'sk-1', '2024-05-06T07:08:09Z')`);
      await expect(
        client.query(
          `INSERT INTO api_keys (user_id, key_hash, key_prefix)
           VALUES ('00000000-0000-4000-8000-000000000001', 'other', 'sk-2')`,
        ),
      ).rejects.toMatchObject({ code: '23502' });
      await migrate(database.config, { folder: migrationsFolder });
      const { rows } = await client.query(
        `SELECT api_key_id, model_id, created_at = '2024-05-06T07:08:09Z' AS kept_time FROM api_key_models`,
      );
      expect(rows).toEqual([
        { api_key_id: '00000000-0000-4000-8000-000000000003', model_id: 'm', kept_time: true },
      ]);
      const members = await client.query(`SELECT team_id, role FROM team_members`);
      expect(members.rows).toEqual([{ team_id: 'a0000000-0000-4000-8000-000000000001', role: 'member' }]);
      const view = await client.query(`SELECT total_api_keys::int FROM active_subscriptions`);
      expect(view.rows).toEqual([{ total_api_keys: 1 }]);
      await client.query('DELETE FROM subscriptions');
      const key = await client.query(`SELECT subscription_id, metadata FROM api_keys`);
      expect(key.rows).toEqual([{ subscription_id: null, metadata: {} }]);
    });
  });
});
