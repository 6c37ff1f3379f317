import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../postgres/database';
import { throwIfCancelled } from '../kernel/cancelled';

/** Counting stops here; a search stops earlier, because each row it counts had to be compared with the text. */
const countLimit = { plain: 100_000, searched: 10_000 } as const;
/** Up to this many rows that were searched for are found first and sorted then. */
const fewRows = 1_000;
const exportBatchSize = 500;

const idRow = z.strictObject({ id: z.string() });

/** The rows of a list before paging. */
export interface ListSource {
  /** The table and the joins that `where` names. */
  readonly from: SQL;
  /** Joins that only `orderBy` needs; they neither add nor remove rows, so counting leaves them out. */
  readonly sortJoin?: SQL;
  /** The column that identifies a row. */
  readonly id: SQL;
  readonly where: readonly SQL[];
  /** Conditions of the search box, which hold besides `where`. */
  readonly search?: readonly SQL[];
  /** Ends with the id, so that paging never repeats or skips a row. */
  readonly orderBy: SQL;
  readonly searched: boolean;
  /** More than a few are not counted: no index finds them (too short for trigrams, or spread over a relation). */
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
  /** What only this needs joined; it neither adds nor removes rows. */
  readonly join?: SQL;
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

export interface PageInput {
  readonly page: number;
  readonly pageSize: number;
}

/** One page of ids and how many rows there are, up to a limit. Relations are read afterwards for these ids only. */
export async function readPage(
  connection: Connection,
  source: ListSource,
  input: PageInput,
): Promise<PageOfIds> {
  const few = await findFew(connection, source);
  if (few === null) return readPageInOrder(connection, source, input);
  const ids =
    few.length <= input.page * input.pageSize
      ? []
      : await readIds(
          connection,
          source,
          [...source.where, sql`${source.id} = ANY (${sql.param(few)})`],
          input,
        );
  return { ids, total: few.length, totalIsExact: true };
}

/**
 * Searching and sorting ask for different indexes. What finds few rows is run once, and those few are sorted; null
 * where nothing is searched for, or where so much is found that a page is soon full in any order.
 */
async function findFew({ select }: Connection, source: ListSource): Promise<string[] | null> {
  if (source.search === undefined || source.search.length === 0) return null;
  const rows = await select(
    idRow,
    sql`SELECT ${source.id} AS id FROM ${source.from} ${whereClause(allConditions(source))} LIMIT ${fewRows + 1}`,
  );
  return rows.length > fewRows ? null : rows.map((row) => row.id);
}

async function readIds(
  { select }: Connection,
  { id, from, sortJoin = sql``, orderBy: order }: ListSource,
  conditions: readonly SQL[],
  { page, pageSize }: PageInput,
): Promise<string[]> {
  const rows = await select(
    idRow,
    sql`
      SELECT ${id} AS id FROM ${from} ${sortJoin} ${whereClause(conditions)}
      ORDER BY ${order} LIMIT ${pageSize} OFFSET ${page * pageSize}`,
  );
  return rows.map((row) => row.id);
}

async function readPageInOrder(
  connection: Connection,
  source: ListSource,
  input: PageInput,
): Promise<PageOfIds> {
  const conditions = allConditions(source);
  const ids = await readIds(connection, source, conditions, input);
  const seen = input.page * input.pageSize + ids.length;
  const isLastPage = ids.length < input.pageSize && (ids.length > 0 || input.page === 0);
  if (isLastPage) return { ids, total: seen, totalIsExact: true };
  if (source.costlyToCount) return { ids, total: Math.max(seen, fewRows), totalIsExact: false };
  const limit = source.searched ? countLimit.searched : countLimit.plain;
  const [counted] = await connection.select(
    z.strictObject({ total: z.int() }),
    sql`
      SELECT count(*)::int AS total FROM (
        SELECT FROM ${source.from} ${whereClause(conditions)} LIMIT ${limit + 1}
      ) AS matching`,
  );
  const total = counted?.total ?? 0;
  return total <= limit
    ? { ids, total, totalIsExact: true }
    : { ids, total: Math.max(seen, limit), totalIsExact: false };
}

/** Every id of a list in order, in batches. */
export async function* readAllIds(
  connection: Connection,
  source: ListSource,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const { id, from, sortJoin = sql``, orderBy: order } = source;
  const conditions = whereClause(allConditions(source));
  const statement = sql`SELECT ${id} AS id FROM ${from} ${sortJoin} ${conditions} ORDER BY ${order}`;
  for await (const rows of readBatches(connection, idRow, statement, signal)) {
    yield rows.map((row) => row.id);
  }
}

/**
 * The rows of a SELECT in batches, through a cursor: memory stays bounded however many there are. Between batches the
 * connection is free for other statements, which a streamed query would not allow.
 */
export async function* readBatches<Row extends z.ZodType<object>>(
  { select, run }: Connection,
  row: Row,
  statement: SQL,
  signal: AbortSignal,
): AsyncGenerator<readonly z.output<Row>[]> {
  await run(sql`DECLARE exported_rows NO SCROLL CURSOR FOR ${statement}`);
  for (;;) {
    throwIfCancelled(signal);
    const rows = await select(row, sql`FETCH FORWARD ${sql.raw(String(exportBatchSize))} FROM exported_rows`);
    if (rows.length === 0) return;
    yield rows;
  }
}

/** The ids as a relation `page (id, position)`; `type` is their SQL type. */
export function pageRelation(ids: readonly string[], type: 'uuid' | 'text' = 'uuid'): SQL {
  return sql`unnest(${sql.param(ids)}::${sql.raw(type)}[]) WITH ORDINALITY AS page (id, position)`;
}

/** The conditions of the filters and of the search box. */
export function allConditions({ where, search = [] }: ListSource): readonly SQL[] {
  return [...where, ...search];
}

export function whereClause(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`` : sql`WHERE ${sql.join([...conditions], sql` AND `)}`;
}
