import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../postgres/database';

const longestIdList = 1_000;

/** A relation of a list whose records can be named in its search box. */
interface NamedRelation {
  readonly table: SQL;
  readonly id: SQL;
  readonly idType: 'uuid' | 'text';
  /** The list's column that refers to it. */
  readonly column: SQL;
  /** Which of its records were named. */
  readonly named: SQL;
}

/** How a list finds its rows by what they refer to. */
export interface RelatedMatch {
  /** Conditions of which one has to hold; none where nothing was named. */
  readonly conditions: readonly SQL[];
  /** What the condition needs joined. */
  readonly join: SQL;
  readonly isMany: boolean;
}

/**
 * Looks the named records up first and passes their ids: only so can PostgreSQL combine the list's own trigram indexes
 * with the relation's. Where too many are named, a page is soon full: then the list is walked in its own order and each
 * row's relation is looked at.
 */
export async function relatedMatch(
  { select }: Connection,
  { table, id, idType, column, named }: NamedRelation,
): Promise<RelatedMatch> {
  const rows = await select(
    z.strictObject({ id: z.string() }),
    sql`SELECT ${id} AS id FROM ${table} WHERE ${named} LIMIT ${longestIdList + 1}`,
  );
  if (rows.length > longestIdList) {
    return { conditions: [named], join: sql`JOIN ${table} ON ${id} = ${column}`, isMany: true };
  }
  const ids = sql.param(rows.map((row) => row.id));
  const conditions = rows.length === 0 ? [] : [sql`${column} = ANY (${ids}::${sql.raw(idType)}[])`];
  return { conditions, join: sql``, isMany: false };
}
