import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { Fields } from '../mapping/fields';
import { readObjects, type RemoteObject } from '../pull/store/remote-objects';
import { readRecords } from '../pull/store/record-table';
import { keys } from './key-table';

/** A key of ours as the sender needs it. Never holds its value. */
export interface LocalKey {
  /** By which LiteLLM knows it; null where nothing says so. */
  readonly hash: string | null;
  /** Our columns; null where the record was deleted here. */
  readonly fields: Fields | null;
  /** It may not be used any more, whatever its switch says. */
  readonly isRevoked: boolean;
  /** What both sides last agreed on. */
  readonly object: RemoteObject | null;
}

const identityRow = z.strictObject({ hash: z.string().nullable(), is_revoked: z.boolean().nullable() });

/**
 * Reads a key and by which hash the proxy knows it: as a pull found it, else as LiteMaaS or the console stored it, of one
 * that was deleted here as its row was kept. The
 * hash of a stored value is made in SQL, so that the value stays in the database.
 */
export async function readLocalKey(connection: Connection, proxyId: string, id: string): Promise<LocalKey> {
  const [identity] = await connection.select(
    identityRow,
    sql`
    SELECT coalesce(o.remote_id, found.hash, deleted.hash) AS hash, found.is_revoked
    FROM (SELECT ${id}::uuid AS id) AS asked
    LEFT JOIN LATERAL (
      SELECT k.revoked_at IS NOT NULL AS is_revoked, coalesce(
        substring(k.metadata ->> 'litellm_token' FROM '^[0-9a-f]{64}$'),
        encode(sha256(convert_to(k.lite_llm_key_value, 'UTF8')), 'hex'),
        substring(k.key_hash FROM '^[0-9a-f]{64}$')) AS hash
      FROM ${from('api_keys', 'k')} WHERE k.id = asked.id
    ) AS found ON true
    LEFT JOIN LATERAL (
      SELECT coalesce(
        substring(d.content -> 'metadata' ->> 'litellm_token' FROM '^[0-9a-f]{64}$'),
        substring(d.content ->> 'key_hash' FROM '^[0-9a-f]{64}$')) AS hash
      FROM ${from('changes', 'c')}
      JOIN ${from('deleted_rows', 'd')} ON d.batch_id = c.batch_id AND d.record_kind = c.record_kind
        AND d.record_id = c.record_id AND d.table_name = 'api_keys'
      WHERE found.is_revoked IS NULL AND c.record_kind = 'api_key' AND c.record_id = asked.id::text AND c.after IS NULL
      ORDER BY c.id DESC LIMIT 1
    ) AS deleted ON true
    LEFT JOIN LATERAL (
      SELECT known.remote_id FROM ${from('litellm_objects', 'known')}
      WHERE known.proxy_id = ${proxyId} AND known.kind = 'key' AND known.local_id = asked.id::text
      ORDER BY known.state = 'missing', known.remote_id LIMIT 1
    ) AS o ON true`,
  );
  const hash = identity?.hash ?? null;
  const records = await readRecords(connection, keys.table, [id]);
  const local = (await keys.related?.read(connection, records)) ?? records;
  const objects =
    hash === null ? new Map<string, RemoteObject>() : await readObjects(connection, proxyId, 'key', [hash]);
  return {
    hash,
    fields: local.get(id) ?? null,
    isRevoked: identity?.is_revoked === true,
    object: (hash === null ? undefined : objects.get(hash)) ?? null,
  };
}
