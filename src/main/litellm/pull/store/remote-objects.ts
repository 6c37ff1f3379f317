import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../../shared/contract/values';
import { parseExactJson } from '../../../kernel/exact-json';
import type { Connection } from '../../../postgres/database';
import { from, table } from '../../../postgres/relations';
import { canonicalJson, type Fields } from '../../mapping/fields';
import type { Agreement } from '../../mapping/merge-fields';

export type ObjectKind = 'model' | 'team' | 'user' | 'member' | 'key' | 'spend';

/**
 * `linked`: it is a record of ours. `conflict`: it is, and both sides changed the same columns. `homeless`: our schema
 * has no place for it. `missing`: the last complete scan no longer found it; nothing is done about that here.
 */
const objectState = z.enum(['linked', 'conflict', 'homeless', 'missing']);
export type ObjectState = z.infer<typeof objectState>;

/** What the table `litellm_objects` knows of one object of the proxy. */
export interface RemoteObject {
  readonly remoteId: string;
  /** Our record, also one that was deleted here; null where there never was one. */
  readonly localId: string | null;
  readonly state: ObjectState;
  /** A code: why it is homeless, or what a person should know about it; null where there is nothing to say. */
  readonly reason: string | null;
  readonly agreement: Agreement | null;
  /** What the proxy showed last. Never a key value. */
  readonly remote: Fields | null;
}

const objectRow = z.strictObject({
  remote_id: z.string(),
  local_id: z.string().nullable(),
  state: objectState,
  reason: z.string().nullable(),
  snapshot: z.string().nullable(),
  remote: z.string().nullable(),
});
const localIdRow = z.strictObject({ remote_id: z.string(), local_id: uuid });

/** The known objects among these ids. */
export async function readObjects(
  { select }: Connection,
  proxyId: string,
  kind: ObjectKind,
  remoteIds: readonly string[],
): Promise<Map<string, RemoteObject>> {
  const rows = await select(
    objectRow,
    sql`
    SELECT remote_id, local_id, state, reason, snapshot::text AS snapshot, remote::text AS remote
    FROM ${from('litellm_objects')}
    WHERE proxy_id = ${proxyId} AND kind = ${kind} AND remote_id = ANY(${sql.param(remoteIds)}::text[])`,
  );
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
  { run }: Connection,
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
  await run(sql`
    INSERT INTO ${table('litellm_objects')} AS known
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

/** Remembers what was read back of one object that is a record of ours. */
export async function keepRead(
  { run }: Connection,
  proxyId: string,
  kind: ObjectKind,
  object: RemoteObject,
): Promise<void> {
  const { remoteId, localId, state, reason, agreement, remote } = object;
  await run(sql`
    INSERT INTO ${table('litellm_objects')} AS known
      (proxy_id, kind, remote_id, local_id, state, reason, snapshot, remote)
    VALUES (${proxyId}, ${kind}, ${remoteId}, ${localId}, ${state}, ${reason},
      ${canonicalJson(agreement)}::jsonb, ${canonicalJson(remote)}::jsonb)
    ON CONFLICT (proxy_id, kind, remote_id) DO UPDATE SET
      local_id = EXCLUDED.local_id, state = EXCLUDED.state, reason = EXCLUDED.reason, error = NULL,
      snapshot = EXCLUDED.snapshot, remote = EXCLUDED.remote, last_seen_at = CURRENT_TIMESTAMP`);
}

/** Notes that an object is not there any more, as a scan would that does not find it. */
export async function keepGone(
  { run }: Connection,
  proxyId: string,
  kind: ObjectKind,
  remoteId: string,
): Promise<void> {
  await run(sql`
    UPDATE ${table('litellm_objects')} SET state = 'missing', reason = 'missing_remotely', error = NULL
    WHERE proxy_id = ${proxyId} AND kind = ${kind} AND remote_id = ${remoteId}`);
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
  const rows = await select(
    localIdRow,
    sql`
    WITH known AS MATERIALIZED (
      SELECT remote_id, local_id::uuid AS local_id FROM ${from('litellm_objects')}
      WHERE proxy_id = ${proxyId} AND kind = ${kind} AND local_id IS NOT NULL
        AND remote_id = ANY(${sql.param(remoteIds)}::text[])
    )
    SELECT known.remote_id, known.local_id FROM known
    JOIN ${from(recordTables[kind], 'record')} ON record.id = known.local_id`,
  );
  return new Map(rows.map((row) => [row.remote_id, row.local_id]));
}

/** Takes back what was noted about a list as a whole and is true no more. */
export async function forgetObject(
  { run }: Connection,
  proxyId: string,
  kind: ObjectKind,
  remoteId: string,
): Promise<void> {
  await run(sql`
    DELETE FROM ${table('litellm_objects')}
    WHERE proxy_id = ${proxyId} AND kind = ${kind} AND remote_id = ${remoteId}`);
}

/**
 * Notes which objects a complete scan no longer found. Objects that were found are not touched (a second pull must
 * write nothing), so `last_seen_generation` is exact for the missing ones: the last scan that still saw them.
 */
export async function noteMissing(
  { run }: Connection,
  scan: { readonly proxyId: string; readonly generation: string },
  kind: ObjectKind,
  seen: readonly string[],
): Promise<void> {
  await run(sql`
    UPDATE ${table('litellm_objects')} AS known
    SET state = 'missing', reason = 'missing_remotely',
      last_seen_at = COALESCE(before.finished_at, known.last_seen_at),
      last_seen_generation = COALESCE(before.id, known.last_seen_generation)
    FROM (
      SELECT max(run.id) AS id, max(run.finished_at) AS finished_at FROM ${from('sync_runs', 'run')}
      WHERE run.proxy_id = ${scan.proxyId} AND run.state = 'succeeded' AND run.id < ${scan.generation}::bigint
    ) AS before
    WHERE known.proxy_id = ${scan.proxyId} AND known.kind = ${kind} AND known.state <> 'missing'
      AND NOT known.remote_id = ANY(${sql.param(seen)}::text[])`);
}
