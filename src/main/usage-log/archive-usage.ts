import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import { from, table } from '../postgres/relations';

/** So many log rows are moved in one transaction: usage that comes in meanwhile waits for one of them at most. */
const sliceSize = 10_000;

const common = [
  'id',
  'subscription_id',
  'model_id',
  'request_tokens',
  'response_tokens',
  'input_cost',
  'output_cost',
  'latency_ms',
  'status_code',
  'error_message',
  'litellm_request_id',
  'metadata',
  'created_at',
  'litellm_user_id',
  'litellm_team_id',
  'litellm_key_id',
  'litellm_model_group',
  'refused_by_litellm',
  'counted_towards_quota',
];
/** SQL: what log and archive have in common, as columns and as those of the rows that go. */
const [shared, sharedOfGone] = ['', 'gone.'].map((row) =>
  sql.raw(common.map((column) => `${row}${column}`).join(', ')),
);

/** Rows come and go without changing what is recorded: charts, summaries and counters stay as they are. */
const keepRollups = sql`SELECT set_config('litemaas.keep_rollups', 'on', true)`;

const manyRow = z.strictObject({ many: z.boolean() });

/**
 * Whether users' subscriptions hold more usage than should go with them in one transaction.
 * @param most so many requests are not.
 */
export async function isMuchUsage(
  { select }: Connection,
  users: readonly string[],
  most = sliceSize,
): Promise<boolean> {
  const [left] = await select(
    manyRow,
    sql`SELECT count(*) > ${most} AS many FROM (
      SELECT FROM ${from('usage_logs', 'o')} JOIN ${from('subscriptions', 's')} ON s.id = o.subscription_id
      WHERE s.user_id = ANY(${sql.param([...users])}::uuid[]) LIMIT ${most + 1}) AS first`,
  );
  return left?.many === true;
}

const asideRow = z.strictObject({ has: z.boolean() });

/** Whether requests of users' subscriptions are in the archive. */
export async function hasUsageAside({ select }: Connection, users: readonly string[]): Promise<boolean> {
  const [row] = await select(
    asideRow,
    sql`
    SELECT EXISTS (
      SELECT FROM ${from('unattributed_usage', 'a')} JOIN ${from('subscriptions', 's')} ON s.id = a.subscription_id
      WHERE s.user_id = ANY(${sql.param([...users])}::uuid[]) AND a.reason = 'subscription_deleted') AS has`,
  );
  return row?.has === true;
}

const amountsRow = z.strictObject({ aside: z.int(), left: z.int() });

/** How many requests of users' subscriptions are in the archive, and how many in the log. */
export async function usageAmounts(
  { select }: Connection,
  users: readonly string[],
): Promise<z.infer<typeof amountsRow>> {
  const [row] = await select(
    amountsRow,
    sql`
    WITH own AS MATERIALIZED (
      SELECT s.id FROM ${from('subscriptions', 's')} WHERE s.user_id = ANY(${sql.param([...users])}::uuid[])
    )
    SELECT
      (SELECT count(*)::float8 FROM ${from('unattributed_usage', 'a')}
        WHERE a.subscription_id IN (SELECT id FROM own) AND a.reason = 'subscription_deleted') AS aside,
      (SELECT count(*)::float8 FROM ${from('usage_logs', 'l')} WHERE l.subscription_id IN (SELECT id FROM own)) AS "left"`,
  );
  return row ?? { aside: 0, left: 0 };
}

/**
 * Moves a slice of the usage that users' subscriptions hold from the log to the archive (`unattributed_usage`). What a
 * request used and cost stays recorded. What is few enough ({@link isMuchUsage}) goes with the
 * subscription itself.
 * @returns how many rows were moved.
 */
export async function archiveUsage(
  { run }: Connection,
  users: readonly string[],
  most = sliceSize,
): Promise<number> {
  await run(keepRollups);
  return run(sql`
    WITH gone AS (
      DELETE FROM ${table('usage_logs')} AS l
      WHERE (l.id, l.created_at) IN (
        SELECT o.id, o.created_at FROM ${from('usage_logs', 'o')}
        JOIN ${from('subscriptions', 's')} ON s.id = o.subscription_id
        WHERE s.user_id = ANY(${sql.param([...users])}::uuid[])
        LIMIT ${most}
      )
      RETURNING l.*
    )
    INSERT INTO ${table('unattributed_usage')} (${shared}, user_id, api_key_id, team_id, reason)
    SELECT ${sharedOfGone}, (SELECT s.user_id FROM ${from('subscriptions', 's')} WHERE s.id = gone.subscription_id),
      coalesce(api_key_id, former_api_key_id), coalesce(team_id, former_team_id), 'subscription_deleted'
    FROM gone`);
}

const movedRow = z.strictObject({ id: uuid });

/**
 * Moves a slice of archived usage back to the log, where the subscriptions are there again.
 * @returns how many rows were moved; 0 once there is none left.
 */
export async function restoreUsage(
  { select, run }: Connection,
  users: readonly string[],
  most = sliceSize,
): Promise<number> {
  await run(keepRollups);
  const moved = await select(
    movedRow,
    sql`
    WITH gone AS (
      DELETE FROM ${table('unattributed_usage')} AS a
      WHERE (a.id, a.created_at) IN (
        SELECT o.id, o.created_at FROM ${from('unattributed_usage', 'o')}
        JOIN ${from('subscriptions', 's')} ON s.id = o.subscription_id
        WHERE s.user_id = ANY(${sql.param([...users])}::uuid[]) AND o.reason = 'subscription_deleted'
        LIMIT ${most}
      )
      RETURNING a.*
    )
    INSERT INTO ${table('usage_logs')} (${shared}, api_key_id, former_api_key_id, team_id, former_team_id)
    SELECT ${sharedOfGone},
      k.id, CASE WHEN k.id IS NULL THEN gone.api_key_id END, t.id, CASE WHEN t.id IS NULL THEN gone.team_id END
    FROM gone
    LEFT JOIN ${from('api_keys', 'k')} ON k.id = gone.api_key_id
    LEFT JOIN ${from('teams', 't')} ON t.id = gone.team_id
    RETURNING id`,
  );
  return moved.length;
}
