import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import { from, table } from '../postgres/relations';

/** So many log rows are moved in one transaction: usage that comes in meanwhile waits for one of them at most. */
export const sliceSize = 10_000;

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

/** SQL: whose subscriptions and keys are meant. */
const among = (users: readonly string[]): SQL => sql`ANY(${sql.param([...users])}::uuid[])`;

/** SQL: requests in the log that users' subscriptions hold. */
const loggedOf = (users: readonly string[]): SQL => sql`
  SELECT o.id, o.created_at FROM ${from('usage_logs', 'o')} JOIN ${from('subscriptions', 's')} ON s.id = o.subscription_id
  WHERE s.user_id = ${among(users)}`;

/**
 * SQL: requests in the log that came by users' keys and that somebody else's subscription holds, as after a merge: they
 * stay in the log, and lose their key with it.
 */
const loggedByKeysOf = (users: readonly string[]): SQL => sql`
  SELECT o.id, o.created_at FROM ${from('usage_logs', 'o')}
  JOIN ${from('api_keys', 'k')} ON k.id = o.api_key_id JOIN ${from('subscriptions', 's')} ON s.id = o.subscription_id
  WHERE k.user_id = ${among(users)} AND s.user_id <> ALL(${sql.param([...users])}::uuid[])`;

/** SQL: those of them that have lost it. What was recorded by day says which subscriptions have some. */
const keylessOf = (users: readonly string[]): SQL => sql`
  SELECT o.id, o.created_at FROM ${from('usage_logs', 'o')}
  JOIN ${from('api_keys', 'k')} ON k.id = o.former_api_key_id
  WHERE o.api_key_id IS NULL AND k.user_id = ${among(users)} AND o.subscription_id IN (
    SELECT d.subscription_id FROM ${from('usage_daily', 'd')}
    JOIN ${from('api_keys', 'used')} ON used.id = d.api_key_id JOIN ${from('subscriptions', 's')} ON s.id = d.subscription_id
    WHERE used.user_id = ${among(users)} AND s.user_id <> ALL(${sql.param([...users])}::uuid[]))`;

/** SQL: requests of users' subscriptions in the archive. */
const archivedOf = (users: readonly string[]): SQL => sql`
  SELECT o.id, o.created_at FROM ${from('unattributed_usage', 'o')}
  JOIN ${from('subscriptions', 's')} ON s.id = o.subscription_id
  WHERE s.user_id = ${among(users)} AND o.reason = 'subscription_deleted'`;

const manyRow = z.strictObject({ many: z.boolean() });

/**
 * Whether more usage hangs on users' subscriptions and keys than should go with them in one transaction.
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
      SELECT FROM (${loggedOf(users)} UNION ALL ${loggedByKeysOf(users)}) AS logged LIMIT ${most + 1}) AS first`,
  );
  return left?.many === true;
}

const asideRow = z.strictObject({ has: z.boolean() });

/** Whether requests of users' subscriptions are in the archive, or requests by their keys have lost them. */
export async function hasUsageAside({ select }: Connection, users: readonly string[]): Promise<boolean> {
  const [row] = await select(
    asideRow,
    sql`SELECT EXISTS (${archivedOf(users)}) OR EXISTS (${keylessOf(users)}) AS has`,
  );
  return row?.has === true;
}

const amountsRow = z.strictObject({ aside: z.int(), left: z.int() });

/** How many requests of users' subscriptions and keys are moved aside, and how many are not. */
export async function usageAmounts(
  { select }: Connection,
  users: readonly string[],
): Promise<z.infer<typeof amountsRow>> {
  const [row] = await select(
    amountsRow,
    sql`
    SELECT
      (SELECT count(*)::float8 FROM (${archivedOf(users)} UNION ALL ${keylessOf(users)}) AS moved) AS aside,
      (SELECT count(*)::float8 FROM (${loggedOf(users)} UNION ALL ${loggedByKeysOf(users)}) AS logged) AS "left"`,
  );
  return row ?? { aside: 0, left: 0 };
}

/**
 * Moves rows of the log to the archive (`unattributed_usage`). What a request used and cost stays recorded.
 * @param rows SQL: their ids and times, as many as one transaction should move.
 * @returns how many rows were moved.
 */
export async function moveToArchive({ run }: Connection, rows: SQL): Promise<number> {
  await run(keepRollups);
  return run(sql`
    WITH gone AS (
      DELETE FROM ${table('usage_logs')} AS l WHERE (l.id, l.created_at) IN (${rows}) RETURNING l.*
    )
    INSERT INTO ${table('unattributed_usage')} (${shared}, user_id, api_key_id, team_id, reason)
    SELECT ${sharedOfGone}, (SELECT s.user_id FROM ${from('subscriptions', 's')} WHERE s.id = gone.subscription_id),
      coalesce(api_key_id, former_api_key_id), coalesce(team_id, former_team_id), 'subscription_deleted'
    FROM gone`);
}

const movedRow = z.strictObject({ id: uuid });

/**
 * Moves archived rows back to the log, whose subscriptions are there again.
 * @param rows SQL: their ids and times, as many as one transaction should move.
 * @returns how many rows were moved.
 */
export async function moveToLog({ select, run }: Connection, rows: SQL): Promise<number> {
  await run(keepRollups);
  const moved = await select(
    movedRow,
    sql`
    WITH gone AS (
      DELETE FROM ${table('unattributed_usage')} AS a WHERE (a.id, a.created_at) IN (${rows}) RETURNING a.*
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

/**
 * Moves a slice of the usage that users' subscriptions hold from the log to the archive, and takes their keys from what
 * others' subscriptions hold, which remembers them. What is few enough ({@link isMuchUsage}) goes with the subscription
 * and the key themselves.
 * @returns how many rows were moved.
 */
export async function archiveUsage(
  connection: Connection,
  users: readonly string[],
  most = sliceSize,
): Promise<number> {
  const moved = await moveToArchive(connection, sql`${loggedOf(users)} LIMIT ${most}`);
  if (moved === most) return moved;
  const keyless = await connection.run(sql`
    UPDATE ${table('usage_logs')} AS l SET api_key_id = NULL
    WHERE (l.id, l.created_at) IN (${loggedByKeysOf(users)} LIMIT ${most - moved})`);
  return moved + keyless;
}

/**
 * Moves a slice of archived usage back to the log, where the subscriptions are there again, and gives requests their keys
 * back, where these are.
 * @returns how many rows were moved; 0 once there is none left.
 */
export async function restoreUsage(
  connection: Connection,
  users: readonly string[],
  most = sliceSize,
): Promise<number> {
  const moved = await moveToLog(connection, sql`${archivedOf(users)} LIMIT ${most}`);
  if (moved === most) return most;
  const named = await connection.run(sql`
    UPDATE ${table('usage_logs')} AS l SET api_key_id = l.former_api_key_id, former_api_key_id = NULL
    WHERE (l.id, l.created_at) IN (${keylessOf(users)} LIMIT ${most - moved})`);
  return moved + named;
}
