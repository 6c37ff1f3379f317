import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { loadDemo } from '../../src/main/demo/load-demo';
import { removeDemo } from '../../src/main/demo/remove-demo';
import { traceLength } from '../../src/main/demo/trace';
import { openTestSession } from '../support/test-session';
import { openTestWorkspace, type TestWorkspace } from '../support/workspace';

const now = new Date('2026-11-20T12:00:00Z');
const demoFolder = 'src/main/demo/data';
const work = { signal: new AbortController().signal, report: () => undefined };

/** Every table's rows as one number each, without what may differ between two identical loads (ids of events). */
async function tableCounts(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'litemaas_console') ORDER BY 1`,
  );
  const counts: Record<string, string> = {};
  for (const { name } of rows) {
    const found = await client.query<{ count: string }>(`SELECT count(*) AS count FROM ${name}`);
    counts[name] = found.rows[0]?.count ?? '';
  }
  return counts;
}

describe('the demo', () => {
  let test: TestWorkspace;
  let client: pg.Client;
  let before: Record<string, string>;

  beforeAll(async () => {
    test = await openTestWorkspace();
    client = await openTestSession(test.database.config);
    before = await tableCounts(client);
    await loadDemo(test.workspace, { demoFolder, now, ...work });
  });
  afterAll(async () => {
    await client.end();
    await test.close();
  });

  const one = async (sql: string): Promise<unknown> =>
    (await client.query<{ value: unknown }>(sql)).rows[0]?.value;

  it('holds 40 people, 6 teams beside the default one, a dozen models, 60 subscriptions and 80 keys', async () => {
    expect(await one('SELECT count(*)::int AS value FROM users')).toBe(40);
    expect(await one('SELECT count(*)::int AS value FROM teams')).toBe(7);
    expect(await one('SELECT count(*)::int AS value FROM models')).toBe(12);
    expect(await one('SELECT count(*)::int AS value FROM subscriptions')).toBe(60);
    expect(await one('SELECT count(*)::int AS value FROM api_keys')).toBe(80);
  });

  it('gives every key a name and a beginning of its own', async () => {
    expect(await one('SELECT count(DISTINCT name)::int AS value FROM api_keys')).toBe(80);
    expect(await one('SELECT count(DISTINCT key_prefix)::int AS value FROM api_keys')).toBe(80);
  });

  it('knows how many rows each table has', async () => {
    expect(
      await one(`
        SELECT string_agg(relname, ', ' ORDER BY relname) AS value FROM pg_class
        WHERE relname IN ('models', 'users', 'teams', 'subscriptions', 'api_keys', 'api_key_models', 'usage_logs',
          'usage_daily', 'usage_monthly', 'usage_logs_2026_11') AND reltuples <= 0`),
    ).toBeNull();
    expect(await one(`SELECT reltuples::int AS value FROM pg_class WHERE relname = 'usage_logs'`)).toBe(
      traceLength,
    );
  });

  it('holds every request of the real trace, within the 30 days before its moment', async () => {
    expect(await one('SELECT count(*)::int AS value FROM usage_logs')).toBe(traceLength);
    expect(
      await one(
        `SELECT min(created_at) >= '2026-10-21T12:00:00Z' AND max(created_at) < '2026-11-20T12:00:00Z' AS value FROM usage_logs`,
      ),
    ).toBe(true);
    // The trace's own sums: the shares that were turned into failures have no tokens.
    expect(
      await one(`SELECT count(*)::int AS value FROM usage_logs WHERE metadata ->> 'trace' = 'code'`),
    ).toBe(8819);
    expect(await one(`SELECT bool_and(metadata @> '{"demo": true}') AS value FROM usage_logs`)).toBe(true);
  });

  it('prices every request exactly with the catalogue price of its model', async () => {
    expect(
      await one(`
        SELECT count(*)::int AS value FROM usage_logs AS log
        JOIN litemaas_console.model_prices AS price USING (model_id)
        WHERE log.input_cost <> round(log.request_tokens * price.input_price_per_token, 12)
           OR log.output_cost <> round(log.response_tokens * price.output_price_per_token, 12)`),
    ).toBe(0);
  });

  it('has subscriptions that their quota suspended, with the request that did it', async () => {
    expect(
      await one(`
        SELECT count(*)::int AS value FROM litemaas_console.subscription_events
        WHERE cause = 'quota' AND to_status = 'suspended' AND usage_log_id IS NOT NULL`),
    ).toBeGreaterThan(0);
  });

  it('refuses a second load', async () => {
    await expect(loadDemo(test.workspace, { demoFolder, now, ...work })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('is the same every time', async () => {
    const other = await openTestWorkspace();
    const second = await openTestSession(other.database.config);
    await loadDemo(other.workspace, { demoFolder, now, ...work });
    const sum = `SELECT md5(string_agg(row, '|' ORDER BY row)) AS value FROM (
      SELECT concat_ws(',', litellm_request_id, created_at, api_key_id, subscription_id, model_id, request_tokens,
        response_tokens, total_cost, latency_ms, status_code) AS row FROM usage_logs) AS logs`;
    const [first, again] = [await one(sum), (await second.query<{ value: string }>(sum)).rows[0]?.value];
    await second.end();
    await other.close();
    expect(again).toBe(first);
  });

  it('leaves nothing behind but its two rows in audit log and journal when it is removed', async () => {
    await removeDemo(test.workspace, work);
    const {
      'public.audit_logs': auditRows,
      'litemaas_console.changes': journalRows,
      ...after
    } = await tableCounts(client);
    const {
      'public.audit_logs': auditBefore,
      'litemaas_console.changes': journalBefore,
      ...expected
    } = before;
    expect(after).toEqual(expected);
    expect(Number(auditRows) - Number(auditBefore)).toBe(2);
    expect(Number(journalRows) - Number(journalBefore)).toBe(2);
    await expect(removeDemo(test.workspace, work)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leaves nothing when it is cancelled', async () => {
    const controller = new AbortController();
    const report = ({ detail }: { detail?: string | undefined }): void => {
      if (detail === 'Requests') controller.abort();
    };
    const loading = loadDemo(test.workspace, { demoFolder, now, signal: controller.signal, report });
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
    expect(await one('SELECT count(*)::int AS value FROM users')).toBe(0);
  });
});
