import { sql, type SQL } from 'drizzle-orm';

/** Users from LiteLLM without an address get `<id>@unknown.invalid`, because the column is NOT NULL and unique. */
const placeholderPattern = '%@unknown.invalid';

/** The address as people may see it: NULL where the database holds the placeholder. */
export function visibleEmail(column: SQL): SQL {
  return sql`CASE WHEN ${column} NOT LIKE ${placeholderPattern} THEN ${column} END`;
}

export function emailIsMissing(column: SQL): SQL {
  return sql`${column} LIKE ${placeholderPattern}`;
}
