import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { createDatabase } from '../tests/support/postgres-databases';
import { clusterOfRun, type PostgresMajor } from '../tests/support/postgres-cluster';
import { openTestSession } from '../tests/support/test-session';
import { millisecondsOf, print, quantile } from './measure';

const rounds = 5;
const subscriptionId = '00000000-0000-4000-8000-00000000beef';

/** The document's own trigger, for comparison: quadratic in one transaction, so it gets fewer rows. */
const documentTrigger = `
  CREATE FUNCTION document_usage_summary() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO usage_summaries (subscription_id, model_id, period_type, period_start, request_count, total_tokens, error_count)
    VALUES (NEW.subscription_id, NEW.model_id, 'hour', date_trunc('hour', NEW.created_at), 1,
      NEW.request_tokens + NEW.response_tokens, CASE WHEN NEW.status_code >= 400 THEN 1 ELSE 0 END)
    ON CONFLICT (subscription_id, model_id, period_type, period_start) DO UPDATE SET
      request_count = usage_summaries.request_count + 1,
      total_tokens = usage_summaries.total_tokens + EXCLUDED.total_tokens,
      error_count = usage_summaries.error_count + EXCLUDED.error_count;
    UPDATE subscriptions SET used_requests = used_requests + 1,
      used_tokens = used_tokens + NEW.request_tokens + NEW.response_tokens WHERE id = NEW.subscription_id;
    RETURN NEW;
  END $$;
  CREATE TRIGGER document_trigger AFTER INSERT ON usage_logs FOR EACH ROW EXECUTE FUNCTION document_usage_summary();`;

/**
 * One transaction with n usage rows for one busy subscription: by the way of the console (COPY into staging, set-based
 * INSERT, statement triggers), against the same COPY and INSERT with every trigger off.
 */
export async function usageTriggers(runFolder: string, major: PostgresMajor): Promise<void> {
  const cluster = await clusterOfRun(runFolder, major);
  const database = await createDatabase(cluster, `bench_triggers_${String(major)}`);
  const client = await openTestSession(database.adminConfig);
  try {
    await prepare(client);
    const times = { bare: [] as number[], ours: [] as number[], ours40: [] as number[] };
    for (let round = 0; round <= rounds; round += 1) {
      const bare = await inTransaction(client, 20_000, `SET LOCAL session_replication_role = replica`);
      const ours = await inTransaction(client, 20_000, '');
      const ours40 = await inTransaction(client, 40_000, '');
      // The first round warms caches and plans.
      if (round === 0) continue;
      times.bare.push(bare);
      times.ours.push(ours);
      times.ours40.push(ours40);
    }
    const bare = quantile(times.bare);
    const ours = quantile(times.ours);
    print(`PostgreSQL ${String(major)}: 20,000 usage rows without any trigger`, bare, 'ms');
    print(`PostgreSQL ${String(major)}: the same with the console's triggers`, ours, 'ms');
    print('  ratio', ours / bare, 'times', 1.6);
    print('  40,000 rows against 20,000', quantile(times.ours40) / ours, 'times', 2.4);
    await client.query('ALTER TABLE usage_logs DISABLE TRIGGER update_usage_on_log');
    await client.query(documentTrigger);
    const small = await inTransaction(client, 2_500, '');
    const double = await inTransaction(client, 5_000, '');
    print("  beside it, the document's row trigger with 5,000 rows", double, 'ms');
    print("  the document's row trigger, 5,000 rows against 2,500", double / small, 'times');
  } finally {
    await client.end();
    await database.drop();
  }
}

async function prepare(client: pg.Client): Promise<void> {
  await client.query(`INSERT INTO models (id, name, provider) VALUES ('m', 'm', 'p')`);
  await client.query(
    `INSERT INTO users (id, username, email, oauth_provider, oauth_id) VALUES ($1, 'u', 'u@bench.invalid', 'bench', 'u')`,
    [subscriptionId],
  );
  await client.query(
    `INSERT INTO subscriptions (id, user_id, model_id, status, quota_requests, quota_tokens) VALUES ($1, $1, 'm', 'active', NULL, NULL)`,
    [subscriptionId],
  );
}

let batch = 0;

/** One day's traffic of one subscription; rolled back, so that every round starts from the same table. */
async function inTransaction(client: pg.Client, rowCount: number, setting: string): Promise<number> {
  batch += 1;
  const rows = usageLines(rowCount, batch);
  await client.query('BEGIN');
  await client.query(
    `CREATE TEMP TABLE staging (request_id text, created_at timestamptz, request_tokens bigint, response_tokens bigint,
       input_cost numeric, output_cost numeric, latency_ms int, status_code int) ON COMMIT DROP`,
  );
  if (setting !== '') await client.query(setting);
  const milliseconds = await millisecondsOf(async () => {
    await pipeline(Readable.from(rows), client.query(copyFrom('COPY staging FROM STDIN')));
    await client.query(
      `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, input_cost, output_cost,
         latency_ms, status_code, litellm_request_id, created_at)
       SELECT $1, 'm', request_tokens, response_tokens, input_cost, output_cost, latency_ms, status_code, request_id, created_at
       FROM staging`,
      [subscriptionId],
    );
  });
  await client.query('ROLLBACK');
  return milliseconds;
}

function* usageLines(rowCount: number, seed: number): Generator<string> {
  const startMs = Date.UTC(2026, 10, 1);
  for (let row = 0; row < rowCount; row += 1) {
    const at = new Date(startMs + Math.floor((row / rowCount) * 86_400_000)).toISOString();
    const tokens = 100 + ((row * 7919) % 3000);
    const fields = [
      `b${String(seed)}-${String(row)}`,
      at,
      tokens,
      tokens % 400,
      '0.000250',
      '0.000500',
      200 + (tokens % 900),
      row % 70 === 0 ? 500 : 200,
    ];
    yield `${fields.join('\t')}\n`;
  }
}
