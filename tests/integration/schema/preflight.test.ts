import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, preflight, type PreflightCheck } from '../../../src/main/postgres/migrate';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { migrationsFolder } from '../../support/postgres-cluster';

/** What waits in a database before the console's schema is created there. */
const failing = (checks: readonly PreflightCheck[]) => checks.filter(({ ok }) => !ok);
const trap = (name: string): string =>
  `CREATE FUNCTION ${name} RETURNS boolean LANGUAGE sql AS 'SELECT true'`;

/** What is planted, and how the list names it. */
const kinds: readonly (readonly [string, string])[] = [
  [trap('public.current_setting(text)'), 'FUNCTION public.current_setting(text)'],
  [`CREATE PROCEDURE public.p() LANGUAGE sql AS 'SELECT 1'`, 'PROCEDURE public.p()'],
  [
    'CREATE AGGREGATE public.sum(boolean) (SFUNC = booland_statefunc, STYPE = boolean)',
    'AGGREGATE public.sum(boolean)',
  ],
  [
    `CREATE SCHEMA lair; CREATE FUNCTION lair.f(text, name) RETURNS text LANGUAGE sql AS 'SELECT $1';
     CREATE OPERATOR public.|| (FUNCTION = lair.f, LEFTARG = text, RIGHTARG = name)`,
    'OPERATOR public.|| (text, name)',
  ],
  [
    `CREATE OPERATOR CLASS public.o FOR TYPE text USING btree AS
       OPERATOR 3 pg_catalog.=, FUNCTION 1 pg_catalog.bttextcmp(text, text)`,
    'OPERATOR CLASS public.o',
  ],
  ['CREATE OPERATOR FAMILY public.f USING btree', 'OPERATOR FAMILY public.f'],
  [`CREATE TYPE public.uuid AS ENUM ('a')`, 'TYPE public.uuid'],
  ['CREATE TYPE public.text AS (a integer)', 'TYPE public.text'],
  ['CREATE TYPE public.r AS RANGE (subtype = integer)', 'TYPE public.r'],
  ['CREATE DOMAIN public.varchar AS pg_catalog.text', 'DOMAIN public."varchar"'],
  ['CREATE CAST (pg_catalog.int4 AS pg_catalog.uuid) WITH INOUT AS IMPLICIT', 'CAST (integer AS uuid)'],
  [`CREATE CONVERSION public.c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8`, 'CONVERSION public.c'],
  [`CREATE COLLATION public.c FROM "C"`, 'COLLATION public.c'],
  [
    'CREATE TEXT SEARCH CONFIGURATION public.english (COPY = pg_catalog.english)',
    'TEXT SEARCH CONFIGURATION public.english',
  ],
  [
    'CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = pg_catalog.simple)',
    'TEXT SEARCH DICTIONARY public.d',
  ],
  ['CREATE TEXT SEARCH TEMPLATE public.t (LEXIZE = dsimple_lexize)', 'TEXT SEARCH TEMPLATE public.t'],
  [
    `CREATE TEXT SEARCH PARSER public.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
       LEXTYPES = prsd_lextype)`,
    'TEXT SEARCH PARSER public.p',
  ],
  [
    `CREATE SCHEMA lair; CREATE FUNCTION lair.e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
     ALTER FUNCTION lair.e() OWNER TO litemaas;
     CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION lair.e()`,
    'EVENT TRIGGER watch',
  ],
  [
    `CREATE SCHEMA litemaas_console; ${trap('litemaas_console.lower(varchar)')}`,
    'FUNCTION litemaas_console.lower(character varying)',
  ],
  [`CREATE SCHEMA drizzle; ${trap('drizzle.lower(varchar)')}`, 'FUNCTION drizzle.lower(character varying)'],
];

describeOnEachPostgres('what waits in a database', (major) => {
  let empty: TestDatabase;
  let ours: TestDatabase;
  let emptyAdmin: pg.Client;
  let oursAdmin: pg.Client;

  beforeAll(async () => {
    [empty, ours] = await Promise.all([
      createTestDatabase({ major, migrated: false }),
      createTestDatabase({ major }),
    ]);
    [emptyAdmin, oursAdmin] = await Promise.all([
      openTestSession(empty.adminConfig),
      openTestSession(ours.adminConfig),
    ]);
    for (const admin of [emptyAdmin, oursAdmin]) await admin.query('SET search_path = pg_catalog, pg_temp');
  });
  afterAll(async () => {
    await Promise.all([emptyAdmin, oursAdmin].map((admin) => admin.end()));
    await Promise.all([empty, ours].map((database) => database.drop()));
  });

  /** Looks at a database in which something was planted, and takes it away again. */
  async function checksWith(admin: pg.Client, planted: string): Promise<readonly PreflightCheck[]> {
    await admin.query('BEGIN');
    try {
      await admin.query(planted);
      return failing(await preflight(admin));
    } finally {
      await admin.query('ROLLBACK');
    }
  }

  it('is nothing in an empty database, nor in one of ours', async () => {
    expect(failing(await preflight(emptyAdmin))).toEqual([]);
    expect(failing(await preflight(oursAdmin))).toEqual([]);
  });

  it('is not what the server’s superusers alone have in hand', async () => {
    const shipped = `CREATE SCHEMA host; CREATE FUNCTION host.e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
      CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION host.e()`;
    expect(await checksWith(emptyAdmin, shipped)).toEqual([]);
  });

  it.each(kinds)('is named and stops the migrations: %s', async (planted, name) => {
    const [check, ...others] = await checksWith(emptyAdmin, planted);
    expect(others).toEqual([]);
    expect(check).toMatchObject({ check: 'planted_objects', acceptable: false });
    expect(check?.message).toContain(name);
    if (planted.includes('CREATE SCHEMA litemaas_console') || planted.includes('CREATE SCHEMA drizzle'))
      return;
    expect((await checksWith(oursAdmin, planted))[0]?.message).toContain(name);
  });

  it.each([
    [
      'a rule on a table',
      'CREATE RULE r AS ON INSERT TO public.users DO ALSO NOTHING',
      'RULE r ON public.users',
    ],
    [
      'a trigger of somebody else’s function on a table of ours',
      `CREATE SCHEMA lair; CREATE FUNCTION lair.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER "Look" BEFORE INSERT ON public.api_keys FOR EACH ROW EXECUTE FUNCTION lair.t()`,
      'TRIGGER "Look" ON public.api_keys',
    ],
    [
      'a trigger on a partition alone',
      `CREATE SCHEMA lair; CREATE FUNCTION lair.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER t BEFORE INSERT ON public.usage_logs_default FOR EACH ROW EXECUTE FUNCTION lair.t()`,
      'TRIGGER t ON public.usage_logs_default',
    ],
    [
      'a trigger on the ledger, with a function of PostgreSQL’s',
      `CREATE TRIGGER t BEFORE UPDATE ON drizzle.__drizzle_migrations
       FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()`,
      'TRIGGER t ON drizzle.__drizzle_migrations',
    ],
    [
      'a trigger on a view',
      `CREATE SCHEMA lair; CREATE FUNCTION lair.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER t INSTEAD OF UPDATE ON public.active_subscriptions FOR EACH ROW EXECUTE FUNCTION lair.t()`,
      'TRIGGER t ON public.active_subscriptions',
    ],
    [
      'an overload of a function of ours',
      trap('public.join_default_team(text)'),
      'FUNCTION public.join_default_team(text)',
    ],
    [
      'an operator in our own schema',
      'CREATE OPERATOR litemaas_console.|| (FUNCTION = pg_catalog.textcat, LEFTARG = text, RIGHTARG = text)',
      'OPERATOR litemaas_console.|| (text, text)',
    ],
    [
      'a function of ours that now belongs to somebody else',
      'ALTER FUNCTION public.join_default_team() OWNER TO pg_monitor',
      'FUNCTION public.join_default_team()',
    ],
  ])('is, in a database of ours, also %s', async (_what, planted, name) => {
    expect((await checksWith(oursAdmin, planted))[0]?.message).toContain(name);
  });

  it('counts where a path of the role or the database leads', async () => {
    const planted = `CREATE SCHEMA "Odd, one"; ${trap('"Odd, one".lower(varchar)')};`;
    expect(await checksWith(emptyAdmin, planted)).toEqual([]);
    const path = `ALTER DATABASE ${empty.name} SET search_path = 'Odd, one', 'public'`;
    expect((await checksWith(emptyAdmin, `${planted} ${path}`))[0]?.message).toContain(
      'FUNCTION "Odd, one".lower(character varying)',
    );
  });

  it('is not what an extension brought, nor types of a neighbour in a database of ours', async () => {
    expect(await checksWith(emptyAdmin, 'CREATE EXTENSION pg_trgm SCHEMA public')).toEqual([]);
    expect(await checksWith(oursAdmin, `CREATE TYPE public."JobStatus" AS ENUM ('ACTIVE')`)).toEqual([]);
  });

  it('is not a trigger on a neighbour’s table', async () => {
    const neighbour = `CREATE SCHEMA lair; CREATE FUNCTION lair.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TABLE public.theirs (id int);
      CREATE TRIGGER t BEFORE INSERT ON public.theirs FOR EACH ROW EXECUTE FUNCTION lair.t()`;
    expect(await checksWith(oursAdmin, neighbour)).toEqual([]);
  });

  it('is listed up to twenty, each safely named, and counted whole', async () => {
    const many = Array.from({ length: 30 }, (_, index) => trap(`public."f\u202E${String(index)}"()`)).join(
      ';',
    );
    const message = (await checksWith(emptyAdmin, many))[0]?.message ?? '';
    expect(message).toMatch(/^30 objects/);
    expect(message.match(/FUNCTION/g)).toHaveLength(20);
    expect(message).toContain('and 10 more');
    expect(message).not.toContain('\u202E');
  });

  it('names who else may create, with the statement that mends it, and goes on only for who accepts', async () => {
    const [check, ...others] = await checksWith(
      emptyAdmin,
      'GRANT CREATE ON SCHEMA public TO PUBLIC, pg_monitor',
    );
    expect(others).toEqual([]);
    expect(check).toMatchObject({ check: 'others_creating', acceptable: true });
    expect(check?.hint).toContain('REVOKE CREATE ON SCHEMA public FROM PUBLIC;');
    expect(check?.hint).toContain('REVOKE CREATE ON SCHEMA public FROM pg_monitor;');

    const database = await createTestDatabase({ major, migrated: false });
    try {
      const owner = await openTestSession(database.config);
      await owner.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
      await owner.query(trap('public.lower(varchar)'));
      const options = { folder: migrationsFolder };
      await expect(
        migrate(database.config, { ...options, acceptOthersCreating: true }),
      ).rejects.toMatchObject({
        code: 'conflict',
        details: { check: 'planted_objects' },
      });
      await owner.query('DROP FUNCTION public.lower(varchar)');
      await expect(migrate(database.config, options)).rejects.toMatchObject({
        code: 'conflict',
        details: { check: 'others_creating' },
      });
      expect(
        (await migrate(database.config, { ...options, acceptOthersCreating: true })).applied,
      ).not.toEqual([]);
      await owner.end();
    } finally {
      await database.drop();
    }
  });
});

describe('a database of ours that was migrated in part', () => {
  it('holds nothing that waits, after any of the files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'litemaas-preflight-'));
    const database = await createTestDatabase({ migrated: false });
    const client = await openTestSession(database.config);
    await client.query('SET search_path = pg_catalog, pg_temp');
    try {
      cpSync(migrationsFolder, folder, { recursive: true });
      const path = join(folder, 'meta', '_journal.json');
      const journal = JSON.parse(readFileSync(path, 'utf8')) as { entries: unknown[] };
      // Routines fit the newest tables only.
      rmSync(join(folder, 'routines'), { recursive: true });
      for (let count = 1; count <= journal.entries.length; count += 1) {
        writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
        await migrate(database.config, { folder });
        expect(failing(await preflight(client)), `after ${String(count)}`).toEqual([]);
      }
      await migrate(database.config, { folder: migrationsFolder });
      expect(failing(await preflight(client)), 'after the routines').toEqual([]);
    } finally {
      await client.end();
      await database.drop();
      rmSync(folder, { recursive: true });
    }
  });
});
