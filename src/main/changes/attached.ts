import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../postgres/database';
import type { ChangedRecord, RecordFinding } from './change';

/** A SELECT of `id`, as text: which of the records with these ids (an array parameter without a type) have something. */
export type Having = (ids: SQL) => SQL;

const attachedRow = z.strictObject({ id: z.string() });

/** Which of the records have something that was not made with them. */
export async function readAttached(
  { select }: Connection,
  ids: readonly string[],
  having: Having,
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await select(attachedRow, having(sql`${sql.param([...ids])}`));
  return rows.map(({ id }) => id);
}

/**
 * What was made for a record since keeps it from being taken back: it would go with the record, or lose what the record
 * allowed it. A rule of each, so that it is asked under the locks too: something may have come since the review.
 * @param text what is said of those that have something.
 */
export async function attachedFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
  { having, text }: { readonly having: Having; readonly text: string },
): Promise<ReadonlyMap<string, readonly RecordFinding[]>> {
  const leaving = changed
    .filter(({ way, undoes }) => way === 'delete' && undoes !== null)
    .map(({ id }) => id);
  const attached = await readAttached(connection, leaving, having);
  return new Map(attached.map((id) => [id, [{ severity: 'error', text }]]));
}
