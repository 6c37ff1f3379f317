import { sql } from 'drizzle-orm';
import { parseExactJson } from '../../../exact-json';
import type { Connection } from '../../../postgres/database';
import { canonicalJson, type Fields } from '../../mapping/fields';
import type { Agreement } from '../../mapping/merge-fields';

export type ObjectKind = 'model' | 'team' | 'user' | 'member' | 'key' | 'spend';

/**
 * `linked`: it is a record of ours. `conflict`: it is, and both sides changed the same columns. `homeless`: our schema
 * has no place for it. `missing`: the last complete scan no longer found it; nothing is done about that here.
 */
export type ObjectState = 'linked' | 'conflict' | 'homeless' | 'missing';

/** What `litemaas_console.litellm_objects` knows of one object of the proxy. */
export interface RemoteObject {
  readonly remoteId: string;
  readonly localId: string | null;
  readonly state: ObjectState;
  /** A code: why it is homeless, or what a person should know about it; null where there is nothing to say. */
  readonly reason: string | null;
  readonly agreement: Agreement | null;
  /** What the proxy showed last. Never a key value. */
  readonly remote: Fields | null;
}

interface Row {
  readonly remote_id: string;
  readonly local_id: string | null;
  readonly state: ObjectState;
  readonly reason: string | null;
  readonly snapshot: string | null;
  readonly remote: string | null;
}

/** The known objects among these ids. */
export async function readObjects(
  { select }: Connection,
  proxyId: string,
  kind: ObjectKind,
  remoteIds: readonly string[],
): Promise<Map<string, RemoteObject>> {
  const rows = await select<Row>(sql`
    SELECT remote_id, local_id, state, reason, snapshot::text AS snapshot, remote::text AS remote
    FROM litemaas_console.litellm_objects
    WHERE proxy_id = ${proxyId} AND kind = ${kind} AND remote_id = ANY(${sql.param(remoteIds)}::text[])`);
  return new Map(
    rows.map((row) => [
      row.remote_id,
      {
        remoteId: row.remote_id,
        localId: row.local_id,
        state: row.state,
        reason: row.reason,
        agreement: row.snapshot === null ? null : (parseExactJson(row.snapshot) as Agreement),
        remote: row.remote === null ? null : (parseExactJson(row.remote) as Fields),
      },
    ]),
  );
}

export function sameObject(left: RemoteObject, right: RemoteObject): boolean {
  return canonicalJson(left) === canonicalJson(right);
}

/** Writes objects that are new or changed; the caller has left out the others. */
export async function saveObjects(
  { select }: Connection,
  scan: { readonly proxyId: string; readonly generation: string },
  kind: ObjectKind,
  objects: readonly RemoteObject[],
): Promise<void> {
  if (objects.length === 0) return;
  const rows = objects.map(({ remoteId, localId, state, reason, agreement, remote }) => ({
    remote_id: remoteId,
    local_id: localId,
    state,
    reason,
    snapshot: agreement,
    remote,
  }));
  await select(sql`
    INSERT INTO litemaas_console.litellm_objects AS known
      (proxy_id, kind, remote_id, local_id, state, reason, snapshot, remote, last_seen_generation)
    SELECT ${scan.proxyId}, ${kind}, o.remote_id, o.local_id, o.state, o.reason,
      nullif(o.snapshot, 'null'), nullif(o.remote, 'null'), ${scan.generation}::bigint
    FROM jsonb_to_recordset(${canonicalJson(rows)}::jsonb)
      AS o (remote_id text, local_id text, state text, reason text, snapshot jsonb, remote jsonb)
    ON CONFLICT (proxy_id, kind, remote_id) DO UPDATE SET
      local_id = EXCLUDED.local_id, state = EXCLUDED.state, reason = EXCLUDED.reason, error = NULL,
      snapshot = EXCLUDED.snapshot, remote = EXCLUDED.remote,
      last_seen_at = CURRENT_TIMESTAMP, last_seen_generation = EXCLUDED.last_seen_generation`);
}

const recordTables = { user: 'users', team: 'teams', key: 'api_keys' } as const;

/**
 * Our ids for remote ids, where the pull has given them a home and the record is still there: a person may have deleted
 * it here after it went missing over there.
 */
export async function readLocalIds(
  { select }: Connection,
  proxyId: string,
  kind: keyof typeof recordTables,
  remoteIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await select<{ remote_id: string; local_id: string }>(sql`
    WITH known AS MATERIALIZED (
      SELECT remote_id, local_id::uuid AS local_id FROM litemaas_console.litellm_objects
      WHERE proxy_id = ${proxyId} AND kind = ${kind} AND local_id IS NOT NULL
        AND remote_id = ANY(${sql.param(remoteIds)}::text[])
    )
    SELECT known.remote_id, known.local_id FROM known
    JOIN public.${sql.identifier(recordTables[kind])} AS record ON record.id = known.local_id`);
  return new Map(rows.map((row) => [row.remote_id, row.local_id]));
}

/** Takes back what was noted about a list as a whole and is true no more. */
export async function forgetObject(
  { select }: Connection,
  proxyId: string,
  kind: ObjectKind,
  remoteId: string,
): Promise<void> {
  await select(sql`
    DELETE FROM litemaas_console.litellm_objects
    WHERE proxy_id = ${proxyId} AND kind = ${kind} AND remote_id = ${remoteId}`);
}

/**
 * Notes which objects a complete scan no longer found. Objects that were found are not touched (a second pull must
 * write nothing), so `last_seen_generation` is exact for the missing ones: the last scan that still saw them.
 */
export async function noteMissing(
  { select }: Connection,
  scan: { readonly proxyId: string; readonly generation: string },
  kind: ObjectKind,
  seen: readonly string[],
): Promise<void> {
  await select(sql`
    UPDATE litemaas_console.litellm_objects AS known
    SET state = 'missing', reason = 'missing_remotely',
      last_seen_at = COALESCE(before.finished_at, known.last_seen_at),
      last_seen_generation = COALESCE(before.id, known.last_seen_generation)
    FROM (
      SELECT max(run.id) AS id, max(run.finished_at) AS finished_at FROM litemaas_console.sync_runs run
      WHERE run.proxy_id = ${scan.proxyId} AND run.state = 'succeeded' AND run.id < ${scan.generation}::bigint
    ) AS before
    WHERE known.proxy_id = ${scan.proxyId} AND known.kind = ${kind} AND known.state <> 'missing'
      AND NOT known.remote_id = ANY(${sql.param(seen)}::text[])`);
}
