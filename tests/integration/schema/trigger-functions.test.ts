import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
import {
  connectAsOther,
  createTestDatabase,
  describeOnEachPostgres,
  type TestDatabase,
} from '../../support/postgres';
import { openTestSession } from '../../support/test-session';

// Functions that run as their owner are a way to the owner's rights for whoever can have them called: a trigger on a
// table of one's own hands them rows of one's own choice.

/** What a role without any grant on our tables can put a trigger on. */
const placements = {
  'a temporary table of the same name': (like: string, name: string) =>
    `CREATE TEMP TABLE ${name} (LIKE ${like} INCLUDING DEFAULTS)`,
  'a table of its own': (like: string, name: string) =>
    `CREATE TABLE theirs.${name} (LIKE ${like} INCLUDING DEFAULTS)`,
  'a partitioned table of its own': (like: string, name: string) =>
    `CREATE TABLE theirs.${name} (LIKE ${like} INCLUDING DEFAULTS) PARTITION BY LIST (model_or_email);
     CREATE TABLE theirs.${name}_part PARTITION OF theirs.${name} DEFAULT`,
} as const;

describeOnEachPostgres('functions that run as their owner', (major) => {
  let database: TestDatabase;
  let admin: pg.Client;
  let neighbour: pg.Client;
  let functions: { name: string; table: string; event: string; row: boolean }[];
  let subscription: { id: string; user_id: string; model_id: string };
  const role = `neighbour_${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    database = await createTestDatabase({ major });
    admin = await openTestSession(database.adminConfig);
    await admin.query(`CREATE ROLE ${role} LOGIN; CREATE SCHEMA theirs AUTHORIZATION ${role}`);
    neighbour = await connectAsOther({ ...database.config, user: role });
    functions = (
      await admin.query<(typeof functions)[number]>(`
        SELECT p.oid::regprocedure::text AS name, format('%I.%I', n.nspname, c.relname) AS table,
          CASE WHEN t.tgtype & 4 > 0 THEN 'INSERT' WHEN t.tgtype & 8 > 0 THEN 'DELETE' ELSE 'UPDATE' END AS event,
          t.tgtype & 1 > 0 AS row
        FROM pg_proc p
        JOIN pg_trigger t ON t.tgfoid = p.oid AND t.tgparentid = 0
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE p.prosecdef AND p.pronamespace IN ('public'::regnamespace, 'litemaas_console'::regnamespace)
        ORDER BY 1, 3`)
    ).rows;
    const user = await insertUser(admin);
    const model = await insertModel(admin);
    subscription = await insertSubscription(admin, {
      user_id: user.id,
      model_id: model.id,
      status: 'active',
    });
    await insertUsageLog(admin, {
      subscription_id: subscription.id,
      model_id: model.id,
      created_at: new Date().toISOString(),
    });
  });
  afterAll(async () => {
    await neighbour.end();
    await admin.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
    await admin.end();
    await database.drop();
  });

  /** Everything that these functions write. */
  const recorded = async (): Promise<unknown> =>
    (
      await admin.query(`
        SELECT (SELECT json_agg(s ORDER BY id) FROM public.subscriptions s)::text AS subscriptions,
          (SELECT json_agg(d ORDER BY d) FROM litemaas_console.usage_daily d)::text AS daily,
          (SELECT json_agg(m ORDER BY m) FROM litemaas_console.usage_monthly m)::text AS monthly,
          (SELECT json_agg(l ORDER BY l) FROM litemaas_console.usage_latency l)::text AS latency,
          (SELECT json_agg(u ORDER BY u) FROM public.usage_summaries u)::text AS summaries,
          (SELECT json_agg(e ORDER BY id) FROM litemaas_console.subscription_events e)::text AS events,
          (SELECT count(*) FROM litemaas_console.unattributed_usage) AS unattributed,
          (SELECT json_agg(t ORDER BY t) FROM public.team_members t)::text AS members`)
    ).rows;

  const outcome = async (client: pg.Client, sql: string): Promise<string> =>
    client.query(sql).then(
      () => 'succeeded',
      (error: unknown) => (error as { code?: string }).code ?? 'failed',
    );

  it('are the ones this test knows how to attack', () => {
    expect(new Set(functions.map(({ name, table }) => `${name} ${table}`))).toEqual(
      new Set([
        'join_default_team() public.users',
        'update_usage_summary() public.usage_logs',
        'litemaas_console.record_subscription_event() public.subscriptions',
        'litemaas_console.correct_usage_summary() public.usage_logs',
        'litemaas_console.remove_usage_summary() public.usage_logs',
        'litemaas_console.add_unattributed_usage() litemaas_console.unattributed_usage',
        'litemaas_console.correct_unattributed_usage() litemaas_console.unattributed_usage',
        'litemaas_console.remove_unattributed_usage() litemaas_console.unattributed_usage',
      ]),
    );
  });

  const referencing = {
    INSERT: 'NEW TABLE AS new_rows',
    UPDATE: 'OLD TABLE AS old_rows NEW TABLE AS new_rows',
    DELETE: 'OLD TABLE AS old_rows',
  };
  /** A trigger such as ours has it, by another name and on another table. */
  const trigger = (name: string, event: string, row: boolean, table: string): string =>
    row
      ? `CREATE TRIGGER t BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}`
      : `CREATE TRIGGER t AFTER ${event} ON ${table}
         REFERENCING ${name.includes('join') ? 'NEW TABLE AS new_users' : referencing[event as keyof typeof referencing]}
         FOR EACH STATEMENT EXECUTE FUNCTION ${name}`;

  it('cannot be made a trigger of anybody else’s table', async () => {
    await neighbour.query('CREATE TEMP TABLE scratch (id uuid)');
    for (const { name, event, row } of functions)
      expect(await outcome(neighbour, trigger(name, event, row, 'pg_temp.scratch')), name).toBe('42501');
  });

  it.each(Object.entries(placements))(
    'do nothing for %s, not even for who may use them',
    async (_where, create) => {
      const before = await recorded();
      for (const { name, table, event, row } of functions) {
        const bare = table.replace(/^.*\./, '');
        await admin.query(
          `GRANT EXECUTE ON FUNCTION ${name} TO ${role}; GRANT SELECT ON ${table} TO ${role}`,
        );
        await admin.query(`GRANT USAGE ON SCHEMA litemaas_console TO ${role}`);
        const key = bare === 'users' ? 'email' : 'model_id';
        const made = create(table, bare).replace('model_or_email', key);
        const own = made.includes('TEMP') ? `pg_temp.${bare}` : `theirs.${bare}`;
        await neighbour.query(made);
        await neighbour.query(trigger(name, event, row, own));
        // The row that is there, or one with values of their choice, as many as there are columns.
        const stored = event === 'INSERT' ? '' : `ALTER TABLE ${own} DISABLE TRIGGER t; `;
        const rows = `INSERT INTO ${own} SELECT * FROM ${table}`;
        const fired =
          event === 'INSERT' ? rows : event === 'UPDATE' ? `UPDATE ${own} SET id = id` : `DELETE FROM ${own}`;
        if (stored !== '') await neighbour.query(`${stored}${rows}; ALTER TABLE ${own} ENABLE TRIGGER t`);
        expect(await outcome(neighbour, fired), `${name} on ${own}`).toBe('42501');
        await neighbour.query(`DROP TABLE ${own}`);
        await admin.query(`REVOKE EXECUTE ON FUNCTION ${name} FROM ${role}`);
      }
      expect(await recorded()).toEqual(before);
    },
  );

  it('do nothing for a view', async () => {
    const before = await recorded();
    await neighbour.query('CREATE VIEW theirs.shown AS SELECT 1 AS id');
    for (const { name } of functions) {
      await admin.query(`GRANT EXECUTE ON FUNCTION ${name} TO ${role}`);
      for (const event of ['INSERT', 'UPDATE', 'DELETE']) {
        await neighbour.query(
          `CREATE TRIGGER t INSTEAD OF ${event} ON theirs.shown FOR EACH ROW EXECUTE FUNCTION ${name}`,
        );
        const fired = {
          INSERT: 'INSERT INTO theirs.shown VALUES (1)',
          UPDATE: 'UPDATE theirs.shown SET id = 2',
          DELETE: 'DELETE FROM theirs.shown',
        }[event];
        expect(await outcome(neighbour, fired ?? ''), `${name} ${event}`).toBe('42501');
        await neighbour.query('DROP TRIGGER t ON theirs.shown');
      }
      await admin.query(`REVOKE EXECUTE ON FUNCTION ${name} FROM ${role}`);
    }
    expect(await recorded()).toEqual(before);
  });

  it('do nothing for another event of their own table', async () => {
    const owner = await openTestSession(database.config);
    try {
      await owner.query(`BEGIN;
        CREATE TRIGGER t AFTER INSERT ON public.usage_logs REFERENCING NEW TABLE AS new_rows
          FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.remove_usage_summary()`);
      const { id, model_id } = subscription;
      const sql = `INSERT INTO public.usage_logs (subscription_id, model_id, request_tokens, response_tokens)
        VALUES ('${id}', '${model_id}', 1, 1)`;
      expect(await outcome(owner, sql)).toBe('42501');
    } finally {
      await owner.end();
    }
  });

  it('cannot be called by anybody but their owner', async () => {
    const { rows } = await admin.query<{ call: string }>(`
      SELECT format('SELECT %s(%s)', p.oid::regproc, (
        SELECT string_agg(format('NULL::%s', format_type(type, NULL)), ', ') FROM unnest(p.proargtypes) type)) AS call
      FROM pg_proc p
      WHERE p.prosecdef AND p.prorettype <> 'trigger'::regtype
        AND p.pronamespace IN ('public'::regnamespace, 'litemaas_console'::regnamespace)`);
    expect(rows).toHaveLength(3);
    await admin.query(`GRANT USAGE ON SCHEMA litemaas_console TO ${role}`);
    for (const { call } of rows) expect(await outcome(neighbour, call), call).toBe('42501');
    for (const { name } of functions)
      expect(await outcome(neighbour, `SELECT ${name}`), name).toMatch(/^(42501|0A000)$/);
  });

  it('and all others resolve names and operators without the caller’s path', async () => {
    const { rows } = await admin.query<{ name: string }>(`
      SELECT p.oid::regprocedure::text AS name
      FROM pg_proc p
      WHERE p.pronamespace IN ('public'::regnamespace, 'litemaas_console'::regnamespace)
        AND p.prosqlbody IS NULL
        AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`);
    expect(rows).toEqual([]);
  });
});
