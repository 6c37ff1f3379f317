import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { changeValue } from '../../../shared/contract/changes';
import type { SuspensionMoment } from '../../../shared/contract/suspension';
import { bigInteger, instant, reference, uuid } from '../../../shared/contract/values';
import { auditRows } from '../../audit/audit-rows';
import { auditSource } from '../../audit/audit-source';
import type { Connection } from '../../postgres/database';
import { beginningWithoutSecrets } from '../../postgres/long-text';
import { from } from '../../postgres/relations';
import { whereClause } from '../../records/list-query';
import type { RecordedEvent } from '../subscription-events';

type Moment<Kind extends SuspensionMoment['kind']> = Extract<SuspensionMoment, { kind: Kind }>;

const longestReason = 500;

const changeRow = z.strictObject({
  at: instant,
  action: z.string(),
  actor: z.string(),
  reason: z.string().nullable(),
  batchId: uuid,
  before: z.record(z.string(), changeValue).nullable(),
  after: z.record(z.string(), changeValue).nullable(),
});
export type RecordedChange = z.infer<typeof changeRow>;

/** The latest edits of a subscription by consoles, newest first. */
export function readChanges(
  { select }: Connection,
  subscriptionId: string,
  limit: number,
): Promise<RecordedChange[]> {
  return select(
    changeRow,
    sql`
    SELECT c.created_at AS at, c.action, c.actor, left(c.reason, ${longestReason}) AS reason, c.batch_id AS "batchId",
      c.before, c.after
    FROM ${from('changes', 'c')}
    WHERE c.record_kind = 'subscription' AND c.record_id = ${subscriptionId}::uuid::text
    ORDER BY c.id DESC LIMIT ${limit}`,
  );
}

/** Edits and entries of the audit trail; what a console did stands in both and is told once. */
export async function editMoments(
  connection: Connection,
  subscriptionId: string,
  changes: readonly RecordedChange[],
  limit: number,
): Promise<SuspensionMoment[]> {
  const filters = { resourceType: 'SUBSCRIPTION' as const, resourceId: subscriptionId };
  const source = await auditSource(connection, { page: 1, pageSize: limit, search: '', filters }, 'UTC');
  const ids = await connection.select(
    z.strictObject({ id: uuid }),
    sql`SELECT ${source.id} AS id FROM ${source.from} ${whereClause(source.where)} ORDER BY ${source.orderBy} LIMIT ${limit}`,
  );
  const audited = await auditRows(
    connection,
    ids.map(({ id }) => id),
  );
  const entries = new Map(audited.flatMap(({ batchId, id }) => (batchId === null ? [] : [[batchId, id]])));
  const batches = new Set(changes.map(({ batchId }) => batchId));
  return [
    ...changes.map(({ batchId, before, after, reason, ...change }): Moment<'change'> => ({
      ...{ kind: 'change', ...change, reason: beginningWithoutSecrets(reason, longestReason) },
      auditId: entries.get(batchId) ?? null,
      // What was made or deleted has no field that changed.
      fields:
        before === null || after === null
          ? []
          : Object.keys(after).map((field) => ({
              ...{ field, before: before[field] ?? null, after: after[field] ?? null },
            })),
    })),
    ...audited
      .filter(({ batchId }) => batchId === null || !batches.has(batchId))
      .map(({ id, createdAt, action, user, osUser, reason }): Moment<'audit'> => ({
        ...{ kind: 'audit', at: createdAt, id, action, actor: user?.label ?? osUser },
        reason: beginningWithoutSecrets(reason, longestReason),
      })),
  ];
}

const requestRow = z.strictObject({
  id: uuid,
  at: instant,
  key: reference.nullable(),
  tokens: bigInteger,
});

/** The requests that events name, as far as they are in the log: each by its primary key, in its own partition. */
export async function readRequests(
  { select }: Connection,
  events: readonly RecordedEvent[],
): Promise<Moment<'request'>[]> {
  const named = events.flatMap(({ requestId, requestAt }) =>
    requestId === null || requestAt === null ? [] : [{ id: requestId, at: requestAt }],
  );
  if (named.length === 0) return [];
  const rows = await select(
    requestRow,
    sql`
    SELECT l.id, l.created_at AS at, coalesce(l.total_tokens, 0)::text AS tokens,
      CASE WHEN k.id IS NOT NULL THEN jsonb_build_object('id', k.id, 'label', coalesce(nullif(k.name, ''), k.key_prefix)) END AS key
    FROM jsonb_to_recordset(${JSON.stringify(named)}::jsonb) AS w (id uuid, at timestamptz)
    JOIN ${from('usage_logs', 'l')} ON l.id = w.id AND l.created_at = w.at
    LEFT JOIN ${from('api_keys', 'k')} ON k.id = l.api_key_id`,
  );
  return rows.map((row) => ({ kind: 'request', ...row }));
}

const runRow = z.strictObject({ at: instant, state: z.string(), actor: z.string().nullable() });

/** The pulls during which events happened that a pull may have brought about. */
export async function readRuns(
  { select }: Connection,
  events: readonly RecordedEvent[],
): Promise<Moment<'sync'>[]> {
  const moments = events
    .filter(
      ({ event, exceededBy }) =>
        event.cause === 'sync' || (event.cause === 'quota' && exceededBy !== 'quota'),
    )
    .map(({ event }) => ({ at: event.at }));
  if (moments.length === 0) return [];
  const rows = await select(
    runRow,
    sql`
    SELECT DISTINCT run.started_at AS at, run.state, run.actor
    FROM jsonb_to_recordset(${JSON.stringify(moments)}::jsonb) AS w (at timestamptz)
    CROSS JOIN LATERAL (
      SELECT r.started_at, r.finished_at, r.state, r.actor FROM ${from('sync_runs', 'r')}
      WHERE r.started_at <= w.at ORDER BY r.started_at DESC LIMIT 1
    ) AS run
    WHERE coalesce(run.finished_at >= w.at, run.state = 'running')`,
  );
  return rows.map((row) => ({ kind: 'sync', ...row }));
}

const laterRow = z.strictObject({ requests: bigInteger, tokens: bigInteger });
type Counted = Readonly<z.infer<typeof laterRow>>;

/** Of so many requests at most it is read what they counted. */
const mostLater = 10_000;

/** What counted after a request, by the moments at which requests were made; NULL where that is too much to read. */
export async function readCountedAfter(
  { select }: Connection,
  subscriptionId: string,
  { id, at }: Readonly<{ id: string; at: string }>,
): Promise<Counted | null> {
  const [later] = await select(
    laterRow,
    sql`
    SELECT count(*)::text AS requests, coalesce(sum(later.tokens), 0)::text AS tokens
    FROM (
      SELECT l.total_tokens AS tokens FROM ${from('usage_logs', 'l')}
      WHERE l.subscription_id = ${subscriptionId} AND l.created_at >= ${at}::timestamptz
        AND (l.created_at, l.id) > (${at}::timestamptz, ${id}::uuid) AND l.counted_towards_quota
      LIMIT ${mostLater + 1}
    ) AS later`,
  );
  return later === undefined || Number(later.requests) > mostLater ? null : later;
}
