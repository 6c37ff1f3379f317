import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangedRecord } from '../changes/change';
import { isThere } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

/**
 * Keeps people and models as they are until their subscriptions are made or opened. Of whom one is made nobody else makes
 * another meanwhile: whoever refers to a person holds its row. Answers those whose person or model another transaction
 * holds; none of them is waited for.
 */
export async function lockPairs(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ReadonlySet<string>> {
  const made = changed.filter(({ before, after }) => !isThere(before) && isThere(after));
  const opened = changed.filter(
    ({ before, after }) => isThere(before) && after['status'] === 'active' && before['status'] !== 'active',
  );
  const idsOf = (records: readonly ChangedRecord[], field: 'userId' | 'modelId'): string[] => [
    ...new Set(records.map(({ before, after }) => String(after[field] ?? before[field]))),
  ];
  const users = from('users', 'r');
  const ofMade = sql`${sql.param(idsOf(made, 'userId'))}::uuid[]`;
  const ofOpened = sql`${sql.param(idsOf(opened, 'userId'))}::uuid[]`;
  const models = sql`${sql.param(idsOf([...made, ...opened], 'modelId'))}::text[]`;
  const held = new Set([
    ...(made.length > 0 ? await lockRows(connection, users, ofMade, sql`FOR UPDATE`) : []),
    ...(opened.length > 0 ? await lockRows(connection, users, ofOpened, sql`FOR SHARE`) : []),
    ...(made.length + opened.length > 0
      ? await lockRows(connection, from('models', 'r'), models, sql`FOR SHARE`)
      : []),
  ]);
  return new Set(
    [...made, ...opened].flatMap(({ id, before, after }) =>
      (['userId', 'modelId'] as const).some((field) => held.has(String(after[field] ?? before[field])))
        ? [id]
        : [],
    ),
  );
}

/** Locks rows in the order of their ids. Answers those that another transaction holds. */
async function lockRows(
  { select }: Connection,
  relation: SQL,
  ids: SQL,
  strength: SQL,
): Promise<readonly string[]> {
  const rows = await select(
    z.strictObject({ id: z.string() }),
    sql`
    WITH locked AS MATERIALIZED (
      SELECT r.id FROM ${relation} WHERE r.id = ANY(${ids}) ORDER BY r.id ${strength} SKIP LOCKED
    )
    SELECT r.id::text AS id FROM ${relation} WHERE r.id = ANY(${ids}) AND r.id NOT IN (SELECT locked.id FROM locked)`,
  );
  return rows.map(({ id }) => id);
}
