import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import type { KnownColumn, KnownRelation } from './known-relation';
import { comparedReference, operator, typedValue } from './row-filters';
import { columnReference, printed } from './shown-cell';

/** A sorted value longer than this is not carried in a cursor but looked up again by its row's key. */
const carriedBytes = 4_000;

/** The place of a row in an order. */
export const rowPosition = z.object({
  /** Values of the columns that tell rows apart, as text. */
  key: z.array(z.string()),
  /** The value of the column that is sorted by: carried, too long to be, or NULL. */
  sorted: z.union([z.object({ text: z.string() }), z.literal('long'), z.literal('null')]).optional(),
});
export type RowPosition = z.infer<typeof rowPosition>;

type SortedColumn = KnownColumn & { readonly operatorSchema: string };

export interface RowOrder {
  readonly sorted?: { readonly column: SortedColumn; readonly direction: 'asc' | 'desc' };
  /** What tells rows apart: the key, or where the row is stored. Never NULL. */
  readonly key: readonly KnownColumn[];
}

/** Where a row is stored, as a column. */
export const rowPlace: KnownColumn = {
  name: 'ctid',
  type: 'tid',
  baseType: 'pg_catalog.tid',
  baseTypeOid: 27,
  category: 'U',
  typeLength: 6,
  nullable: false,
  operatorSchema: 'pg_catalog',
  secret: false,
};

/**
 * The parts of an order in which one condition on the key finds where to go on: rows with a value in the sorted
 * column, and rows without one. NULLs stand where PostgreSQL has them (last when ascending), so that an index serves
 * both directions.
 */
export type Stretch = 'values' | 'nulls';

/** The parts in the order in which they are read. */
export function stretches({ sorted }: RowOrder, forward: boolean): readonly Stretch[] {
  if (!sorted?.column.nullable) return ['values'];
  const valuesFirst = (sorted.direction === 'asc') === forward;
  return valuesFirst ? ['values', 'nulls'] : ['nulls', 'values'];
}

/** The part in which a row is. */
export function stretchOf(position: RowPosition): Stretch {
  return position.sorted === 'null' ? 'nulls' : 'values';
}

/** Which rows of a stretch come after a position (all of them without one), and in which order. */
export function readingOf(
  relation: SQL,
  order: RowOrder,
  stretch: Stretch,
  forward: boolean,
  after: RowPosition | null,
): { readonly where: readonly SQL[]; readonly orderBy: SQL } {
  const { sorted, key } = order;
  const ascending = (sorted?.direction !== 'desc') === forward;
  const bySorted = sorted !== undefined && stretch === 'values' ? [sorted.column] : [];
  const behind = key.filter((column) => column.name !== sorted?.column.name);
  const columns = [...bySorted, ...behind];
  const where: SQL[] = [];
  if (sorted?.column.nullable) {
    where.push(
      sql`${columnReference(sorted.column)} IS ${sql.raw(stretch === 'nulls' ? 'NOT ' : '')}DISTINCT FROM NULL`,
    );
  }
  if (after) {
    const values = columns.map((column) => valueAt(relation, order, after, column));
    where.push(beyond(columns, values, ascending ? '>' : '<'));
  }
  const way = sql.raw(ascending ? 'ASC' : 'DESC');
  return {
    where,
    orderBy: sql.join(
      columns.map((column) => sql`${columnReference(column)} ${way}`),
      sql`, `,
    ),
  };
}

/** The row at a position, by its key alone. */
export function isRowAt(key: readonly KnownColumn[], values: readonly string[]): SQL {
  const equal = key.map(
    (column, index) =>
      sql`${comparedReference(column)} ${operatorOf(column, '=')} ${typedValue(column, values[index] ?? '')}`,
  );
  return sql.join(equal, sql` AND `);
}

/** What {@link toPosition} reads a row's position from: two expressions beside the cells. */
export function positionColumns({ sorted, key }: RowOrder): SQL {
  const keyTexts = sql.join(key.map(printed), sql`, `);
  const value = sorted ? printed(sorted.column) : sql`NULL::pg_catalog.text`;
  const limit = sql.raw(String(carriedBytes));
  return sql`ARRAY[${keyTexts}]::pg_catalog.text[] AS key,
    CASE WHEN pg_catalog.octet_length(${value}) <= ${limit} THEN ${value} END AS "sortedText",
    ${sorted ? sql`${columnReference(sorted.column)} IS NOT DISTINCT FROM NULL` : sql`false`} AS "sortedNull"`;
}

export const positionRow = z.strictObject({
  key: z.array(z.string()),
  sortedText: z.string().nullable(),
  sortedNull: z.boolean(),
});

/** The place of a row that was read with {@link positionColumns}. */
export function toPosition({ sorted }: RowOrder, row: z.output<typeof positionRow>): RowPosition {
  if (!sorted) return { key: row.key };
  if (row.sortedNull) return { key: row.key, sorted: 'null' };
  return { key: row.key, sorted: row.sortedText === null ? 'long' : { text: row.sortedText } };
}

function valueAt(relation: SQL, { key }: RowOrder, position: RowPosition, column: KnownColumn): SQL {
  const place = key.findIndex(({ name }) => name === column.name);
  if (place !== -1) return typedValue(column, position.key[place] ?? '');
  if (typeof position.sorted === 'object') return typedValue(column, position.sorted.text);
  return sql`(SELECT ${columnReference(column)} FROM ${relation} AS t WHERE ${isRowAt(key, position.key)})`;
}

/** Row-wise comparison where one schema has all operators (an index answers it), else the same spelled out. */
function beyond(columns: readonly KnownColumn[], values: readonly SQL[], symbol: '>' | '<'): SQL {
  const [column, ...others] = columns;
  const [value, ...otherValues] = values;
  if (!column || !value) return sql`false`;
  const reference = comparedReference(column);
  const first = sql`${reference} ${operatorOf(column, symbol)} ${value}`;
  if (others.length === 0) return first;
  if (columns.every(({ operatorSchema }) => operatorSchema === column.operatorSchema)) {
    const references = sql.join(columns.map(comparedReference), sql`, `);
    return sql`ROW(${references}) ${operatorOf(column, symbol)} ROW(${sql.join([...values], sql`, `)})`;
  }
  const rest = beyond(others, otherValues, symbol);
  return sql`(${reference} ${operatorOf(column, `${symbol}=`)} ${value}
    AND (${first} OR (${reference} ${operatorOf(column, '=')} ${value} AND ${rest})))`;
}

function operatorOf({ operatorSchema }: KnownColumn, symbol: string): SQL {
  return operator(operatorSchema ?? 'pg_catalog', symbol);
}

/** The order of a relation's rows by its key or place, with the chosen column before it. */
export function orderOf({ paging }: KnownRelation, sorted: RowOrder['sorted']): RowOrder {
  const key = paging.by === 'key' ? paging.columns : [rowPlace];
  return sorted ? { sorted, key } : { key };
}
