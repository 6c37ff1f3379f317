import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import type { CheckedInputOf, Contract, ResultOf } from '../../shared/contract/index';
import type { Connection } from '../postgres/database';
import { whereClause } from '../records/list-query';
import type { Handler, WorkspaceCall } from '../router/handlers';
import { type KnownRelation, quotedName, readableRelation } from './known-relation';
import { comparableColumn, filterConditions } from './row-filters';
import {
  isRowAt,
  orderOf,
  positionColumns,
  positionRow,
  readingOf,
  type RowOrder,
  rowPosition,
  type RowPosition,
  stretches,
  stretchOf,
  toPosition,
} from './row-order';
import { readByPlace } from './read-by-place';
import { cellPurpose, cursorPurpose } from './row-purposes';
import { cursorExpired, seal, unseal } from './sealed-text';
import { columnReference, cutText, toCell, wholeBytes } from './shown-cell';

type RowsInput = CheckedInputOf<Contract['browse']['rows']>;
type RowsPage = ResultOf<Contract['browse']['rows']>;

/** Rows without a place of their own are counted off, which gets slower with depth. */
const deepestOffset = 10_000;
/** Columns behind the chosen one when rows are counted off: equal rows must not change places between pages. */
const tieBreakers = 32;
/** `pg_type.typcategory` of rows and pseudo-types, whose values are compared by whatever they hold. */
const compositeCategories: ReadonlySet<string> = new Set(['C', 'P']);

/** The cells of a row as they are read, a value's text and whole length apart. */
export const cellsRow = z.strictObject({
  texts: z.array(z.string().nullable()),
  bytes: z.array(z.int().nullable()),
});

/** The same of a row that has a position. */
export const readRow = cellsRow.extend(positionRow.shape);
export type ReadRow = z.output<typeof readRow>;

/** What is read of which relation, and how. */
export interface Reading {
  readonly connection: Connection;
  readonly relation: KnownRelation;
  readonly order: RowOrder;
  readonly conditions: readonly SQL[];
}

/** One page of rows. */
export const readRows: Handler<Contract['browse']['rows']> = (input, { signal, workspace }) =>
  workspace.database.read(signal, (connection) => readPageOfRows(connection, workspace.id, input));

async function readPageOfRows(
  connection: Connection,
  workspaceId: WorkspaceCall['workspace']['id'],
  input: RowsInput,
): Promise<RowsPage> {
  const relation = await readableRelation(connection, input);
  const sorted = input.sort && {
    column: comparableColumn(relation, input.sort.column),
    direction: input.sort.direction,
  };
  const conditions = await filterConditions(connection, relation, input.filters);
  // Scans of big tables would otherwise begin wherever another one is; compiling costs more than a page takes.
  await connection.run(sql`
    SELECT pg_catalog.set_config('synchronize_seqscans', 'off', true), pg_catalog.set_config('jit', 'off', true)`);
  const reading = { connection, relation, order: orderOf(relation, sorted), conditions };
  const purpose = cursorPurpose(workspaceId, input);
  const page =
    relation.paging.by === 'count'
      ? await pageByCount(reading, input, purpose)
      : await pageByPosition(reading, input, purpose);
  const naming = cellPurpose(workspaceId, input);
  return {
    columns: relation.columns.map(({ name, type, category }) => ({ name, type, numeric: category === 'N' })),
    rows: page.rows.map((row) => ({
      key: row.key === undefined ? null : seal(naming, row.key),
      cells: relation.columns.map((column, index) =>
        toCell(column, row.texts[index] ?? null, row.bytes[index] ?? null),
      ),
    })),
    next: page.next,
    previous: page.previous,
    limited: page.limited,
    order: sorted ? 'column' : relation.paging.by === 'key' ? 'key' : 'stored',
    estimatedRows: relation.estimatedRows,
  };
}

interface Page {
  readonly rows: readonly (z.output<typeof cellsRow> & Partial<ReadRow>)[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly limited: boolean;
}

async function pageByPosition(reading: Reading, input: RowsInput, purpose: string): Promise<Page> {
  const { order } = reading;
  const { pageSize } = input;
  const read = (forward: boolean, after: RowPosition | null): Promise<readonly ReadRow[]> =>
    reading.relation.paging.by === 'place' && order.sorted === undefined
      ? readByPlace(reading, forward, after, pageSize + 1)
      : readByKey(reading, forward, after, pageSize + 1);
  const page = (rows: readonly ReadRow[], before: boolean, behind: boolean): Page => {
    const at = (row: ReadRow | undefined): string | null =>
      row ? seal(purpose, toPosition(order, row)) : null;
    return {
      rows,
      previous: before ? at(rows[0]) : null,
      next: behind ? at(rows.at(-1)) : null,
      limited: false,
    };
  };
  const backwards = async (from: RowPosition | null): Promise<readonly [readonly ReadRow[], boolean]> => {
    const rows = await read(false, from);
    return [rows.slice(0, pageSize).reverse(), rows.length > pageSize];
  };

  if (input.after !== undefined) {
    const rows = await read(true, rowPosition.parse(unseal(purpose, input.after)));
    if (rows.length > 0) return page(rows.slice(0, pageSize), true, rows.length > pageSize);
  } else if (input.before !== undefined) {
    const [rows, more] = await backwards(rowPosition.parse(unseal(purpose, input.before)));
    if (rows.length === pageSize) return page(rows, more, true);
  }
  // The rows behind the cursor are gone: the end of the list is where it leads now.
  if (input.last || input.after !== undefined) {
    const [rows, more] = await backwards(null);
    return page(rows, more, false);
  }
  const rows = await read(true, null);
  return page(rows.slice(0, pageSize), false, rows.length > pageSize);
}

async function readByKey(
  { connection, relation, order, conditions }: Reading,
  forward: boolean,
  after: RowPosition | null,
  limit: number,
): Promise<readonly ReadRow[]> {
  if (after?.sorted === 'long') await checkRowIsThere(connection, relation, order, after);
  const all = stretches(order, forward);
  const rows: ReadRow[] = [];
  for (const stretch of after ? all.slice(all.indexOf(stretchOf(after))) : all) {
    const from = after && stretchOf(after) === stretch ? after : null;
    const { where, orderBy } = readingOf(quotedName(relation), order, stretch, forward, from);
    rows.push(
      ...(await connection.select(
        readRow,
        sql`
        ${selectRows(relation, order)} ${whereClause([...where, ...conditions])}
        ORDER BY ${orderBy} LIMIT ${limit - rows.length}`,
      )),
    );
    if (rows.length === limit) break;
  }
  return rows;
}

/** A value that was too long to be carried is looked up by its row: without that, no place in the list is known. */
async function checkRowIsThere(
  { select }: Connection,
  relation: KnownRelation,
  { sorted, key }: RowOrder,
  position: RowPosition,
): Promise<void> {
  const value = sorted ? columnReference(sorted.column) : sql`NULL`;
  const found = await select(
    z.strictObject({}),
    sql`
    SELECT FROM ${quotedName(relation)} AS t
    WHERE ${isRowAt(key, position.key)} AND ${value} IS DISTINCT FROM NULL`,
  );
  if (found.length === 0) throw cursorExpired();
}

const offsetCursor = z.object({ offset: z.int().min(0).max(deepestOffset) });

async function pageByCount(reading: Reading, input: RowsInput, purpose: string): Promise<Page> {
  const { connection, relation, order, conditions } = reading;
  const { pageSize } = input;
  const cursor = input.after ?? input.before;
  const offset =
    cursor !== undefined
      ? offsetCursor.parse(unseal(purpose, cursor)).offset
      : input.last
        ? await lastOffset(reading, pageSize)
        : 0;
  const rows = await connection.select(
    cellsRow,
    sql`
    ${selectRows(relation, null)} ${whereClause(conditions)} ${countedOrder(relation, order)}
    LIMIT ${pageSize + 1} OFFSET ${offset}`,
  );
  const more = rows.length > pageSize;
  const following = offset + pageSize;
  const at = (place: number): string => seal(purpose, { offset: place });
  return {
    rows: rows.slice(0, pageSize),
    previous: offset > 0 ? at(Math.max(0, offset - pageSize)) : null,
    next: more && following < deepestOffset ? at(following) : null,
    limited: more && following >= deepestOffset,
  };
}

async function lastOffset({ connection, relation, conditions }: Reading, pageSize: number): Promise<number> {
  const [counted] = await connection.select(
    z.strictObject({ rows: z.int() }),
    sql`
    SELECT pg_catalog.count(*)::int AS rows FROM (
      SELECT FROM ${quotedName(relation)} AS t ${whereClause(conditions)} LIMIT ${deepestOffset}) AS reachable`,
  );
  const last = Math.max(0, (counted?.rows ?? 0) - 1);
  return last - (last % pageSize);
}

function countedOrder(relation: KnownRelation, { sorted }: RowOrder): SQL {
  if (!sorted) return sql``;
  const others = relation.columns.filter(
    ({ name, operatorSchema, secret, category }) =>
      name !== sorted.column.name && operatorSchema !== null && !secret && !compositeCategories.has(category),
  );
  const way = sql.raw(sorted.direction === 'asc' ? 'ASC' : 'DESC');
  const columns = [
    sql`${columnReference(sorted.column)} ${way}`,
    ...others.slice(0, tieBreakers).map(columnReference),
  ];
  return sql`ORDER BY ${sql.join(columns, sql`, `)}`;
}

/** Everything that is read of a row. Arrays, since a statement answers 1,664 columns at most. */
export function selectRows(relation: KnownRelation, order: RowOrder | null): SQL {
  const texts = sql.join(
    relation.columns.map((column) => cutText(column)),
    sql`, `,
  );
  const bytes = sql.join(relation.columns.map(wholeBytes), sql`, `);
  const position = order ? sql`, ${positionColumns(order)}` : sql``;
  return sql`SELECT ARRAY[${texts}]::pg_catalog.text[] AS texts, ARRAY[${bytes}]::pg_catalog.int4[] AS bytes ${position}
    FROM ${quotedName(relation)} AS t`;
}
