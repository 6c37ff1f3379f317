import { sql, type SQL } from 'drizzle-orm';

/**
 * Users from LiteLLM without an address get `<id>@unknown.invalid`, because the column is NOT NULL and unique. A literal,
 * so that the sort index on the same expression (migration 0009) is recognised.
 */
const placeholderPattern = sql.raw(`'%@unknown.invalid'`);

/** The address as people may see it: NULL where the database holds the placeholder. */
export function visibleEmail(column: SQL): SQL {
  return sql`CASE WHEN ${column} NOT LIKE ${placeholderPattern} THEN ${column} END`;
}

export function emailIsMissing(column: SQL): SQL {
  return sql`${column} LIKE ${placeholderPattern}`;
}
