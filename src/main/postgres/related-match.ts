import { sql, type SQL } from 'drizzle-orm';
import type { Connection } from './database';

const longestIdList = 1_000;

/**
 * The condition that `column` names one of the records that `matching` (a SELECT of ids) finds. The ids are looked
 * up first and passed as a list: only so can PostgreSQL combine the list's own trigram indexes with the relation's.
 * Where too many match, a page is soon full and the subquery is the better way. No condition where nothing matches.
 */
export async function relatedMatch(
  { select }: Connection,
  {
    column,
    type,
    matching,
  }: { readonly column: SQL; readonly type: 'uuid' | 'text'; readonly matching: SQL },
): Promise<SQL[]> {
  const rows = await select<{ id: string }>(sql`${matching} LIMIT ${longestIdList + 1}`);
  if (rows.length === 0) return [];
  if (rows.length > longestIdList) return [sql`${column} IN (${matching})`];
  const ids = rows.map((row) => row.id);
  return [sql`${column} = ANY (${sql.param(ids)}::${sql.raw(type)}[])`];
}
