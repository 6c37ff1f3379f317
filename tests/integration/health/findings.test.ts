import type pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findSessions } from '../../../src/main/health/checks/check-sessions';
import { healthGroups } from '../../../src/shared/contract/health';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type HealthCalls, openHealthCalls } from './health-calls';

const waitTimeout = { timeout: 20_000 };

describeOnEachPostgres('schema health', (major) => {
  let calls: HealthCalls;

  beforeAll(async () => {
    calls = await openHealthCalls({ major });
  });
  afterAll(() => calls.close());

  /** Runs SQL as the owner, and what takes it back after the test's work. */
  async function damaged<T>(damage: string, undo: string, work: () => Promise<T>): Promise<T> {
    await calls.client.query(damage);
    try {
      return await work();
    } finally {
      await calls.client.query(undo);
    }
  }

  it.each(healthGroups)('finds nothing about %s in a fresh database', async (group) => {
    expect(await calls.check(group)).toMatchObject({ group, applies: true, findings: [], total: 0 });
  });

  it.each([
    ['a table', 'DROP TABLE api_key_models CASCADE', 'schema:missing:table:public.api_key_models', 'error'],
    [
      'a column',
      'ALTER TABLE teams DROP COLUMN alias CASCADE',
      'schema:missing:column:public.teams.alias',
      'error',
    ],
    [
      'a constraint',
      'ALTER TABLE users DROP CONSTRAINT users_sync_status_check',
      'schema:missing:constraint:public.users.users_sync_status_check',
      'error',
    ],
    [
      'an index',
      'DROP INDEX idx_models_provider',
      'schema:missing:index:public.models.idx_models_provider',
      'warning',
    ],
    [
      'the rule of one active subscription',
      'DROP INDEX unique_active_subscription',
      'schema:missing:index:public.subscriptions.unique_active_subscription',
      'error',
    ],
    [
      'a trigger',
      'DROP TRIGGER update_usage_on_log ON usage_logs',
      'schema:missing:trigger:public.usage_logs.update_usage_on_log',
      'error',
    ],
    ['a view', 'DROP VIEW usage_statistics', 'schema:missing:view:public.usage_statistics', 'error'],
    [
      'a function',
      'DROP FUNCTION litemaas_console.rebuild_usage(text)',
      'schema:missing:function:litemaas_console.rebuild_usage(new_zone text)',
      'error',
    ],
  ])('names %s that is missing', async (_what, damage, id, severity) => {
    const clone = await openHealthCalls({ major });
    try {
      await clone.client.query(damage);
      const finding = await clone.finding('schema', id);
      expect(finding.severity).toBe(severity);
      expect(finding.meaning.length).toBeGreaterThan(20);
      // The evidence runs as it stands.
      await clone.client.query(finding.evidenceSql);
    } finally {
      await clone.close();
    }
  });

  it('names what belongs to a missing table once', async () => {
    const clone = await openHealthCalls({ major });
    try {
      await clone.client.query('DROP TABLE litemaas_console.model_prices');
      expect(await clone.ids('schema')).toEqual(['schema:missing:table:litemaas_console.model_prices']);
    } finally {
      await clone.close();
    }
  });

  it.each([
    [
      'a column’s type',
      'ALTER TABLE teams ALTER COLUMN tpm_limit TYPE integer',
      'ALTER TABLE teams ALTER COLUMN tpm_limit TYPE bigint',
      'schema:changed:column:public.teams.tpm_limit',
      'error',
    ],
    [
      'a default',
      'ALTER TABLE teams ALTER COLUMN max_budget DROP DEFAULT',
      'ALTER TABLE teams ALTER COLUMN max_budget SET DEFAULT 1000.00',
      'schema:changed:column:public.teams.max_budget',
      'warning',
    ],
    [
      'NOT NULL',
      'ALTER TABLE teams ALTER COLUMN name DROP NOT NULL',
      'ALTER TABLE teams ALTER COLUMN name SET NOT NULL',
      'schema:changed:column:public.teams.name',
      'warning',
    ],
    [
      'what a foreign key does',
      `ALTER TABLE api_keys DROP CONSTRAINT api_keys_subscription_id_fkey, ADD CONSTRAINT api_keys_subscription_id_fkey
         FOREIGN KEY (subscription_id) REFERENCES subscriptions (id) ON DELETE CASCADE`,
      `ALTER TABLE api_keys DROP CONSTRAINT api_keys_subscription_id_fkey, ADD CONSTRAINT api_keys_subscription_id_fkey
         FOREIGN KEY (subscription_id) REFERENCES subscriptions (id) ON DELETE SET NULL`,
      'schema:changed:constraint:public.api_keys.api_keys_subscription_id_fkey',
      'error',
    ],
    [
      'an index',
      'DROP INDEX idx_models_active; CREATE INDEX idx_models_active ON models (is_active, id)',
      'DROP INDEX idx_models_active; CREATE INDEX idx_models_active ON models (is_active)',
      'schema:changed:index:public.models.idx_models_active',
      'warning',
    ],
    [
      'a trigger that is switched off',
      'ALTER TABLE subscriptions DISABLE TRIGGER enforce_subscription_quota',
      'ALTER TABLE subscriptions ENABLE TRIGGER enforce_subscription_quota',
      'schema:changed:trigger:public.subscriptions.enforce_subscription_quota',
      'error',
    ],
    [
      'who may call a function',
      'GRANT EXECUTE ON FUNCTION litemaas_console.apply_latency_deltas TO PUBLIC',
      'REVOKE EXECUTE ON FUNCTION litemaas_console.apply_latency_deltas FROM PUBLIC',
      'schema:changed:function:litemaas_console.apply_latency_deltas(deltas litemaas_console.latency_delta[])',
      'error',
    ],
    [
      'who may make a trigger of a function that runs as its owner',
      'GRANT EXECUTE ON FUNCTION public.update_usage_summary TO PUBLIC',
      'REVOKE EXECUTE ON FUNCTION public.update_usage_summary FROM PUBLIC',
      'schema:changed:function:public.update_usage_summary()',
      'error',
    ],
    [
      'row security',
      'ALTER TABLE users ENABLE ROW LEVEL SECURITY',
      'ALTER TABLE users DISABLE ROW LEVEL SECURITY',
      'schema:changed:table:public.users',
      'error',
    ],
  ])('names %s that differs, with what was expected and found', async (_what, damage, undo, id, severity) => {
    await damaged(damage, undo, async () => {
      const finding = await calls.finding('schema', id);
      expect(finding).toMatchObject({ severity, repair: null });
      expect(finding.facts.length).toBeGreaterThan(1);
      await calls.client.query(finding.evidenceSql);
    });
    expect(await calls.ids('schema')).toEqual([]);
  });

  it('names a changed body of a function, a view and an enum, and no change of spaces', async () => {
    const clone = await openHealthCalls({ major });
    const source = `CREATE OR REPLACE FUNCTION update_updated_at_column() RETURNS TRIGGER LANGUAGE plpgsql
      SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
          NEW.updated_at = CURRENT_TIMESTAMP;
              RETURN NEW;
      END; $$`;
    try {
      await clone.client.query(source);
      expect(await clone.ids('schema')).toEqual([]);
      await clone.client.query(source.replace('CURRENT_TIMESTAMP', 'now()'));
      await clone.client.query(`
        CREATE OR REPLACE FUNCTION litemaas_console.reporting_time_zone() RETURNS TEXT
          LANGUAGE sql STABLE PARALLEL SAFE RETURN 'Asia/Tokyo';
        CREATE OR REPLACE VIEW usage_statistics AS
          SELECT s.user_id, us.model_id, us.period_start AS usage_date, 0::bigint AS request_count,
            0::bigint AS total_tokens, 0::numeric AS avg_latency_ms, 0::bigint AS error_count
          FROM usage_summaries us JOIN subscriptions s ON s.id = us.subscription_id;
        CREATE OR REPLACE FUNCTION public.join_default_team() RETURNS TRIGGER
          LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
          -- Without looking whose trigger it is.
          INSERT INTO public.team_members (team_id, user_id, role)
          SELECT t.id, nu.id, 'member'
          FROM new_users nu
          JOIN public.teams t ON t.id = 'a0000000-0000-4000-8000-000000000001'
          ON CONFLICT (team_id, user_id) DO NOTHING;
          RETURN NULL;
        END; $$;
        ALTER TYPE subscription_status ADD VALUE 'paused';`);
      expect((await clone.ids('schema')).toSorted()).toEqual([
        'schema:changed:enum:public.subscription_status',
        'schema:changed:function:litemaas_console.reporting_time_zone()',
        'schema:changed:function:public.join_default_team()',
        'schema:changed:function:public.update_updated_at_column()',
        'schema:changed:view:public.usage_statistics',
      ]);
    } finally {
      await clone.close();
    }
  });

  it('tells what somebody added from what would stop the console, and never offers to remove it', async () => {
    const clone = await openHealthCalls({ major });
    try {
      await clone.client.query(`
        CREATE TABLE "their notes" (id int PRIMARY KEY);
        CREATE TABLE "LiteLLM_UserTable" (user_id text PRIMARY KEY);
        CREATE INDEX their_index ON users (roles);
        ALTER TABLE users ADD COLUMN note text, ADD COLUMN cost_centre text NOT NULL;
        ALTER TABLE users ADD CONSTRAINT their_rule CHECK (username <> '');
        CREATE FUNCTION theirs() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER theirs BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION theirs();`);
      const { findings } = await clone.check('schema');
      expect(Object.fromEntries(findings.map(({ id, severity }) => [id, severity]))).toEqual({
        'schema:extra:table:public.their notes': 'info',
        'schema:extra:index:public.users.their_index': 'info',
        'schema:extra:column:public.users.note': 'info',
        'schema:extra:column:public.users.cost_centre': 'error',
        'schema:extra:constraint:public.users.their_rule': 'warning',
        'schema:extra:function:public.theirs()': 'info',
        'schema:extra:trigger:public.users.theirs': 'warning',
      });
      expect(findings.every(({ repair }) => repair === null)).toBe(true);
      expect(findings[0]?.severity).toBe('error');
    } finally {
      await clone.close();
    }
  });

  it('says nothing of an index that somebody else is building', async () => {
    const [holder, builder] = [
      await openTestSession(calls.workspace.database.config),
      await calls.connectAsAdmin(),
    ];
    await holder.query('BEGIN; UPDATE public.models SET provider = provider');
    const building = builder.query('CREATE INDEX CONCURRENTLY their_index ON public.models (provider)');
    await vi.waitFor(async () => {
      const { rows } = await calls.client.query(
        `SELECT FROM pg_index WHERE indexrelid = to_regclass('public.their_index') AND NOT indisvalid`,
      );
      expect(rows).toHaveLength(1);
    }, waitTimeout);
    expect(await calls.ids('indexes')).toEqual([]);
    await holder.query('ROLLBACK');
    await building;
    await builder.query('DROP INDEX public.their_index');
    await Promise.all([holder.end(), builder.end()]);
  });

  it('says that a sequence and a column come near their end, and leaves the mark for “unlimited” alone', async () => {
    await damaged(
      `CREATE SCHEMA ledger;
       CREATE TABLE ledger.entry (id serial PRIMARY KEY, amount int, cap int);
       SELECT setval('ledger.entry_id_seq', 2100000000);
       INSERT INTO ledger.entry (amount, cap) SELECT 1800000000 + n, 2147483647 FROM generate_series(1, 500) n;
       ANALYZE ledger.entry`,
      'DROP SCHEMA ledger CASCADE',
      async () => {
        const { findings } = await calls.check('capacity');
        expect(findings.map(({ id, severity }) => [id, severity])).toEqual([
          ['sequence:ledger.entry_id_seq', 'error'],
          ['column:ledger.entry.id', 'error'],
          ['column:ledger.entry.amount', 'warning'],
        ]);
        expect(findings[0]?.facts).toContainEqual({ label: 'Limit', value: '2147483647', format: 'count' });
        for (const { evidenceSql } of findings) await calls.client.query(evidenceSql);
      },
    );
  });

  it('names tables without a primary key and tables that nobody vacuums', async () => {
    await damaged(
      `CREATE SCHEMA heap;
       CREATE TABLE heap.loose (id int);
       CREATE TABLE heap."Kept" (id int PRIMARY KEY) WITH (autovacuum_enabled = off);
       INSERT INTO heap."Kept" SELECT generate_series(1, 20000);
       SELECT pg_stat_force_next_flush()`,
      'DROP SCHEMA heap CASCADE',
      async () => {
        const { findings } = await calls.check('tables');
        expect(findings.map(({ id, severity }) => [id, severity])).toEqual([
          ['tables:vacuum:heap."Kept"', 'warning'],
          ['tables:key:heap.loose', 'info'],
        ]);
        for (const { evidenceSql } of findings) await calls.client.query(evidenceSql);
      },
    );
  });

  it('names sessions that stand idle in a transaction, run long and wait for one another, without what they run', async () => {
    const holder = await openTestSession(calls.workspace.database.config);
    const waiter = await openTestSession(calls.workspace.database.config);
    await holder.query(`BEGIN; LOCK TABLE public.models IN ACCESS EXCLUSIVE MODE; SELECT 'sk-secret'`);
    const waiting = waiter.query('SELECT count(*) FROM public.models');
    try {
      const pidOf = async (client: pg.Client): Promise<string> =>
        (await client.query<{ pid: string }>('SELECT pg_backend_pid()::text AS pid')).rows[0]?.pid ?? '';
      const holderId = await pidOf(holder);
      const everything = { idleInTransaction: 0, longRunning: 0, waiting: 0, prepared: 0 };
      await vi.waitFor(async () => {
        const { findings } = await calls.workspace.database.read(AbortSignal.timeout(10_000), (connection) =>
          findSessions(connection, everything),
        );
        const kinds = findings.map(({ id }) => id.split(':')[1]);
        expect(findings.map(({ id }) => id)).toContain(`sessions:idle:${holderId}`);
        expect(kinds).toContain('waiting');
        expect(findings.find(({ id }) => id.startsWith('sessions:waiting'))?.facts).toContainEqual({
          label: 'Waits for sessions',
          value: holderId,
          format: 'code',
        });
        expect(JSON.stringify(findings)).not.toContain('sk-secret');
      });
      expect(await calls.check('sessions')).toMatchObject({ findings: [], notes: [] });
    } finally {
      await holder.query('ROLLBACK');
      await waiting;
      await holder.end();
      await waiter.end();
    }
  });

  it('counts sessions of other roles that it may not look into', async () => {
    const stranger = await openTestSession({ ...calls.workspace.database.config, user: 'postgres' });
    try {
      const { notes } = await calls.check('sessions');
      expect(notes).toHaveLength(1);
      expect(notes[0]).toMatch(/cannot be looked into/);
    } finally {
      await stranger.end();
    }
  });
});
