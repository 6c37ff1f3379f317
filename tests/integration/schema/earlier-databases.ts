import { fileURLToPath } from 'node:url';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { readMigrations } from '../../../src/main/postgres/migrate';
import { createLedger, writeLedger } from '../../../src/main/postgres/migrate/ledger';

/** The migrations as they were before they were rewritten (2026-11-29); databases made by them are in use. */
const earlierFolder = fileURLToPath(new URL('../../fixtures/earlier-migrations', import.meta.url));

/** Does what the console of that time did, up to the file of this number (0 to 11). */
export async function migrateAsEarlier(client: pg.ClientBase, lastNumber: number): Promise<void> {
  await client.query(`BEGIN; SET LOCAL TimeZone = 'UTC'`);
  await createLedger(client);
  await client.query('COMMIT');
  for (const migration of (await readMigrations(earlierFolder)).slice(0, lastNumber + 1)) {
    await client.query(`BEGIN; SET LOCAL TimeZone = 'UTC'; SET LOCAL search_path = public`);
    for (const statement of migration.statements) await client.query(statement);
    await writeLedger(client, migration);
    await client.query('COMMIT');
  }
}

/** Rows for every table, by the number of the earlier file from which on they can be written. */
const rows: readonly (readonly [from: number, statement: string])[] = [
  [
    0,
    `INSERT INTO public.users (id, username, email, full_name, oauth_provider, oauth_id, max_budget)
     SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'user-' || n, 'user-' || n || '@example.com',
       CASE WHEN n % 3 > 0 THEN 'Ünïcode ' || n END, 'test', n::text, n * 1.000001
     FROM generate_series(1, 30) n`,
  ],
  [
    0,
    `INSERT INTO public.models (id, name, provider, capabilities, input_price_per_1k, metadata)
     SELECT 'model-' || n, 'Model ' || n, 'p', ARRAY['chat', 'x' || n], n * 0.000000000001, jsonb_build_object('n', n)
     FROM generate_series(1, 5) n`,
  ],
  [
    0,
    `INSERT INTO public.teams (id, name, alias, created_by, allowed_models)
     SELECT ('10000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Team ' || n, NULL,
       ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '["model-1"]'
     FROM generate_series(1, 3) n`,
  ],
  [
    0,
    `INSERT INTO public.team_members (team_id, user_id, role)
     SELECT t.id, u.id, 'admin' FROM public.teams t, public.users u WHERE t.name = 'Team 1'
     ON CONFLICT DO NOTHING`,
  ],
  [
    0,
    `INSERT INTO public.subscriptions (id, user_id, model_id, team_id, status, quota_requests, quota_tokens, expires_at)
     SELECT ('20000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
       ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'model-' || (n % 5 + 1),
       CASE WHEN n % 2 = 0 THEN '10000000-0000-4000-8000-000000000001'::uuid END,
       (ARRAY['pending', 'active', 'suspended', 'cancelled', 'expired'])[n % 5 + 1]::public.subscription_status,
       CASE WHEN n % 4 > 0 THEN n * 3 END, NULL, CASE WHEN n % 7 = 0 THEN '2030-01-01T00:00:00.123456Z'::timestamptz END
     FROM generate_series(1, 20) n`,
  ],
  [
    0,
    `INSERT INTO public.api_keys (id, subscription_id, user_id, name, key_hash, key_prefix)
     SELECT ('30000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, s.id, s.user_id, 'Key ' || n, 'hash-' || n, 'sk-' || n
     FROM generate_series(1, 20) n
     JOIN public.subscriptions s ON s.id = ('20000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid`,
  ],
  [
    1,
    `INSERT INTO public.api_key_models (api_key_id, model_id)
     SELECT k.id, 'model-1' FROM public.api_keys k ON CONFLICT DO NOTHING`,
  ],
  [
    0,
    `INSERT INTO public.usage_logs (subscription_id, api_key_id, team_id, model_id, request_tokens, response_tokens,
       input_cost, output_cost, latency_ms, status_code, litellm_request_id, created_at)
     SELECT k.subscription_id, CASE WHEN n % 5 > 0 THEN k.id END, NULL, 'model-' || (n % 5 + 1), n, n * 2,
       n * 0.000000000001, 0.1, CASE WHEN n % 3 > 0 THEN n * 10 END, CASE WHEN n % 11 = 0 THEN 429 ELSE 200 END,
       CASE WHEN n % 13 > 0 THEN rpad('request-' || n, 8 + n % 240, 'x') END,
       date_trunc('month', now()) - (n || ' hours')::interval * 9 + interval '0.000001 seconds' * n
     FROM generate_series(1, 300) n
     JOIN public.api_keys k ON k.name = 'Key ' || (n % 20 + 1)`,
  ],
  [
    0,
    `INSERT INTO public.usage_summaries (subscription_id, model_id, period_type, period_start, request_count, latency_sum,
       latency_count)
     SELECT id, 'model-of-old', 'day', '2020-01-01T00:00:00Z', 3, 100, 3 FROM public.subscriptions`,
  ],
  [
    0,
    `INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, ip_address, metadata)
     SELECT id, 'USER_UPDATE', 'USER', id::text, '10.0.0.1', '{"batchId": "b"}' FROM public.users`,
  ],
  [
    5,
    `INSERT INTO litemaas_console.usage_daily (day, model_id, requests, errors, request_tokens, response_tokens, cost,
       latency_ms_sum, latency_count)
     VALUES ('2020-01-01', 'model-of-old', 1, 0, 1, 1, 0.000000000001, 5, 1)`,
  ],
  [
    5,
    `INSERT INTO litemaas_console.usage_monthly (month, model_id, requests, errors, request_tokens, response_tokens, cost,
       latency_ms_sum, latency_count)
     VALUES ('2020-01-01', 'model-of-old', 1, 0, 1, 1, 0.000000000001, 5, 1)`,
  ],
  [5, `INSERT INTO litemaas_console.usage_latency VALUES ('2020-01-01', 'model-of-old', 5, 1)`],
  [
    5,
    `INSERT INTO litemaas_console.unattributed_usage (user_id, model_id, request_tokens, response_tokens, reason,
       litellm_request_id, created_at)
     SELECT id, 'model-unknown', 1, 2, 'unknown_key', 'waiting-' || username, '2026-01-02T03:04:05.678901Z'
     FROM public.users`,
  ],
  [
    5,
    `INSERT INTO litemaas_console.subscription_events (subscription_id, user_id, model_id, to_status, cause, actor)
     SELECT id, user_id, model_id, status, 'sync', 'somebody' FROM public.subscriptions`,
  ],
  [
    5,
    `INSERT INTO litemaas_console.model_prices (model_id, valid_from, input_price_per_token, source)
     VALUES ('model-1', '2026-01-01T00:00:00Z', 0.0000001234567890123, 'pull')`,
  ],
  [
    5,
    `INSERT INTO litemaas_console.litellm_objects (proxy_id, kind, remote_id, state, snapshot)
     VALUES ('proxy', 'user', 'remote', 'synced', '{"a": null}')`,
  ],
  [5, `INSERT INTO litemaas_console.sync_runs (proxy_id, kind, state) VALUES ('proxy', 'pull', 'succeeded')`],
  [
    5,
    `INSERT INTO litemaas_console.import_cursors (source, entity, position) VALUES ('proxy', 'spend', '{}')`,
  ],
  [5, `INSERT INTO litemaas_console.settings (key, value) VALUES ('demo', '{"loadedAt": "then"}')`],
  [
    5,
    `INSERT INTO litemaas_console.usage_ranges (range_start, range_end, state)
     VALUES ('2019-01-01Z', '2019-02-01Z', 'hours_pruned')`,
  ],
];

/** Fills a database that was made by the earlier files up to this number. */
export async function fillEarlierDatabase(client: pg.ClientBase, lastNumber: number): Promise<void> {
  for (const [from, statement] of rows) if (from <= lastNumber) await client.query(statement);
}

/**
 * Copies the rows of `source` as they are, without any trigger, into a database of the earlier files: what can be read
 * there then is what the console of that time left. Needs a superuser in both.
 */
export async function copyRows(source: pg.ClientBase, target: pg.ClientBase): Promise<void> {
  await target.query('BEGIN; SET LOCAL session_replication_role = replica');
  for (const { name, columns } of await tablesOf(target, `a.attgenerated = ''`)) {
    await target.query(`DELETE FROM ${name}`);
    await pipeline(
      source.query(copyTo(`COPY (SELECT ${columns} FROM ${name}) TO STDOUT`)),
      target.query(copyFrom(`COPY ${name} (${columns}) FROM STDIN`)),
    );
  }
  await target.query('COMMIT');
}

/** A checksum of every row, by table: over the columns that were there when it was taken first. */
export type RowSums = Readonly<
  Record<string, { readonly columns: string; readonly sums: readonly string[] }>
>;

/**
 * @param of take the sums over these tables and columns; left out: over all there are but the ledgers.
 */
export async function rowSums(client: pg.ClientBase, of?: RowSums): Promise<RowSums> {
  const tables =
    of ?? Object.fromEntries((await tablesOf(client)).map(({ name, columns }) => [name, { columns }]));
  const sums: Record<string, { columns: string; sums: string[] }> = {};
  for (const [name, { columns }] of Object.entries(tables)) {
    const { rows: found } = await client.query<{ sum: string }>(
      `SELECT md5(ROW(${columns})::text) AS sum FROM ${name} ORDER BY 1`,
    );
    sums[name] = { columns, sums: found.map(({ sum }) => sum) };
  }
  return sums;
}

async function tablesOf(
  client: pg.ClientBase,
  wanted = 'true',
): Promise<{ name: string; columns: string }[]> {
  const { rows: found } = await client.query<{ name: string; columns: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND ${wanted}
    WHERE n.nspname IN ('public', 'litemaas_console') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> 'routines'
    GROUP BY 1`);
  return found;
}
