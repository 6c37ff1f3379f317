import type pg from 'pg';
import * as z from 'zod';
import { AppError } from '../../shared/errors';
import { tables } from '../postgres/relations';
import { say } from '../kernel/say';
import { copyUsageRows, createStagingTable } from './copy-usage-rows';
import { RequestIds, type UsageImportRow } from './usage-import-row';

export type { LitellmIds, UsageImportRow } from './usage-import-row';

export interface ImportUsageOptions {
  /** Whether new rows count towards their subscriptions' quotas; false for importing history. */
  readonly countUsage: boolean;
  readonly signal?: AbortSignal;
  /** Rows per COPY and per run of the usage triggers. */
  readonly batchSize?: number;
}

/** Every row of the import is counted in exactly one of these. */
export interface ImportUsageOutcome {
  /** New in the usage log (including rows that waited as unattributed and have a subscription now). */
  readonly inserted: number;
  /** Known, and corrected because the source's figures changed. */
  readonly updated: number;
  /** Known and equal, or given twice in one batch. */
  readonly unchanged: number;
  /** New, and kept as unattributed usage. */
  readonly unattributed: number;
}

const defaultBatchSize = 10_000;

/** As PostgreSQL writes instants itself. */
const stagedRange = z.strictObject({ first: z.string(), last: z.string() });

/**
 * Writes requests into the usage log; counters, summaries and rollups follow by the log's triggers. A request is known
 * by its id and time: importing it again changes nothing, or corrects it (tokens, costs, latency, status, error) by the
 * difference. Rows without a living subscription are kept in `litemaas_console.unattributed_usage`.
 *
 * Runs inside the caller's transaction, which must have been begun; imports take turns. For millions of rows call it
 * with one slice per transaction: repeating a slice after an interruption is harmless.
 * @throws AppError `cancelled`, `internal` outside a transaction; the database's errors.
 */
export async function importUsage(
  client: pg.ClientBase,
  rows: AsyncIterable<UsageImportRow> | Iterable<UsageImportRow>,
  options: ImportUsageOptions,
): Promise<ImportUsageOutcome> {
  const { signal, batchSize = defaultBatchSize } = options;
  await beginImport(client, options.countUsage);
  const requestIds = new RequestIds();
  const total = { inserted: 0, updated: 0, unchanged: 0, unattributed: 0 };
  const flush = async (batch: readonly UsageImportRow[]): Promise<void> => {
    await copyUsageRows(client, batch, requestIds);
    const outcome = await mergeStagedRows(client, batch.length);
    for (const key of Object.keys(total) as (keyof ImportUsageOutcome)[]) total[key] += outcome[key];
  };

  let batch: UsageImportRow[] = [];
  for await (const row of rows) {
    if (signal?.aborted) throw new AppError('cancelled', say('usage.import.cancelled'));
    batch.push(row);
    if (batch.length >= batchSize) {
      await flush(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await flush(batch);
  await client.query(`DROP TABLE pg_temp.usage_import; SET LOCAL litemaas.count_usage TO DEFAULT`);
  return total;
}

async function beginImport(client: pg.ClientBase, countUsage: boolean): Promise<void> {
  await client.query(`SELECT set_config('litemaas.count_usage', $1, true)`, [countUsage ? 'on' : 'off']);
  const { rows } = await client.query(`SELECT current_setting('litemaas.count_usage', true) = $1 AS kept`, [
    countUsage ? 'on' : 'off',
  ]);
  const [{ kept }] = z.tuple([z.strictObject({ kept: z.boolean().nullable() })]).parse(rows);
  if (kept !== true) throw new AppError('internal', say('usage.import.noTransaction'));
  // Two imports of the same request at once would both find it new.
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('litemaas_console.import_usage', 0))`);
  await createStagingTable(client);
}

/** Moves the staged rows to where they belong. The steps build on each other; see each statement's comment. */
async function mergeStagedRows(client: pg.ClientBase, staged: number): Promise<ImportUsageOutcome> {
  for (const statement of resolveStatements) await client.query(statement);

  // Constants rather than the join alone: they let the planner leave out all other months.
  const { rows } = await client.query(
    `SELECT min(created_at)::text AS first, max(created_at)::text AS last FROM pg_temp.usage_import`,
  );
  const [{ first, last }] = z.tuple([stagedRange]).parse(rows);
  const range = [first, last];
  const affected = async (statement: string, parameters?: unknown[]): Promise<number> =>
    (await client.query(statement, parameters)).rowCount ?? 0;

  for (const statement of renameStatements) await affected(statement);
  await affected(markLogged, range);
  await affected(markUnattributed);
  const updated = (await affected(correctLogged, range)) + (await affected(correctUnattributed));
  await affected(takeFromUnattributed);
  const inserted = await affected(insertLogged);
  const unattributed = await affected(insertUnattributed);
  return { inserted, updated, unattributed, unchanged: staged - inserted - updated - unattributed };
}

const resolveStatements: readonly string[] = [
  // Overlapping pages give the same request twice; the later reading wins.
  `DELETE FROM pg_temp.usage_import earlier
   USING pg_temp.usage_import later
   WHERE later.request_id = earlier.request_id AND later.created_at = earlier.created_at AND later.line > earlier.line`,
  // The records may have been deleted since the rows were read.
  `UPDATE pg_temp.usage_import i SET subscription_id = NULL, reason = 'subscription_missing'
   WHERE i.subscription_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM ${tables.subscriptions} s WHERE s.id = i.subscription_id)`,
  `UPDATE pg_temp.usage_import i SET api_key_id = NULL, former_api_key_id = i.api_key_id
   WHERE i.api_key_id IS NOT NULL AND NOT EXISTS (SELECT FROM ${tables.api_keys} k WHERE k.id = i.api_key_id)`,
  `UPDATE pg_temp.usage_import i SET team_id = NULL, former_team_id = i.team_id
   WHERE i.team_id IS NOT NULL AND NOT EXISTS (SELECT FROM ${tables.teams} t WHERE t.id = i.team_id)`,
];

/**
 * Finds a stored row by its request id: the index holds the id's hash, because an id may be longer than an index entry.
 * @param id the column of the staged row that holds the id.
 */
const sameRequest = (stored: string, id = 'i.request_id'): string =>
  `hashtextextended(${stored}.litellm_request_id, 0) = hashtextextended(${id}, 0)
    AND ${stored}.litellm_request_id = ${id} AND ${stored}.created_at = i.created_at`;

// Ids above 255 signs used to be stored as their hash: such a row is the same request and gets its own id.
const renameStatements = [tables.usage_logs, tables.unattributed_usage].map(
  (log) => `
  UPDATE ${log} stored SET litellm_request_id = i.request_id
  FROM pg_temp.usage_import i
  WHERE i.earlier_request_id IS NOT NULL AND ${sameRequest('stored', 'i.earlier_request_id')}`,
);

const markLogged = `
  UPDATE pg_temp.usage_import i SET known = 'logged'
  FROM ${tables.usage_logs} ul
  WHERE ${sameRequest('ul')}
    AND ul.created_at BETWEEN $1::timestamptz AND $2::timestamptz`;

// A row that never had a subscription and has one now goes to the log; one whose subscription was deleted stays.
const markUnattributed = `
  UPDATE pg_temp.usage_import i
  SET known = CASE WHEN uu.subscription_id IS NULL AND i.subscription_id IS NOT NULL THEN 'waiting' ELSE 'unattributed' END
  FROM ${tables.unattributed_usage} uu
  WHERE ${sameRequest('uu')} AND i.known = 'no'`;

const figures = [
  'request_tokens',
  'response_tokens',
  'input_cost',
  'output_cost',
  'latency_ms',
  'status_code',
  'error_message',
  'refused_by_litellm',
] as const;
const assignments = figures.map((column) => `${column} = i.${column}`).join(', ');
const ofImport = figures.map((column) => `i.${column}`).join(', ');
const ofStored = figures.map((column) => `stored.${column}`).join(', ');

/** LiteLLM's own ids: filled in where a row has none yet, and never replaced. */
const identities = ['litellm_user_id', 'litellm_team_id', 'litellm_key_id', 'litellm_model_group'] as const;
const identityAssignments = identities
  .map((column) => `${column} = COALESCE(stored.${column}, i.${column})`)
  .join(', ');
const identitiesOfImport = identities.map((column) => `i.${column}`).join(', ');
const anIdentityBecameKnown = `(${identities
  .map((column) => `stored.${column} IS NULL AND i.${column} IS NOT NULL`)
  .join(' OR ')})`;

const correctLogged = `
  UPDATE ${tables.usage_logs} stored SET ${assignments}, ${identityAssignments}
  FROM pg_temp.usage_import i
  WHERE i.known = 'logged' AND ${sameRequest('stored')}
    AND stored.created_at BETWEEN $1::timestamptz AND $2::timestamptz
    AND ((${ofStored}) IS DISTINCT FROM (${ofImport}) OR ${anIdentityBecameKnown})`;

// Whoever has become known since is filled in; nobody who was recorded is replaced.
const somebodyBecameKnown = `
  (stored.api_key_id IS NULL AND COALESCE(i.api_key_id, i.former_api_key_id) IS NOT NULL
    OR stored.user_id IS NULL AND i.user_id IS NOT NULL
    OR stored.team_id IS NULL AND COALESCE(i.team_id, i.former_team_id) IS NOT NULL)`;

const correctUnattributed = `
  UPDATE ${tables.unattributed_usage} stored SET ${assignments}, ${identityAssignments},
    api_key_id = COALESCE(stored.api_key_id, i.api_key_id, i.former_api_key_id),
    user_id = COALESCE(stored.user_id, i.user_id),
    team_id = COALESCE(stored.team_id, i.team_id, i.former_team_id),
    reason = CASE
      WHEN stored.subscription_id IS NULL AND ${somebodyBecameKnown} THEN i.reason
      ELSE stored.reason
    END
  FROM pg_temp.usage_import i
  WHERE i.known = 'unattributed' AND ${sameRequest('stored')}
    AND ((${ofStored}) IS DISTINCT FROM (${ofImport}) OR ${somebodyBecameKnown}
      OR ${anIdentityBecameKnown})`;

const takeFromUnattributed = `
  DELETE FROM ${tables.unattributed_usage} uu
  USING pg_temp.usage_import i
  WHERE i.known = 'waiting' AND ${sameRequest('uu')}`;

// In the order of time, so that partitions and their indexes are filled from left to right.
const insertLogged = `
  INSERT INTO ${tables.usage_logs} (subscription_id, api_key_id, team_id, model_id, ${figures.join(', ')},
    litellm_request_id, metadata, created_at, former_api_key_id, former_team_id, ${identities.join(', ')})
  SELECT i.subscription_id, i.api_key_id, i.team_id, i.model_id, ${ofImport},
    i.request_id, i.metadata, i.created_at, i.former_api_key_id, i.former_team_id, ${identitiesOfImport}
  FROM pg_temp.usage_import i
  WHERE i.known IN ('no', 'waiting') AND i.subscription_id IS NOT NULL
  ORDER BY i.created_at`;

const insertUnattributed = `
  INSERT INTO ${tables.unattributed_usage} (api_key_id, team_id, user_id, model_id, ${figures.join(', ')},
    litellm_request_id, metadata, reason, created_at, ${identities.join(', ')})
  SELECT COALESCE(i.api_key_id, i.former_api_key_id), COALESCE(i.team_id, i.former_team_id), i.user_id, i.model_id,
    ${ofImport}, i.request_id, i.metadata, i.reason, i.created_at, ${identitiesOfImport}
  FROM pg_temp.usage_import i
  WHERE i.known = 'no' AND i.subscription_id IS NULL
  ORDER BY i.created_at`;
