import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../shared/contract/values';
import type { ChangedRecord } from '../changes/change';
import { isThere } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

/**
 * Of which subscriptions LiteLLM hears. One that is made, or whose making is taken back, is told only where another one
 * of the same person and model ended: what was withheld because of that may be used again, or no longer. Keys reach
 * models by their own lists, so that a first one gives none of them anything.
 */
export async function heardSubscriptions(
  { select }: Connection,
  records: readonly Pick<ChangedRecord, 'id' | 'before' | 'after'>[],
): Promise<ReadonlySet<string>> {
  const isEdited = ({ before, after }: (typeof records)[number]): boolean =>
    isThere(before) && isThere(after);
  const heard = new Set(records.filter(isEdited).map(({ id }) => id));
  const others = records
    .filter((record) => !isEdited(record))
    .map(({ id, before, after }) => ({ ...before, ...after, id }));
  if (others.length === 0) return heard;
  const rows = await select(
    z.strictObject({ id: uuid }),
    sql`
    SELECT w.id FROM jsonb_to_recordset(${JSON.stringify(others)}::jsonb) AS w (id uuid, "userId" uuid, "modelId" text)
    WHERE EXISTS (SELECT FROM ${from('subscriptions', 's')}
      WHERE s.user_id = w."userId" AND s.model_id = w."modelId" AND s.id <> w.id AND s.status <> 'pending')`,
  );
  for (const { id } of rows) heard.add(id);
  return heard;
}
