import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RepairRequest } from '../../../src/shared/contract/health';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type HealthCalls, openHealthCalls } from './health-calls';

const waitTimeout = { timeout: 20_000 };
const refused = (code: string) => expect.objectContaining({ code }) as Error;

async function auditOf(client: pg.Client): Promise<{ target: string; repair: string; outcome: string }[]> {
  const { rows } = await client.query<{ target: string; repair: string; outcome: string }>(
    `DELETE FROM audit_logs WHERE action = 'HEALTH_REPAIR'
     RETURNING resource_id AS target, metadata ->> 'repair' AS repair, metadata ->> 'outcome' AS outcome`,
  );
  return rows;
}

/** What the journal holds of repairs that are done: what was mended, before and after. */
async function journalOf(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query<object>(`
    DELETE FROM litemaas_console.changes WHERE action = 'HEALTH_REPAIR'
    RETURNING record_id AS target, before, after`);
  return rows;
}

describeOnEachPostgres('a repair', (major) => {
  let calls: HealthCalls;
  let subscription: { readonly id: string; readonly model_id: string };
  const log = (at: string) =>
    insertUsageLog(calls.client, {
      subscription_id: subscription.id,
      model_id: subscription.model_id,
      created_at: at,
      request_tokens: 3,
      response_tokens: 4,
      input_cost: '0.5',
    });

  beforeAll(async () => {
    calls = await openHealthCalls({ major });
    const user = await insertUser(calls.client);
    const model = await insertModel(calls.client);
    subscription = await insertSubscription(calls.client, { user_id: user.id, model_id: model.id });
  });
  afterEach(() => journalOf(calls.client));
  afterAll(() => calls.close());

  it('creates the months that the log lacks', async () => {
    const { rows } = await calls.client.query<{ next: string; past: string }>(`
      SELECT to_char(CURRENT_TIMESTAMP AT TIME ZONE 'UTC' + interval '1 month', 'YYYY_MM') AS next,
        to_char(CURRENT_TIMESTAMP AT TIME ZONE 'UTC' - interval '2 years', 'YYYY_MM') AS past`);
    await calls.client.query(
      `DROP TABLE usage_logs_${rows[0]?.next}; DROP TABLE usage_logs_${rows[0]?.past}`,
    );
    const { findings } = await calls.check('partitions');
    expect(findings.map(({ id, severity }) => [id, severity])).toEqual([
      ['partitions:due', 'error'],
      ['partitions:back', 'warning'],
    ]);
    const preview = await calls.preview({ kind: 'create_partitions' });
    expect(preview).toMatchObject({ needed: true, blocks: 'log_for_an_instant', duration: 'seconds' });
    expect(preview.statements).toHaveLength(2);

    expect(await calls.repair({ kind: 'create_partitions' })).toBe('2 partitions created.');
    expect(await calls.ids('partitions')).toEqual([]);
    expect(await auditOf(calls.client)).toEqual([
      { target: 'create_partitions', repair: 'create_partitions', outcome: 'done' },
      { target: 'create_partitions', repair: 'create_partitions', outcome: 'done' },
    ]);
    expect(await journalOf(calls.client)).toEqual(
      [rows[0]?.past, rows[0]?.next].map((month) => ({
        target: 'create_partitions',
        before: null,
        after: { partition: `usage_logs_${month}` },
      })),
    );
  });

  it('moves rows out of DEFAULT, month by month, and changes no figure', async () => {
    await log('2015-03-31T23:59:59.999999Z');
    await log('2015-04-01T00:00:00Z');
    await log('2015-04-30T12:00:00Z');
    const figures = async (): Promise<object[]> =>
      (
        await calls.client.query<object>(`
          SELECT (SELECT sum(requests) FROM litemaas_console.usage_daily) AS requests,
            (SELECT used_tokens FROM subscriptions) AS tokens, (SELECT count(*) FROM usage_logs) AS rows`)
      ).rows;
    const before = await figures();
    const finding = await calls.finding('partitions', 'partitions:default');
    expect(finding.facts).toEqual([
      { label: 'Rows', value: '3', format: 'count' },
      { label: 'Months', value: '2015-03, 2015-04', format: 'text' },
    ]);
    expect(await calls.preview({ kind: 'move_default_rows' })).toMatchObject({ blocks: 'log_writes' });

    calls.reported.length = 0;
    await calls.repair({ kind: 'move_default_rows' });
    expect(calls.reported.map(({ detail, done, total }) => [detail, done, total])).toEqual([
      [undefined, undefined, undefined],
      ['2015-03', 0, 2],
      ['2015-04', 1, 2],
    ]);
    expect(await calls.ids('partitions')).toEqual([]);
    expect(await figures()).toEqual(before);
    expect(await auditOf(calls.client)).toHaveLength(2);
    await calls.client.query('DELETE FROM usage_logs');
  });

  it('leaves a month alone that somebody took out of the log, and rows without a month', async () => {
    await calls.client.query('ALTER TABLE usage_logs DETACH PARTITION usage_logs_2015_04');
    await log('2015-04-10T00:00:00Z');
    await log('infinity');
    const { findings } = await calls.check('partitions');
    expect(findings.map(({ id, severity, repair }) => [id, severity, repair])).toEqual([
      ['partitions:default', 'warning', null],
      ['partitions:detached:2015-04', 'info', null],
    ]);
    expect(await calls.preview({ kind: 'move_default_rows' })).toMatchObject({
      needed: false,
      statements: [],
    });
    await calls.client.query('DELETE FROM usage_logs; DROP TABLE usage_logs_2015_04');
  });

  it('builds an invalid index again', async () => {
    await calls.asAdmin(
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.idx_users_email_lower'::regclass`,
    );
    const finding = await calls.finding('indexes', 'index:public.idx_users_email_lower');
    expect(finding.repair).toEqual({ kind: 'reindex', schema: 'public', index: 'idx_users_email_lower' });
    const preview = await calls.preview(finding.repair as RepairRequest);
    expect(preview).toMatchObject({
      statements: ['REINDEX INDEX CONCURRENTLY public.idx_users_email_lower;'],
      oneTransaction: false,
    });
    await calls.repair(finding.repair as RepairRequest);
    expect(await calls.ids('indexes')).toEqual([]);
    expect(await auditOf(calls.client)).toEqual([
      { target: 'public.idx_users_email_lower', repair: 'reindex', outcome: 'begun' },
      { target: 'public.idx_users_email_lower', repair: 'reindex', outcome: 'done' },
    ]);
    expect(await journalOf(calls.client)).toEqual([
      { target: 'public.idx_users_email_lower', before: { valid: false }, after: { valid: true } },
    ]);
  });

  it('that rows stand in the way of says so, leaves nothing behind, and works once they are mended', async () => {
    const { client } = calls;
    await client.query('DROP INDEX unique_active_subscription');
    const double = await insertSubscription(client, {
      user_id:
        (await client.query<{ user_id: string }>('SELECT user_id FROM subscriptions')).rows[0]?.user_id ?? '',
      model_id: subscription.model_id,
    });
    const repair = { kind: 'create_index', schema: 'public', index: 'unique_active_subscription' } as const;
    expect(
      (await calls.finding('schema', 'schema:missing:index:public.subscriptions.unique_active_subscription'))
        .repair,
    ).toEqual(repair);
    await expect(calls.repair(repair)).rejects.toEqual(refused('db_constraint'));
    expect(await calls.ids('indexes')).toEqual([]);

    // As a failed attempt without the console leaves it: invalid.
    await expect(
      client.query(
        `CREATE UNIQUE INDEX CONCURRENTLY unique_active_subscription ON subscriptions (user_id, model_id) WHERE status = 'active'`,
      ),
    ).rejects.toMatchObject({ code: '23505' });
    const finding = await calls.finding('indexes', 'index:public.unique_active_subscription');
    expect(finding.severity).toBe('error');
    await expect(calls.repair(finding.repair as RepairRequest)).rejects.toEqual(refused('db_constraint'));
    expect(await calls.ids('indexes')).toEqual(['index:public.unique_active_subscription']);
    expect((await auditOf(client)).map(({ outcome }) => outcome)).toEqual([
      'begun',
      'failed',
      'begun',
      'failed',
    ]);

    await client.query('DELETE FROM subscriptions WHERE id = $1', [double.id]);
    await calls.repair(finding.repair as RepairRequest);
    expect([...(await calls.ids('indexes')), ...(await calls.ids('schema'))]).toEqual([]);
    await auditOf(client);
  });

  const toRead = async (repair: RepairRequest | null | undefined): Promise<string | null | undefined> =>
    (await calls.preview(repair as RepairRequest)).facts.find(({ label }) => label === 'To read')?.value;

  it('creates a missing index, also over all months of the log', async () => {
    await calls.client.query('DROP INDEX idx_models_provider; DROP INDEX idx_usage_logs_model');
    const { findings } = await calls.check('schema');
    expect(findings.map(({ repair }) => repair)).toEqual([
      { kind: 'create_index', schema: 'public', index: 'idx_models_provider' },
      { kind: 'create_index', schema: 'public', index: 'idx_usage_logs_model' },
    ]);
    const sizes = await calls.client.query<{ ordinary: string; parts: string }>(`
      SELECT pg_table_size('models')::text AS ordinary, (
        SELECT sum(pg_table_size(inhrelid))::text FROM pg_inherits WHERE inhparent = 'usage_logs'::regclass
      ) AS parts`);
    const [size] = sizes.rows;
    expect(Number(size?.ordinary)).toBeGreaterThan(0);
    expect(await toRead(findings[0]?.repair)).toBe(size?.ordinary);
    expect(await toRead(findings[1]?.repair)).toBe(size?.parts);
    for (const { repair } of findings) await calls.repair(repair as RepairRequest);
    expect([...(await calls.ids('schema')), ...(await calls.ids('indexes'))]).toEqual([]);
    const { rows } = await calls.client.query<{ serves: boolean }>(
      `SELECT bool_and(indisvalid) AS serves FROM pg_index
       WHERE indexrelid = 'idx_usage_logs_model'::regclass
         OR indexrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'idx_usage_logs_model'::regclass)`,
    );
    expect(rows).toEqual([{ serves: true }]);
    await auditOf(calls.client);
    expect(await journalOf(calls.client)).toEqual(
      ['public.idx_models_provider', 'public.idx_usage_logs_model'].map((target) => ({
        target,
        before: null,
        after: { valid: true },
      })),
    );
  });

  it('completes an index that some months have no part of', async () => {
    await calls.client.query('DROP INDEX idx_usage_logs_team');
    await calls.client.query(`
      CREATE INDEX idx_usage_logs_team ON ONLY usage_logs (team_id);
      CREATE INDEX part ON usage_logs_default (team_id);
      ALTER INDEX idx_usage_logs_team ATTACH PARTITION part`);
    const finding = await calls.finding('indexes', 'index:public.idx_usage_logs_team');
    await calls.repair(finding.repair as RepairRequest);
    expect([...(await calls.ids('schema')), ...(await calls.ids('indexes'))]).toEqual([]);
    await auditOf(calls.client);
  });

  it('goes on where it was stopped between building a part and attaching it', async () => {
    await calls.client.query(`
      DROP INDEX idx_usage_logs_team;
      CREATE INDEX idx_usage_logs_team ON ONLY usage_logs (team_id);
      CREATE INDEX usage_logs_default_idx_usage_logs_team ON usage_logs_default (team_id)`);
    const repair = { kind: 'create_index', schema: 'public', index: 'idx_usage_logs_team' } as const;
    const { statements, blocks } = await calls.preview(repair);
    expect(blocks).toBe('log_for_an_instant');
    expect(statements.filter((statement) => statement.includes('usage_logs_default'))).toEqual([
      'ALTER INDEX public.idx_usage_logs_team ATTACH PARTITION public.usage_logs_default_idx_usage_logs_team;',
    ]);
    await calls.repair(repair);
    expect([...(await calls.ids('schema')), ...(await calls.ids('indexes'))]).toEqual([]);
    await auditOf(calls.client);
  });

  it('lets usage be written while it waits behind a long writer of the log', async () => {
    await calls.client.query('DROP INDEX idx_usage_logs_team');
    const holder = await openTestSession(calls.workspace.database.config);
    await holder.query('BEGIN; LOCK TABLE public.usage_logs IN ROW EXCLUSIVE MODE');
    const repairing = calls.repair({ kind: 'create_index', schema: 'public', index: 'idx_usage_logs_team' });
    await vi.waitFor(async () => {
      const { rows } = await calls.client.query(
        `SELECT FROM pg_locks WHERE relation = 'usage_logs'::regclass AND mode = 'ShareLock' AND NOT granted`,
      );
      expect(rows).toHaveLength(1);
    }, waitTimeout);
    await log('2026-08-01T00:00:00Z');
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await repairing).toBe('The index public.idx_usage_logs_team is built and in use.');
    expect([...(await calls.ids('schema')), ...(await calls.ids('indexes'))]).toEqual([]);
    await calls.client.query('DELETE FROM usage_logs');
    await auditOf(calls.client);
  });

  it('that is done is not called failed where the trail cannot say that it is done', async () => {
    await calls.client.query(`
      DROP INDEX idx_models_provider;
      CREATE FUNCTION refuse_done() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'The trail is closed.'; END $$;
      CREATE TRIGGER refuse_done BEFORE INSERT ON audit_logs FOR EACH ROW
        WHEN (NEW.metadata ->> 'outcome' = 'done') EXECUTE FUNCTION refuse_done()`);
    await expect(
      calls.repair({ kind: 'create_index', schema: 'public', index: 'idx_models_provider' }),
    ).rejects.toThrow(/The trail is closed/);
    await calls.client.query('DROP TRIGGER refuse_done ON audit_logs; DROP FUNCTION refuse_done()');
    expect(await auditOf(calls.client)).toMatchObject([{ outcome: 'begun' }]);
    expect([...(await calls.ids('schema')), ...(await calls.ids('indexes'))]).toEqual([]);
  });

  it('that is cancelled while it waits stops, drops what it had begun and says so in the trail', async () => {
    await calls.client.query('DROP INDEX idx_models_provider');
    const holder = await openTestSession(calls.workspace.database.config);
    await holder.query('BEGIN; UPDATE public.models SET provider = provider');
    const stop = new AbortController();
    const repairing = calls.repair(
      { kind: 'create_index', schema: 'public', index: 'idx_models_provider' },
      stop.signal,
    );
    const outcome = expect(repairing).rejects.toEqual(refused('cancelled'));
    const builds = async (state: string): Promise<number> => {
      const { rows } = await calls.client.query(
        `SELECT FROM pg_stat_activity
         WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND datname = current_database() AND ${state}`,
      );
      return rows.length;
    };
    await vi.waitFor(async () => expect(await builds(`wait_event_type = 'Lock'`)).toBe(1), waitTimeout);
    // What somebody else leaves half-built meanwhile is theirs.
    const theirs = `indexrelid = 'public.idx_users_email_lower'::regclass`;
    await calls.asAdmin(`UPDATE pg_index SET indisvalid = false WHERE ${theirs}`);
    stop.abort();
    await vi.waitFor(async () => expect(await builds(`state = 'active'`)).toBe(0), waitTimeout);
    // The clean-up waits for the same transaction, and no longer than it must.
    await holder.query('ROLLBACK');
    await outcome;
    await holder.end();
    expect(await calls.ids('indexes')).toEqual(['index:public.idx_users_email_lower']);
    await calls.asAdmin(`UPDATE pg_index SET indisvalid = true WHERE ${theirs}`);
    expect(await auditOf(calls.client)).toMatchObject([{ outcome: 'begun' }, { outcome: 'failed' }]);
    await calls.repair({ kind: 'create_index', schema: 'public', index: 'idx_models_provider' });
    await auditOf(calls.client);
  });

  it('validates a constraint, or says that rows break it', async () => {
    await calls.client.query(`
      ALTER TABLE users DROP CONSTRAINT users_sync_status_check;
      UPDATE users SET sync_status = 'banana';
      ALTER TABLE users ADD CONSTRAINT users_sync_status_check
        CHECK (sync_status IN ('pending', 'synced', 'error')) NOT VALID`);
    const id = 'constraint:public.users.users_sync_status_check';
    const repair = (await calls.finding('indexes', id)).repair as RepairRequest;
    expect(await calls.ids('schema')).toEqual([]);
    await expect(calls.repair(repair)).rejects.toEqual(refused('db_constraint'));
    expect(await auditOf(calls.client)).toEqual([]);
    await calls.client.query(`UPDATE users SET sync_status = 'pending'`);
    await calls.repair(repair);
    expect(await calls.ids('indexes')).toEqual([]);
    expect(await auditOf(calls.client)).toMatchObject([{ repair: 'validate_constraint', outcome: 'done' }]);
    const target = 'public.users.users_sync_status_check';
    expect(await journalOf(calls.client)).toEqual([
      { target, before: { validated: false }, after: { validated: true } },
    ]);
  });

  it('creates the search indexes that are missing', async () => {
    await calls.client.query('DROP INDEX users_contains; DROP INDEX models_contains');
    const finding = await calls.finding('schema', 'search:contains');
    await calls.repair(finding.repair as RepairRequest);
    expect(await calls.ids('schema')).toEqual([]);
    await auditOf(calls.client);
    expect(await journalOf(calls.client)).toEqual([
      {
        target: 'create_search_indexes',
        before: { missing: ['users_contains', 'models_contains'] },
        after: { missing: [] },
      },
    ]);
  });

  it('makes rollups again that do not equal the log', async () => {
    await log('2026-09-30T23:30:00Z');
    await log('2026-10-01T00:30:00Z');
    const equal = await calls.reconcile();
    expect(equal.months.map(({ month, state }) => [month, state])).toEqual([
      ['2026-10', 'equal'],
      ['2026-09', 'equal'],
    ]);
    expect(equal.months[0]).toMatchObject({ log: { requests: '1', tokens: '7', cost: '0.5' } });

    await calls.client.query(`
      UPDATE litemaas_console.usage_daily SET requests = requests + 1 WHERE day = '2026-09-30';
      UPDATE usage_summaries SET total_tokens = 0 WHERE period_type = 'hour' AND period_start >= '2026-10-01'`);
    const different = await calls.reconcile();
    expect(different.months.map(({ state }) => state)).toEqual(['equal', 'differs']);
    expect(different.summaries.map(({ state }) => state)).toEqual(['differs', 'equal']);
    await calls.repair({ kind: 'rebuild_usage' });
    const mended = await calls.reconcile();
    expect([...mended.months, ...mended.summaries].map(({ state }) => state)).toEqual([
      'equal',
      'equal',
      'equal',
      'equal',
    ]);
    expect(await auditOf(calls.client)).toMatchObject([{ repair: 'rebuild_usage', outcome: 'done' }]);
    const right = { dailyRequests: '2', dailyCost: '1', monthlyRequests: '2', monthlyCost: '1' };
    expect(await journalOf(calls.client)).toEqual([
      {
        target: 'rebuild_usage',
        // Hours, days and months of two requests; those of the hours after September were set to 0.
        before: { ...right, dailyRequests: '3', summarisedRequests: '6', summarisedTokens: '35' },
        after: { ...right, summarisedRequests: '6', summarisedTokens: '42' },
      },
    ]);
  });

  it('does not compare months whose log was archived, and cuts the others in the reporting zone', async () => {
    await calls.client.query(`
      SELECT litemaas_console.rebuild_usage('Pacific/Auckland');
      INSERT INTO litemaas_console.usage_ranges (range_start, range_end, state)
      VALUES ('2020-01-01Z', '2020-02-01Z', 'log_archived');
      INSERT INTO litemaas_console.usage_monthly
        (month, model_id, requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count)
      VALUES ('2020-01-01', 'm', 5, 0, 1, 1, 1, 0, 0)`);
    const { months, timeZone, summaries } = await calls.reconcile();
    expect(timeZone).toBe('Pacific/Auckland');
    expect(months.map(({ month, state }) => [month, state])).toEqual([
      ['2026-10', 'equal'],
      ['2020-01', 'archived'],
    ]);
    expect(summaries.map(({ month }) => month)).toEqual(['2026-10', '2026-09']);
    await calls.client
      .query(`DELETE FROM litemaas_console.usage_ranges; DELETE FROM litemaas_console.usage_monthly
      WHERE month = '2020-01-01'; SELECT litemaas_console.rebuild_usage('UTC')`);
  });

  it('can be cancelled while it compares', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(calls.reconcile(stop.signal)).rejects.toEqual(refused('cancelled'));
  });

  it('is refused when somebody was faster, or when something else would be done than was previewed', async () => {
    await calls.client.query('DROP INDEX idx_models_provider');
    const repair = { kind: 'create_index', schema: 'public', index: 'idx_models_provider' } as const;
    const { version } = await calls.preview(repair);
    await expect(calls.repairWith(repair, 'another version')).rejects.toEqual(refused('conflict'));
    await calls.client.query('CREATE INDEX idx_models_provider ON models (provider)');
    await expect(calls.repairWith(repair, version)).rejects.toEqual(refused('conflict'));
    expect(await auditOf(calls.client)).toEqual([]);
  });

  it('is not offered for what is somebody’s own', async () => {
    await calls.client.query(`
      CREATE INDEX their_index ON users (is_active);
      ALTER TABLE users ADD CONSTRAINT their_rule CHECK (username <> '') NOT VALID`);
    await calls.asAdmin(
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.their_index'::regclass`,
    );
    const { findings } = await calls.check('indexes');
    expect(findings.map(({ id, repair }) => [id, repair])).toEqual([
      ['index:public.their_index', null],
      ['constraint:public.users.their_rule', null],
    ]);
    for (const repair of [
      { kind: 'reindex', schema: 'public', index: 'their_index' },
      { kind: 'validate_constraint', schema: 'public', table: 'users', constraint: 'their_rule' },
      { kind: 'create_index', schema: 'public', index: 'their_index' },
    ] as const) {
      const { needed, version } = await calls.preview(repair);
      expect(needed).toBe(false);
      await expect(calls.repairWith(repair, version)).rejects.toEqual(refused('conflict'));
    }
    await calls.client.query('DROP INDEX their_index; ALTER TABLE users DROP CONSTRAINT their_rule');
  });
});

describe('a read-only workspace', () => {
  it('shows findings and previews, and refuses every repair', async () => {
    const calls = await openHealthCalls({ access: 'read-only' });
    try {
      await calls.client.query(`
        DROP INDEX idx_models_provider; DROP INDEX users_contains;
        DROP TABLE usage_logs_2024_02;
        ALTER TABLE users DROP CONSTRAINT users_sync_status_check;
        ALTER TABLE users ADD CONSTRAINT users_sync_status_check
          CHECK (sync_status IN ('pending', 'synced', 'error')) NOT VALID`);
      await calls.asAdmin(
        `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.idx_users_email_lower'::regclass`,
      );
      const found = [
        ...(await calls.check('schema')).findings,
        ...(await calls.check('indexes')).findings,
        ...(await calls.check('partitions')).findings,
      ].flatMap(({ repair }) => (repair === null ? [] : [repair]));
      expect(found.map(({ kind }) => kind).toSorted()).toEqual([
        'create_index',
        'create_partitions',
        'create_search_indexes',
        'reindex',
        'validate_constraint',
      ]);
      for (const repair of [...found, { kind: 'rebuild_usage' } as const]) {
        expect((await calls.preview(repair)).needed).toBe(true);
        await expect(calls.repair(repair)).rejects.toEqual(refused('read_only'));
      }
      expect(await calls.reconcile()).toMatchObject({ months: [], summaries: [] });
    } finally {
      await calls.close();
    }
  });
});
