import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../postgres/database';
import { whereClause } from '../records/list-query';
import type { KnownRelation } from './known-relation';
import { type Reading, readRow, type ReadRow, selectRows } from './read-rows';
import type { RowPosition } from './row-order';

/** Blocks of the first window; each further one has four times as many. */
const firstWindow = 32;
const windowGrowth = 4;
/** Since 14 a condition on ctid reads only the blocks it names; before, every window would read the whole table. */
const tidRangeScans = 140_000;

/**
 * Rows of a table without a key, in the order in which they are stored. Read in windows of blocks, since sorting by
 * place takes all rows that a condition on it leaves, however few are wanted.
 */
export async function readByPlace(
  { connection, relation, order, conditions }: Reading,
  forward: boolean,
  after: RowPosition | null,
  limit: number,
): Promise<readonly ReadRow[]> {
  const { blocks, version } = await readExtent(connection, relation);
  const [block, tuple] = placeOf(after) ?? (forward ? [0, 0] : [blocks, 0]);
  const rows: ReadRow[] = [];
  let window = version < tidRangeScans ? blocks + 1 : firstWindow;
  let from = block;
  const way = sql.raw(forward ? 'ASC' : 'DESC');
  while (rows.length < limit && (forward ? from <= blocks : from >= 0)) {
    const beyond = forward ? from + window : from - window;
    const start = from === block ? tid(block, tuple) : tid(from, 0);
    const end = tid(Math.max(0, beyond), 0);
    // Tuples are numbered from 1 on: (block, 0) is before the first of its block.
    const within = forward
      ? sql`t.ctid OPERATOR(pg_catalog.>) ${start} AND t.ctid OPERATOR(pg_catalog.<) ${end}`
      : sql`t.ctid OPERATOR(pg_catalog.<) ${start} AND t.ctid OPERATOR(pg_catalog.>=) ${end}`;
    rows.push(
      ...(await connection.select(
        readRow,
        sql`
        ${selectRows(relation, order)} ${whereClause([within, ...conditions])}
        ORDER BY t.ctid ${way} LIMIT ${limit - rows.length}`,
      )),
    );
    from = beyond;
    window *= windowGrowth;
  }
  return rows;
}

function tid(block: number, tuple: number) {
  return sql`${`(${String(block)},${String(tuple)})`}::pg_catalog.tid`;
}

function placeOf(position: RowPosition | null): readonly [number, number] | null {
  const match = /^\((\d+),(\d+)\)$/.exec(position?.key[0] ?? '');
  return match ? [Number(match[1]), Number(match[2])] : null;
}

const extentRow = z.strictObject({ blocks: z.int(), version: z.int() });

async function readExtent(
  { select }: Connection,
  { oid }: KnownRelation,
): Promise<z.output<typeof extentRow>> {
  const [extent] = await select(
    extentRow,
    sql`
    SELECT (pg_catalog.pg_relation_size(${oid}::oid) / pg_catalog.current_setting('block_size')::int)::int AS blocks,
      pg_catalog.current_setting('server_version_num')::int AS version`,
  );
  return extent ?? { blocks: 0, version: 0 };
}
