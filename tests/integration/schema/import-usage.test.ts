import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  importUsage,
  type ImportUsageOutcome,
  type UsageImportRow,
} from '../../../src/main/usage-log/import-usage';
import { isLong } from '../../support/long-runs';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { insertUnattributedUsage } from '../../support/builders';
import { readDerived } from './usage-oracle';

const user = '00000000-0000-4000-8000-000000000001';
const subscription = '00000000-0000-4000-8000-000000000002';
const key = '00000000-0000-4000-8000-000000000003';
const team = '00000000-0000-4000-8000-000000000004';
const counted = { countUsage: true };

function usageRow(changes: Partial<UsageImportRow> = {}): UsageImportRow {
  return {
    requestId: 'request-1',
    createdAt: '2026-03-04T05:06:07.123456Z',
    apiKeyId: key,
    subscriptionId: subscription,
    userId: user,
    teamId: team,
    modelId: 'm',
    requestTokens: 100,
    responseTokens: 50,
    inputCost: '0.0001',
    outputCost: '0.0002',
    latencyMs: 1200,
    statusCode: 200,
    errorMessage: null,
    metadata: { source: 'test' },
    ...changes,
  };
}

function numbered(count: number, changes: Partial<UsageImportRow> = {}): UsageImportRow[] {
  return Array.from({ length: count }, (_, index) =>
    usageRow({
      requestId: `request-${index}`,
      createdAt: new Date(Date.UTC(2026, 2, 1) + index * 600_000).toISOString(),
      ...changes,
    }),
  );
}

describeOnEachPostgres('importing usage', (major) => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase({ major });
    client = await openTestSession(database.config);
    await client.query(`
      INSERT INTO users (id, username, email, oauth_provider, oauth_id)
      VALUES ('${user}', 'ada', 'ada@example.com', 'test', '1');
      INSERT INTO models (id, name, provider) VALUES ('m', 'M', 'p');
      INSERT INTO teams (id, name) VALUES ('${team}', 'Team');
      INSERT INTO subscriptions (id, user_id, model_id, status, quota_requests, quota_tokens)
      VALUES ('${subscription}', '${user}', 'm', 'active', NULL, NULL);
      INSERT INTO api_keys (id, user_id, key_hash, key_prefix) VALUES ('${key}', '${user}', 'hash', 'sk-1')`);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  beforeEach(() => client.query('BEGIN'));
  afterEach(() => client.query('ROLLBACK'));

  const importRows = (rows: readonly UsageImportRow[], options = counted): Promise<ImportUsageOutcome> =>
    importUsage(client, rows, options);

  /** Every version of every row: equal before and after means that nothing was written. */
  async function rowVersions(): Promise<unknown> {
    const { rows } = await client.query(`
      SELECT 'log' AS part, id::text, ctid::text FROM usage_logs
      UNION ALL SELECT 'unattributed', id::text, ctid::text FROM litemaas_console.unattributed_usage
      UNION ALL SELECT 'summary', id::text, ctid::text FROM usage_summaries
      UNION ALL SELECT 'subscription', id::text, ctid::text FROM subscriptions
      UNION ALL SELECT 'daily', day::text, ctid::text FROM litemaas_console.usage_daily
      UNION ALL SELECT 'latency', day::text, ctid::text FROM litemaas_console.usage_latency
      ORDER BY 1, 2, 3`);
    return rows;
  }

  async function one<T>(query: string): Promise<T | undefined> {
    const { rows } = await client.query(query);
    return rows[0] as T | undefined;
  }

  it('stores every field exactly', async () => {
    const row = usageRow({
      inputCost: '0.0000000004',
      outputCost: '12345678.000000000001',
      latencyMs: 0,
      statusCode: 429,
      errorMessage: 'tab\t, newline\n, backslash \\ and NUL \0 — ünïcode',
      metadata: { text: 'NUL \0', escaped: '\\u0000', nested: { list: [1, null] } },
    });
    expect(await importRows([row])).toEqual({ inserted: 1, updated: 0, unchanged: 0, unattributed: 0 });
    expect(
      await one(`SELECT api_key_id, subscription_id, team_id, model_id, request_tokens::int, response_tokens::int,
        total_tokens::int, input_cost, output_cost, total_cost, latency_ms, status_code, error_message,
        litellm_request_id, metadata, counted_towards_quota,
        to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at FROM usage_logs`),
    ).toEqual({
      api_key_id: key,
      subscription_id: subscription,
      team_id: team,
      model_id: 'm',
      request_tokens: 100,
      response_tokens: 50,
      total_tokens: 150,
      input_cost: '0.000000000400',
      output_cost: '12345678.000000000001',
      total_cost: '12345678.000000000401',
      latency_ms: 0,
      status_code: 429,
      error_message: 'tab\t, newline\n, backslash \\ and NUL  — ünïcode',
      litellm_request_id: 'request-1',
      metadata: { text: 'NUL ', escaped: '\\u0000', nested: { list: [1, null] } },
      counted_towards_quota: true,
      created_at: '2026-03-04T05:06:07.123456Z',
    });
  });

  it('writes nothing when the same usage comes again, whatever the batches', async () => {
    const rows = [
      ...numbered(40),
      ...numbered(10, { subscriptionId: null }).map((row) => ({
        ...row,
        requestId: `stranger-${row.requestId}`,
      })),
      usageRow({ requestId: null }),
      usageRow({ requestId: null }),
      usageRow({ requestId: null, inputCost: '0.00010000000000004' }),
    ];
    expect(await importRows(rows)).toEqual({ inserted: 43, updated: 0, unchanged: 0, unattributed: 10 });
    const before = await rowVersions();
    const again = { inserted: 0, updated: 0, unchanged: rows.length, unattributed: 0 };
    expect(await importRows(rows)).toEqual(again);
    expect(await importUsage(client, [...rows].reverse(), { ...counted, batchSize: 7 })).toEqual(again);
    expect(await rowVersions()).toEqual(before);
  });

  it.each(['logged', 'unattributed'] as const)(
    'keeps ids of any length (%s), and gives a row that an earlier console stored under a hash its own id',
    async (kind) => {
      const attribution =
        kind === 'logged' ? {} : { subscriptionId: null, unattributedReason: 'unknown_key' };
      const log = kind === 'logged' ? 'usage_logs' : 'litemaas_console.unattributed_usage';
      // Longer than an index entry can be, and beyond what PostgreSQL could compress into one.
      const ids = [549, 3000, 100_000].map((length) =>
        Array.from({ length }, (_, index) => ((index * 7919 + length) % 36).toString(36)).join(''),
      );
      const stored = ids.map((_, index) => `sha256:${String(index).repeat(64)}`);
      const rows = (names: readonly string[]): UsageImportRow[] =>
        ids.map((_, index) =>
          usageRow({ ...attribution, requestId: names[index] ?? '', earlierRequestId: stored[index] }),
        );

      await importRows(rows(stored));
      const before = await readDerived(client);
      const renamed = await importRows(rows(ids));
      expect(renamed).toMatchObject({ inserted: 0, unattributed: 0 });
      const found = await client.query(
        `SELECT litellm_request_id AS id FROM ${log} ORDER BY length(litellm_request_id)`,
      );
      expect(found.rows).toEqual(ids.map((id) => ({ id })));
      expect(await readDerived(client)).toEqual(before);

      const versions = await rowVersions();
      expect(await importRows(rows(ids))).toMatchObject({ inserted: 0, updated: 0, unattributed: 0 });
      expect(await rowVersions()).toEqual(versions);
    },
  );

  it('corrects figures by the difference', async () => {
    await importRows(numbered(3));
    const outcome = await importRows([
      usageRow({
        ...numbered(2)[1],
        outputCost: '0.0007',
        responseTokens: 70,
        statusCode: 500,
        latencyMs: null,
      }),
      ...numbered(1),
    ]);
    expect(outcome).toEqual({ inserted: 0, updated: 1, unchanged: 1, unattributed: 0 });
    expect(
      await one(`SELECT requests::int, errors::int, response_tokens::int, cost, latency_ms_sum::int, latency_count::int
        FROM litemaas_console.usage_daily`),
    ).toEqual({
      requests: 3,
      errors: 1,
      response_tokens: 170,
      cost: '0.001400000000',
      latency_ms_sum: 2400,
      latency_count: 2,
    });
    expect(await one('SELECT used_requests::int, used_tokens::int FROM subscriptions')).toEqual({
      used_requests: 3,
      used_tokens: 470,
    });
    expect(await one('SELECT sum(requests)::int AS requests FROM litemaas_console.usage_latency')).toEqual({
      requests: 2,
    });
  });

  it('leaves quotas alone when history is imported, also when it is corrected later', async () => {
    await client.query('UPDATE subscriptions SET quota_requests = 1');
    await importRows(numbered(5), { countUsage: false });
    await importRows(numbered(5, { requestTokens: 7 }));
    expect(await one('SELECT status, used_requests::int, used_tokens::int FROM subscriptions')).toEqual({
      status: 'active',
      used_requests: 0,
      used_tokens: 0,
    });
    await client.query(`INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens)
      VALUES ('${subscription}', 'm', 1, 1)`);
    expect(await one('SELECT used_requests::int FROM subscriptions')).toEqual({ used_requests: 1 });
  });

  it('keeps usage without a subscription, fills in whoever becomes known, and moves it once there is a subscription', async () => {
    const stranger = usageRow({ subscriptionId: null, apiKeyId: null, userId: null, teamId: null });
    const usageBy = `SELECT user_id, subscription_id, sum(requests)::int AS requests FROM litemaas_console.usage_daily
      GROUP BY 1, 2 HAVING sum(requests) > 0`;
    expect((await importRows([stranger])).unattributed).toBe(1);
    expect(await one('SELECT reason FROM litemaas_console.unattributed_usage')).toEqual({
      reason: 'unknown_key',
    });
    expect(await one(usageBy)).toEqual({ user_id: null, subscription_id: null, requests: 1 });

    const known = { ...stranger, apiKeyId: key, userId: user };
    expect(await importRows([known])).toEqual({ inserted: 0, updated: 1, unchanged: 0, unattributed: 0 });
    expect(await importRows([stranger])).toMatchObject({ unchanged: 1 });
    expect(await one('SELECT reason FROM litemaas_console.unattributed_usage')).toEqual({
      reason: 'no_subscription',
    });
    expect(await one(usageBy)).toEqual({ user_id: user, subscription_id: null, requests: 1 });

    expect(await importRows([usageRow()])).toEqual({
      inserted: 1,
      updated: 0,
      unchanged: 0,
      unattributed: 0,
    });
    expect(await one(usageBy)).toEqual({ user_id: user, subscription_id: subscription, requests: 1 });
    expect(await one('SELECT count(*)::int FROM litemaas_console.unattributed_usage')).toEqual({ count: 0 });
  });

  it('takes references that have been deleted since for what they were', async () => {
    const [goneKey, goneTeam, goneSubscription] = [randomUUID(), randomUUID(), randomUUID()];
    const outcome = await importRows([
      usageRow({ apiKeyId: goneKey, teamId: goneTeam }),
      usageRow({ requestId: 'request-2', subscriptionId: goneSubscription }),
    ]);
    expect(outcome).toMatchObject({ inserted: 1, unattributed: 1 });
    expect(await one('SELECT api_key_id, former_api_key_id, former_team_id FROM usage_logs')).toEqual({
      api_key_id: null,
      former_api_key_id: goneKey,
      former_team_id: goneTeam,
    });
    expect(await one('SELECT reason FROM litemaas_console.unattributed_usage')).toEqual({
      reason: 'subscription_missing',
    });
    expect(
      await one(`SELECT count(*)::int FROM litemaas_console.usage_daily WHERE api_key_id = '${goneKey}'`),
    ).toEqual({ count: 1 });
  });

  it('does not count usage of a deleted subscription again', async () => {
    await importRows(numbered(5));
    const before = (await readDerived(client)).daily;
    await client.query('DELETE FROM subscriptions');
    expect((await readDerived(client)).daily).toEqual(before);
    expect(await importRows(numbered(5, { subscriptionId: null }))).toMatchObject({ unchanged: 5 });
    expect((await readDerived(client)).daily).toEqual(before);
    expect(
      await one(`SELECT count(*)::int, min(user_id::text) AS user_id, min(reason) AS reason
        FROM litemaas_console.unattributed_usage`),
    ).toEqual({ count: 5, user_id: user, reason: 'subscription_deleted' });
  });

  it('takes the later reading of a request that comes twice in one batch', async () => {
    expect(await importRows([usageRow(), usageRow({ requestTokens: 7 })])).toEqual({
      inserted: 1,
      updated: 0,
      unchanged: 1,
      unattributed: 0,
    });
    expect(await one('SELECT request_tokens::int FROM usage_logs')).toEqual({ request_tokens: 7 });
  });

  it('gives rows without an id one that does not depend on spelling or on what we resolved', async () => {
    const row = usageRow({ requestId: null, sourceIdentity: 'key hash' });
    await importRows([row, row]);
    const { rows } = await client.query<{ id: string }>(
      'SELECT litellm_request_id AS id FROM usage_logs ORDER BY 1',
    );
    expect(rows.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^file:[0-9a-f]{64}:1$/),
      expect.stringMatching(/^file:[0-9a-f]{64}:2$/),
    ]);
    const respelled = {
      ...row,
      createdAt: '2026-03-04 06:06:07.123456+01',
      inputCost: '1e-4',
      outputCost: '0.00020',
      apiKeyId: null,
      teamId: null,
    };
    expect(await importRows([respelled, respelled, respelled])).toMatchObject({ inserted: 1, unchanged: 2 });
  });

  it('gives the same state for any order, batches and repetitions of the same rows', async () => {
    const source = numbered(30).map((row, index) => ({
      ...row,
      subscriptionId: index % 4 === 0 ? null : subscription,
      latencyMs: index % 5 === 0 ? null : index * 37,
      statusCode: index % 7 === 0 ? 500 : 200,
    }));
    await client.query('SAVEPOINT fresh');
    await importRows(source);
    const expected = await readDerived(client);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(source, { minLength: 30 }),
        fc.subarray(source),
        fc.integer({ min: 1, max: 40 }),
        async (shuffled, repeated, batchSize) => {
          await client.query('ROLLBACK TO fresh');
          await importUsage(client, [...shuffled, ...repeated], { ...counted, batchSize });
          expect(await readDerived(client)).toEqual(expected);
        },
      ),
      { numRuns: isLong ? 60 : 6 },
    );
  });

  it('stops when cancelled', async () => {
    const abort = new AbortController();
    const rows = function* (): Generator<UsageImportRow> {
      for (const [index, row] of numbered(100).entries()) {
        if (index === 50) abort.abort();
        yield row;
      }
    };
    await expect(
      importUsage(client, rows(), { ...counted, signal: abort.signal, batchSize: 10 }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('imports beside each other', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('refuses to run outside a transaction', async () => {
    const client = await openTestSession(database.config);
    await expect(importUsage(client, [], counted)).rejects.toMatchObject({ code: 'internal' });
    await client.end();
  });

  it('count every request once when two bring the same ones', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => openTestSession(database.config)));
    const observer = await openTestSession(database.config);
    const rows = numbered(500, { subscriptionId: null, apiKeyId: null, teamId: null });
    const outcomes = await Promise.all(
      clients.map(async (client) => {
        await client.query('BEGIN');
        const outcome = await importUsage(client, rows, { ...counted, batchSize: 100 });
        await client.query('COMMIT');
        return outcome;
      }),
    );
    expect(outcomes.map(({ unattributed }) => unattributed).sort((a, b) => a - b)).toEqual([0, 0, 500]);
    const { rows: totals } = await observer.query(
      'SELECT sum(requests)::int AS requests FROM litemaas_console.usage_daily',
    );
    expect(totals).toEqual([{ requests: 500 }]);
    await Promise.all([observer, ...clients].map((client) => client.end()));
  });

  it('lets two writers through who log without a subscription for the same models in opposite order', async () => {
    const [first, second, observer] = await Promise.all(
      [1, 2, 3].map(() => openTestSession(database.config)),
    );
    if (!first || !second || !observer) throw new Error('No connections');
    const log = (client: pg.Client, modelId: string) =>
      insertUnattributedUsage(client, { model_id: modelId, created_at: '2026-03-01T10:00:00Z' });
    await first.query('BEGIN');
    await log(first, 'opposite x');
    const { rows: backends } = await second.query<{ id: number }>('SELECT pg_backend_pid() AS id');
    const other = (async () => {
      await second.query('BEGIN');
      await log(second, 'opposite y');
      await log(second, 'opposite x');
      await second.query('COMMIT');
    })();
    const waits = 'SELECT FROM pg_locks WHERE pid = $1 AND NOT granted';
    while ((await observer.query(waits, [backends[0]?.id])).rowCount === 0) await delay(10);
    await log(first, 'opposite y');
    await first.query('COMMIT');
    await other;
    const { rows } = await observer.query(
      `SELECT model_id, sum(requests)::int AS requests FROM litemaas_console.usage_daily
       WHERE model_id LIKE 'opposite %' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { model_id: 'opposite x', requests: 2 },
      { model_id: 'opposite y', requests: 2 },
    ]);
    await Promise.all([first, second, observer].map((client) => client.end()));
  });
});
