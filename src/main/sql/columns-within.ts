import type pg from 'pg';

/** A column of the rows that a type's values hold. */
export interface ColumnWithin {
  /** `pg_type.oid` of the type that was asked about. */
  readonly type: number;
  readonly relation: string;
  readonly column: string;
  readonly typeCategory: string;
}

/** The columns within types that are rows of a relation, or arrays, domains or rows that such rows are within. */
export async function columnsWithin(
  client: pg.ClientBase,
  types: readonly number[],
): Promise<readonly ColumnWithin[]> {
  const { rows } = await client.query<Omit<ColumnWithin, 'type'> & { readonly type: string }>(
    `WITH RECURSIVE held AS (
       SELECT given AS outermost, given AS type FROM pg_catalog.unnest($1::oid[]) AS given
       UNION
       SELECT held.outermost, part.type
       FROM held JOIN pg_catalog.pg_type AS t ON t.oid = held.type
       CROSS JOIN LATERAL (
         SELECT t.typbasetype
         UNION ALL SELECT t.typelem
         UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = t.typrelid AND a.attnum > 0
       ) AS part (type)
       WHERE part.type <> 0
     )
     SELECT held.outermost::text AS type, c.relname AS relation, a.attname AS column,
       a_type.typcategory::text AS "typeCategory"
     FROM held
     JOIN pg_catalog.pg_type AS t ON t.oid = held.type
     JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
     JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_catalog.pg_type AS a_type ON a_type.oid = a.atttypid`,
    [types],
  );
  return rows.map((row) => ({ ...row, type: Number(row.type) }));
}
