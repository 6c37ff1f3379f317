import { type SQL, sql } from 'drizzle-orm';
import type { ChangeFinding } from '../../shared/contract/changes';
import { reference } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import type { ChangedRecord } from './change';

const mostExamples = 20;

interface Attached {
  /** Those whose creation is taken back while they have something: `id` and `label`, narrowed to ids of a parameter. */
  readonly having: (ids: SQL) => SQL;
  /** What is said of them. */
  readonly text: string;
}

/**
 * What was made for a record since keeps it from being taken back: it would go with the record, or lose what the record
 * allowed it.
 */
export async function attachedFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
  { having, text }: Attached,
): Promise<ChangeFinding[]> {
  const leaving = changed
    .filter(({ way, undoes }) => way === 'delete' && undoes !== null)
    .map(({ id }) => id);
  if (leaving.length === 0) return [];
  const rows = await select(reference, having(sql`${sql.param(leaving)}::uuid[]`));
  if (rows.length === 0) return [];
  return [{ severity: 'error', text, count: rows.length, examples: rows.slice(0, mostExamples) }];
}
