import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { type UntoldNews, untoldNews } from '../../shared/contract/record-parts';
import type { Connection } from '../postgres/database';
import { from, table } from '../postgres/relations';
import type { RemoteNews } from './change';
import type { RecordKind } from './record-table';

export interface OutboxEntry {
  readonly changeId: string;
  readonly kind: RecordKind;
  readonly id: string;
  readonly news: RemoteNews;
}

/** Stands among the fields of a record that was deleted here. */
export const deletedField = 'deleted';

/**
 * Writes what a proxy has to hear. An object waits once, with all its fields: what is newer about the same fields takes
 * the place of what is older, so that access that was given back is not shown as taken. Of a record that is deleted
 * nothing else needs to be told; a record that came back was not deleted.
 */
export async function writeOutbox(
  { run }: Connection,
  proxyId: string,
  entries: readonly OutboxEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ changeId, kind, id, news }) => ({ changeId, kind, id, ...news }));
  await run(sql`
    WITH news AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS e ("changeId" bigint, kind text, id text, fields text[], taken text[])
    ), older AS (
      DELETE FROM ${table('outbox')} AS o USING news AS n
      WHERE o.proxy_id = ${proxyId} AND o.record_kind = n.kind AND o.record_id = n.id AND o.state = 'waiting'
      RETURNING o.record_kind, o.record_id, o.fields, o.taken
    )
    INSERT INTO ${table('outbox')} (change_id, proxy_id, record_kind, record_id, fields, taken)
    SELECT n."changeId", ${proxyId}, n.kind, n.id,
      CASE WHEN ${deletedField} = ANY(n.fields) THEN n.fields
        ELSE ARRAY(SELECT unnest(n.fields) UNION SELECT unnest(array_remove(o.fields, ${deletedField})) ORDER BY 1) END,
      CASE WHEN ${deletedField} = ANY(n.fields) THEN n.taken
        ELSE ARRAY(SELECT unnest(n.taken) UNION
          (SELECT unnest(array_remove(o.taken, ${deletedField})) EXCEPT SELECT unnest(n.fields)) ORDER BY 1) END
    FROM news AS n LEFT JOIN older AS o ON o.record_kind = n.kind AND o.record_id = n.id`);
}

/** SQL: what LiteLLM was not told yet of a record: `none`, `waits`, or `access` that was taken here and works there. */
export function untoldOf(kind: RecordKind, id: SQL): SQL {
  return sql`(
    SELECT CASE WHEN bool_or(cardinality(o.taken) > 0) THEN 'access' WHEN count(*) > 0 THEN 'waits' ELSE 'none' END
    FROM ${from('outbox', 'o')}
    WHERE o.record_kind = ${sql.raw(`'${kind}'`)} AND o.record_id = ${id}::text AND o.state <> 'done'
  )`;
}

/** SQL: whether LiteLLM was not told something of a record yet; for filters, where one look finds all that wait. */
export function isUntold(kind: RecordKind, id: SQL): SQL {
  return sql`EXISTS (
    SELECT FROM ${from('outbox', 'o')}
    WHERE o.record_kind = ${sql.raw(`'${kind}'`)} AND o.record_id = ${id}::text AND o.state <> 'done'
  )`;
}

/** SQL: whether LiteLLM was not told yet who is in a team, or was. */
export function hasUntoldMembers(team: SQL): SQL {
  return sql`EXISTS (
    SELECT FROM ${from('outbox', 'o')}
    LEFT JOIN ${from('team_members', 'm')} ON m.id::text = o.record_id
    LEFT JOIN ${from('changes', 'c')} ON c.id = o.change_id
    WHERE o.record_kind = 'team_member' AND o.state <> 'done'
      AND coalesce(m.team_id::text, c.before ->> 'teamId', c.after ->> 'teamId') = ${team}::text
  )`;
}

const shownNews = 20;

/** What LiteLLM was not told yet of one record, the oldest first. */
export function readUntold({ select }: Connection, kind: RecordKind, id: string): Promise<UntoldNews[]> {
  return select(
    untoldNews,
    sql`
    SELECT o.proxy_id AS proxy, o.fields[:50] AS fields, cardinality(o.taken) > 0 AS "takesAway", o.state, o.problem, o.created_at AS since
    FROM ${from('outbox', 'o')}
    WHERE o.record_kind = ${kind} AND o.record_id = ${id} AND o.state <> 'done'
    ORDER BY o.id LIMIT ${shownNews}`,
  );
}

const waitingRow = z.strictObject({ record_id: z.string(), fields: z.array(z.string()) });

/** Which fields of which records wait to be told to a proxy: a pull leaves them alone. */
export async function readWaitingFields(
  { select }: Connection,
  proxyId: string,
  kind: RecordKind,
  ids: readonly string[],
): Promise<Map<string, ReadonlySet<string>>> {
  const rows = await select(
    waitingRow,
    sql`
    SELECT o.record_id, array_agg(DISTINCT field) AS fields
    FROM ${from('outbox', 'o')} CROSS JOIN LATERAL unnest(o.fields) AS field
    WHERE o.proxy_id = ${proxyId} AND o.record_kind = ${kind} AND o.state <> 'done'
      AND o.record_id = ANY(${sql.param([...ids])}::text[])
    GROUP BY o.record_id`,
  );
  return new Map(rows.map((row) => [row.record_id, new Set(row.fields)]));
}

const movedRow = z.strictObject({ id: z.string() });

/**
 * Memberships that are not any more as a proxy may know them, and wait to be told to it: team and user, `team/user`. One
 * may have gone from hand to hand since the proxy was told last.
 */
export async function readMovedMembers(
  { select }: Connection,
  proxyId: string,
): Promise<ReadonlySet<string>> {
  const ofMembers = sql`o.proxy_id = ${proxyId} AND o.record_kind = 'team_member'`;
  const rows = await select(
    movedRow,
    sql`
    WITH told AS (
      SELECT o.record_id, max(o.change_id) AS last FROM ${from('outbox', 'o')}
      WHERE ${ofMembers} AND o.state = 'done' GROUP BY 1
    ), untold AS (
      SELECT o.record_id, coalesce(told.last, 0) AS after, max(o.change_id) AS last
      FROM ${from('outbox', 'o')} LEFT JOIN told ON told.record_id = o.record_id
      WHERE ${ofMembers} AND o.state <> 'done' GROUP BY 1, 2
    )
    SELECT DISTINCT team.id || '/' || (c.before ->> 'userId') AS id
    FROM untold JOIN ${from('changes', 'c')} ON c.record_kind = 'team_member' AND c.record_id = untold.record_id
      AND c.id > untold.after AND c.id <= untold.last
    LEFT JOIN ${from('team_members', 'tm')} ON tm.id::text = untold.record_id
    CROSS JOIN LATERAL (
      SELECT coalesce(tm.team_id::text, (
        SELECT coalesce(t.before, t.after) ->> 'teamId' FROM ${from('changes', 't')}
        WHERE t.record_kind = 'team_member' AND t.record_id = untold.record_id AND coalesce(t.before, t.after) ? 'teamId'
        ORDER BY t.id DESC LIMIT 1)) AS id
    ) AS team
    WHERE c.before ? 'userId' AND c.before ->> 'userId' IS DISTINCT FROM c.after ->> 'userId' AND team.id IS NOT NULL
      AND NOT EXISTS (SELECT FROM ${from('changes', 'u')} WHERE u.undoes = c.id)`,
  );
  return new Set(rows.map(({ id }) => id));
}
