import { sql, type SQL } from 'drizzle-orm';
import { AppError } from '../../shared/errors';
import type { Connection } from './database';

/** Counting stops here; a search stops earlier, earliest where no index finds what is counted. */
const countLimit = { plain: 100_000, searched: 10_000, costly: 1_000 } as const;
const exportBatchSize = 500;

/** The rows of a list before paging. */
export interface ListSource {
  /** The table and the joins that `where` names. */
  readonly from: SQL;
  /** Joins that only `orderBy` needs; they neither add nor remove rows, so counting leaves them out. */
  readonly sortJoin?: SQL;
  /** The column that identifies a row. */
  readonly id: SQL;
  readonly where: readonly SQL[];
  /** Ends with the id, so that paging never repeats or skips a row. */
  readonly orderBy: SQL;
  readonly searched: boolean;
  /** The search has to compare row by row: too short for trigrams, or spread over a relation. */
  readonly costlyToCount?: boolean;
}

export interface PageOfIds {
  readonly ids: readonly string[];
  readonly total: number;
  readonly totalIsExact: boolean;
}

/** How a column is sorted: `text` by collation, everything else by its own order. */
export interface SortColumn {
  readonly expression: SQL;
  readonly text?: boolean;
  /** Rows without a value come last in either direction. */
  readonly nullable?: boolean;
}

/** How people expect names in order: ICU's root order where the server has it (migration 0009). */
export const nameOrder = sql`COLLATE litemaas_console.name_order`;

/** The ORDER BY of a list: the chosen column, then the id in the same direction (one index serves both ways). */
export function orderBy(column: SortColumn, direction: 'asc' | 'desc', id: SQL): SQL {
  const way = direction === 'desc' ? sql`DESC` : sql`ASC`;
  const expression = column.text ? sql`${column.expression} ${nameOrder}` : column.expression;
  // Ascending order has NULLs last anyway; saying so where there are none would keep the index from being used.
  const nulls = column.nullable && direction === 'desc' ? sql`NULLS LAST` : sql``;
  return sql`${expression} ${way} ${nulls}, ${id} ${way}`;
}

/** One page of ids and how many rows there are, up to a limit. Relations are read afterwards for these ids only. */
export async function readPage(
  { select }: Connection,
  source: ListSource,
  { page, pageSize }: { readonly page: number; readonly pageSize: number },
): Promise<PageOfIds> {
  const rows = await select<{ id: string }>(sql`
    SELECT ${source.id} AS id FROM ${source.from} ${source.sortJoin ?? sql``} ${whereClause(source.where)}
    ORDER BY ${source.orderBy} LIMIT ${pageSize} OFFSET ${page * pageSize}`);
  const ids = rows.map((row) => row.id);
  const isLastPage = ids.length < pageSize && (ids.length > 0 || page === 0);
  if (isLastPage) return { ids, total: page * pageSize + ids.length, totalIsExact: true };
  const limit = countLimit[source.costlyToCount ? 'costly' : source.searched ? 'searched' : 'plain'];
  const [counted] = await select<{ total: number }>(sql`
    SELECT count(*)::int AS total FROM (
      SELECT FROM ${source.from} ${whereClause(source.where)} LIMIT ${limit + 1}
    ) AS matching`);
  const total = counted?.total ?? 0;
  return { ids, total: Math.min(total, limit), totalIsExact: total <= limit };
}

/** Every id of a list in order, in batches. */
export async function* readAllIds(
  connection: Connection,
  source: ListSource,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const { id, from, sortJoin = sql``, where, orderBy: order } = source;
  const statement = sql`SELECT ${id} AS id FROM ${from} ${sortJoin} ${whereClause(where)} ORDER BY ${order}`;
  for await (const rows of readBatches<{ id: string }>(connection, statement, signal)) {
    yield rows.map((row) => row.id);
  }
}

/**
 * The rows of a SELECT in batches, through a cursor: memory stays bounded however many there are. Between batches the
 * connection is free for other statements, which a streamed query would not allow.
 */
export async function* readBatches<Row extends object>(
  { select }: Connection,
  statement: SQL,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  await select(sql`DECLARE exported_rows NO SCROLL CURSOR FOR ${statement}`);
  for (;;) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
    const rows = await select<Row>(sql`FETCH FORWARD ${sql.raw(String(exportBatchSize))} FROM exported_rows`);
    if (rows.length === 0) return;
    yield rows;
  }
}

/** The ids as a relation `page (id, position)`; `type` is their SQL type. */
export function pageRelation(ids: readonly string[], type: 'uuid' | 'text' = 'uuid'): SQL {
  return sql`unnest(${sql.param(ids)}::${sql.raw(type)}[]) WITH ORDINALITY AS page (id, position)`;
}

export function whereClause(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`` : sql`WHERE ${sql.join([...conditions], sql` AND `)}`;
}
