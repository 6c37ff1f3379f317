import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { type Deletion, isOf } from './deleted-rows';

const uniqueRow = z.strictObject({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
  types: z.array(z.string()),
});
const takenRow = z.strictObject({ record_id: z.string() });

/** A record, and a table of which rows that went with it cannot come back. */
export interface TakenPlace {
  readonly id: string;
  readonly table: string;
}

/**
 * Looks whether rows that went with records would meet others that have their unique values by now. What holds under a
 * condition only, or by an expression, the database alone can say.
 * @param names the tables, each with its schema.
 * @param aside kept rows that stay away, or come back changed.
 */
export async function findTakenPlaces(
  { select }: Connection,
  deletion: Deletion,
  names: readonly string[],
  aside: readonly string[],
): Promise<TakenPlace[]> {
  const uniques = await select(
    uniqueRow,
    sql`
    SELECT DISTINCT n.nspname AS schema, c.relname AS name, k.columns, k.types
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
      SELECT array_agg(a.attname::text ORDER BY p.place) AS columns,
        array_agg(format_type(a.atttypid, -1) ORDER BY p.place) AS types,
        bool_and(y.typnamespace = 'pg_catalog'::regnamespace AND y.typtype = 'b') AS is_plain
      FROM unnest(i.indkey) WITH ORDINALITY AS p (attnum, place)
      JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = p.attnum
      JOIN pg_type AS y ON y.oid = a.atttypid
      WHERE p.place <= i.indnkeyatts
    ) AS k
    WHERE n.nspname || '.' || c.relname = ANY(${sql.param([...names])}::text[])
      AND i.indisunique AND i.indislive AND i.indpred IS NULL AND i.indexprs IS NULL AND k.is_plain
      AND has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE') AND NOT row_security_active(c.oid)
    ORDER BY 1, 2, 3`,
  );
  const found = new Map<string, TakenPlace>();
  for (const { schema, name, columns, types } of uniques) {
    const same = columns.map(
      (column, place) =>
        sql`t.${sql.identifier(column)} = (d.content ->> ${column})::${sql.raw(types[place] ?? 'text')}`,
    );
    const rows = await select(
      takenRow,
      sql`
      SELECT DISTINCT d.record_id FROM ${from('deleted_rows', 'd')}
      WHERE ${isOf(deletion, 'd')} AND d.fate = 'deleted' AND d.schema_name = ${schema} AND d.table_name = ${name}
        AND d.id <> ALL(${sql.param([...aside])}::bigint[])
        AND EXISTS (SELECT FROM ${sql.identifier(schema)}.${sql.identifier(name)} AS t WHERE ${sql.join(same, sql` AND `)})
      ORDER BY 1`,
    );
    const table = `${schema}.${name}`;
    for (const { record_id: id } of rows) found.set(`${id} ${table}`, { id, table });
  }
  return [...found.values()];
}
