import type pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { loadDemo } from '../../../src/main/demo/load-demo';
import { compareCatalogues } from '../../../src/main/health/catalogue/compare-catalogues';
import { describeCatalogue } from '../../../src/main/health/catalogue/describe-catalogue';
import { expectedCatalogue } from '../../../src/main/health/catalogue/expected-catalogue';
import { migrate, migrationStatus, readMigrations } from '../../../src/main/postgres/migrate';
import { traceLength } from '../../../src/main/demo/trace';
import { asAdmin, migrationsFolder } from '../../support/postgres-cluster';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { describeSchema } from './describe-schema';
import { isLong } from '../../support/long-runs';
import { openTestWorkspace } from '../../support/workspace';
import { readDerived } from './usage-oracle';
import { copyRows, fillEarlierDatabase, migrateAsEarlier, rowSums } from './earlier-databases';

const lastEarlier = 11;
/** Rows, which are compared by themselves. */
const rowsOf = { teams: expect.anything() as unknown, settings: expect.anything() as unknown };

describeOnEachPostgres('a database made by the earlier files', (major) => {
  const opened: { database: TestDatabase; client: pg.Client }[] = [];
  let fresh: Record<string, unknown[]>;

  beforeAll(async () => {
    const database = await createTestDatabase({ major });
    const client = await openTestSession(database.config);
    fresh = await describeSchema(client);
    await client.end();
    await database.drop();
    await asAdmin(database.cluster, (admin) =>
      admin.query(`DROP ROLE IF EXISTS reporting, planter; CREATE ROLE reporting; CREATE ROLE planter`),
    );
  });
  afterEach(async () => {
    for (const { database, client } of opened.splice(0)) {
      await client.end();
      await database.drop();
    }
  });
  afterAll(async () => {
    const database = await createTestDatabase({ major, migrated: false });
    await database.drop();
    await asAdmin(database.cluster, (admin) => admin.query('DROP ROLE reporting, planter'));
  });

  /** As an earlier console left it after this file, with rows in every table. */
  async function earlierDatabase(lastNumber: number): Promise<{ database: TestDatabase; client: pg.Client }> {
    const database = await createTestDatabase({ major, migrated: false });
    const client = await openTestSession(database.config);
    opened.push({ database, client });
    await migrateAsEarlier(client, lastNumber);
    await fillEarlierDatabase(client, lastNumber);
    return { database, client };
  }

  const migrateNow = (database: TestDatabase): ReturnType<typeof migrate> =>
    migrate(database.config, { folder: migrationsFolder });

  it.each(Array.from({ length: lastEarlier + 1 }, (_, number) => number))(
    'is taken along from file %i: the same schema, owners, grants and comments, and every row as it was',
    async (lastNumber) => {
      const { database, client } = await earlierDatabase(lastNumber);
      const before = await rowSums(client);
      const states = (await migrationStatus(client, migrationsFolder)).map(({ state }) => state);
      expect(new Set(states)).toEqual(new Set(['applied', 'pending']));

      const { changed } = await migrateNow(database);
      expect(changed).toEqual([]);
      expect(await describeSchema(client)).toEqual({ ...fresh, ...rowsOf });
      const after = await rowSums(client, before);
      // 0002 gives keys their models, 0004 makes the Default Team and its members.
      const added = [
        ...(lastNumber < 2 ? ['public.api_key_models'] : []),
        ...(lastNumber < 4 ? ['public.teams', 'public.team_members'] : []),
      ];
      for (const [table, { sums }] of Object.entries(before)) {
        const kept = new Set(after[table]?.sums);
        expect(
          sums.filter((sum) => !kept.has(sum)),
          table,
        ).toEqual([]);
        if (!added.includes(table)) expect(after[table]?.sums, table).toHaveLength(sums.length);
      }
      const statuses = await migrationStatus(client, migrationsFolder);
      expect(new Set(statuses.map(({ state }) => state))).toEqual(new Set(['applied']));
      expect(await migrateNow(database)).toEqual({ applied: [], changed: [] });
    },
  );

  // The demo takes a while to load: on both servers in the long suite only.
  it.runIf(major === 18 || isLong)('is taken along with the whole demo in it', async () => {
    const demo = await openTestWorkspace({ major });
    const source = await openTestSession(demo.database.adminConfig);
    try {
      await loadDemo(demo.workspace, {
        demoFolder: 'src/main/demo/data',
        now: new Date('2026-11-20T12:00:00Z'),
        signal: new AbortController().signal,
        report: () => undefined,
      });
      const database = await createTestDatabase({ major, migrated: false });
      const client = await openTestSession(database.config);
      opened.push({ database, client });
      await migrateAsEarlier(client, lastEarlier);
      await asAdmin(database.cluster, (admin) => copyRows(source, admin), database.name);

      const before = await rowSums(client);
      expect(before['public.usage_logs']?.sums).toHaveLength(traceLength);
      await migrateNow(database);
      expect(await rowSums(client, before)).toEqual(before);
      expect(await describeSchema(client)).toEqual({ ...fresh, ...rowsOf });
      await client.query('BEGIN READ ONLY');
      expect(compareCatalogues(expectedCatalogue, await describeCatalogue(client))).toEqual([]);
      await client.query('ROLLBACK');
      // What is worked out from these rows is what was worked out when they were written.
      const derived = await readDerived(client);
      await client.query('SELECT litemaas_console.rebuild_usage()');
      expect(await readDerived(client)).toEqual(derived);
    } finally {
      await source.end();
      await demo.close();
    }
  });

  it('is compared with the files of today from then on', async () => {
    const { database, client } = await earlierDatabase(lastEarlier);
    await migrateNow(database);
    const { rows } = await client.query<{ hash: string }>(
      'SELECT hash FROM drizzle.__drizzle_migrations ORDER BY created_at',
    );
    expect(rows.map(({ hash }) => hash)).toEqual(
      (await readMigrations(migrationsFolder)).map(({ hash }) => hash),
    );
  });

  it('keeps what a site granted and wrote on a view that is made anew, and its own views on the others', async () => {
    const { database, client } = await earlierDatabase(lastEarlier);
    await client.query(`
      GRANT SELECT ON litemaas_console.usage_facts TO reporting WITH GRANT OPTION;
      GRANT UPDATE (model_id) ON litemaas_console.usage_facts TO PUBLIC;
      GRANT EXECUTE ON FUNCTION litemaas_console.rebuild_usage(text) TO reporting;
      COMMENT ON VIEW litemaas_console.usage_facts IS 'It''s ours';
      COMMENT ON COLUMN litemaas_console.usage_facts.total_cost IS 'in dollars';
      CREATE VIEW public.of_the_site AS SELECT id, remaining_tokens FROM public.active_subscriptions`);
    const granted = `
      SELECT relacl::text, obj_description(oid, 'pg_class') AS comment,
        (SELECT string_agg(concat_ws(' ', attname, attacl::text, col_description(attrelid, attnum)), ', ')
         FROM pg_attribute WHERE attrelid = pg_class.oid
           AND (attacl IS NOT NULL OR col_description(attrelid, attnum) IS NOT NULL)) AS columns
      FROM pg_class WHERE oid = 'litemaas_console.usage_facts'::regclass`;
    const before = (await client.query(granted)).rows;
    expect(before).toMatchObject([
      { comment: "It's ours", columns: 'model_id {=w/litemaas}, total_cost in dollars' },
    ]);
    await migrateNow(database);
    expect((await client.query(granted)).rows).toEqual(before);
    expect((await client.query('SELECT count(*) FROM public.of_the_site')).rowCount).toBe(1);
    expect(
      (
        await client.query(
          `SELECT has_function_privilege('reporting', 'litemaas_console.rebuild_usage(text)', 'EXECUTE') AS may`,
        )
      ).rows,
    ).toEqual([{ may: true }]);
  });

  it('says what is in the way and what to do, and is taken along once that is done', async () => {
    const { database, client } = await earlierDatabase(lastEarlier);
    await client.query('CREATE VIEW public.site_facts AS SELECT id FROM litemaas_console.usage_facts');
    await expect(migrateNow(database)).rejects.toMatchObject({
      code: 'conflict',
      message:
        'litemaas_console.usage_facts must be made anew, and this hangs on it: view public.site_facts. Nothing of this step was kept.',
    });
    // Nothing of any file: tables and triggers fit each other whatever stops it.
    const added = `SELECT FROM pg_attribute WHERE attrelid = 'public.usage_logs'::regclass AND attname = 'litellm_user_id'`;
    expect((await client.query(added)).rowCount).toBe(0);
    await client.query('DROP VIEW public.site_facts');

    await client.query('CREATE VIEW public.site_ids AS SELECT litellm_request_id FROM public.usage_logs');
    await expect(migrateNow(database)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('public.site_ids') as unknown,
      hint: expect.stringContaining('create it again afterwards') as unknown,
    });
    await client.query('DROP VIEW public.site_ids');

    await asAdmin(
      database.cluster,
      (admin) => admin.query('ALTER FUNCTION public.join_default_team() OWNER TO planter'),
      database.name,
    );
    // Whoever owns it may give it another body: it is nobody's to trust.
    await expect(migrateNow(database)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('public.join_default_team()') as unknown,
    });
    await asAdmin(
      database.cluster,
      (admin) =>
        admin.query(`ALTER FUNCTION public.join_default_team() OWNER TO ${database.cluster.ownerUser}`),
      database.name,
    );
    // A superuser leaves everything to whom it belongs.
    await migrate(database.adminConfig, { folder: migrationsFolder, acceptSuperuser: true });
    expect(await describeSchema(client)).toEqual({ ...fresh, ...rowsOf });
  });
});
