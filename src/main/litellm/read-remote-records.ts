import { sql } from 'drizzle-orm';
import { type RemoteRecord, remoteRecord } from '../../shared/contract/record-parts';
import { redact } from '../../shared/redact';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const proxyLimit = 10;

/** A pull writes only what changed: what object `o` did not miss was there when the last complete one ended. */
export const remoteSeenAt = sql`CASE WHEN o.state = 'missing' THEN o.last_seen_at ELSE greatest(o.last_seen_at, (
  SELECT max(finished_at) FROM ${from('sync_runs')} WHERE proxy_id = o.proxy_id AND state = 'succeeded'
)) END`;

/**
 * What is known of a record's counterparts in LiteLLM proxies, the one seen last first. A key's id there is its hash,
 * which crosses to no screen.
 */
export async function readRemoteRecords(
  { select }: Connection,
  kind: 'user' | 'team' | 'key' | 'model',
  localId: string,
): Promise<RemoteRecord[]> {
  const rows = await select(
    remoteRecord,
    sql`
    SELECT
      o.proxy_id AS proxy, CASE WHEN o.kind <> 'key' THEN o.remote_id END AS "remoteId", o.state, o.reason,
      left(o.error, 2000) AS error, o.first_seen_at AS "firstSeenAt", ${remoteSeenAt} AS "seenAt"
    FROM ${from('litellm_objects', 'o')}
    WHERE o.kind = ${kind} AND o.local_id = ${localId}
    ORDER BY 7 DESC, o.proxy_id LIMIT ${proxyLimit}`,
  );
  return rows.map((row) => ({ ...row, error: row.error === null ? null : redact(row.error) }));
}
