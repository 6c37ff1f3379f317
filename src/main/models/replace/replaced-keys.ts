import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import { modelsOf } from '../../api-keys/api-keys-change';
import { apiKeysRecord } from '../../api-keys/api-keys-record';
import { allowsAllModels, sortedModels } from '../../api-keys/model-scope';
import type { PartWish } from '../../changes/judge';
import { readRecordsNow } from '../../changes/record-table';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { keyOfReplaced } from './replace-change';

/** So many keys are read by one statement. */
const groupSize = 2_000;
const shownExamples = 20;

const keyRow = z.strictObject({ id: uuid, userId: uuid });

/** What becomes of the keys of people whose model is replaced. */
export interface ReplacedKeys {
  /** By the person whose keys they are. */
  readonly parts: ReadonlyMap<string, readonly PartWish[]>;
  /** How many may use every model: nothing in them changes. */
  readonly ofAll: number;
}

/** The keys of these people that name the model and are not revoked, each with the other model in its place. */
export async function readReplacedKeys(
  connection: Connection,
  modelId: string,
  byModelId: string,
  userIds: readonly string[],
): Promise<ReplacedKeys> {
  const keys = await connection.select(
    keyRow,
    sql`
    SELECT k.id, k.user_id AS "userId"
    FROM ${from('api_key_models', 'km')} JOIN ${from('api_keys', 'k')} ON k.id = km.api_key_id
    WHERE km.model_id = ${modelId} AND k.user_id = ANY(${sql.param([...userIds])}::uuid[]) AND k.revoked_at IS NULL
    ORDER BY k.id`,
  );
  const parts = new Map<string, PartWish[]>();
  let ofAll = 0;
  for (let first = 0; first < keys.length; first += groupSize) {
    const group = keys.slice(first, first + groupSize);
    const ids = group.map(({ id }) => id);
    const records = await readRecordsNow(connection, apiKeysRecord, ids);
    for (const { id, userId } of group) {
      const now = records.get(id);
      if (now === undefined) continue;
      const models = modelsOf(now.image);
      if (models === null) {
        ofAll += 1;
        continue;
      }
      const others = models.filter((name) => name !== modelId);
      const part: PartWish = {
        ...{ kind: keyOfReplaced, id, way: 'update', undoes: null },
        set: { models: sortedModels([...others, byModelId]) },
        expected: { version: now.version },
      };
      parts.set(userId, [...(parts.get(userId) ?? []), part]);
    }
  }
  return { parts, ofAll };
}

const otherRow = z.strictObject({ id: uuid, label: z.string(), total: z.int() });

/** Keys that name the model and go on naming it: those of people none of whose subscriptions is replaced. */
export async function readOtherKeys(
  { select }: Connection,
  modelId: string,
  userIds: readonly string[],
): Promise<{ readonly count: number; readonly examples: { id: string; label: string }[] }> {
  const rows = await select(
    otherRow,
    sql`
    SELECT k.id, coalesce(nullif(k.name, ''), k.key_prefix, k.id::text) AS label, (count(*) OVER ())::int AS total
    FROM ${from('api_key_models', 'km')} JOIN ${from('api_keys', 'k')} ON k.id = km.api_key_id
    WHERE km.model_id = ${modelId} AND k.revoked_at IS NULL AND NOT ${allowsAllModels}
      AND NOT k.user_id = ANY(${sql.param([...userIds])}::uuid[])
    ORDER BY 2, k.id LIMIT ${shownExamples}`,
  );
  return { count: rows[0]?.total ?? 0, examples: rows.map(({ id, label }) => ({ id, label })) };
}
