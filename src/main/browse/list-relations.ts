import { sql, type SQL } from 'drizzle-orm';
import pg from 'pg';
import * as z from 'zod';
import { relationRow, type RelationRow } from '../../shared/contract/browse';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { maskText } from '../masking/mask-text';
import type { Connection } from '../postgres/database';
import { type ListSource, pageRelation, readAllIds, readPage } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { estimatedRows, exactSize, recordedSizes } from './catalogue-figures';
import { isReadable, isRelation, kindOfRelation } from './known-relation';

const lockNotAvailable = '55P03';
const hurriedLockTimeoutMs = 300;
/** Above this many relations the file system is not asked for each of them only to sort them. */
const mostExactSizes = 2_000;

/** Where a size comes from: an expression, and what it needs joined to `c`. */
interface SizeSource {
  readonly bytes: SQL;
  readonly join: SQL;
}
const exact: SizeSource = { bytes: exactSize, join: sql`` };
const recorded: SizeSource = { bytes: sql`recorded.bytes`, join: recordedSizes };

/** `n` is a schema of PostgreSQL itself. */
export const isSystemSchema = sql`(n.nspname LIKE 'pg\\_%' OR n.nspname = 'information_schema')`;
/** TOAST, and temporary tables of sessions: nobody but them can read those. */
export const isHiddenSchema = sql`(n.nspname LIKE 'pg\\_toast%' OR n.nspname LIKE 'pg\\_temp\\_%')`;

type ListInput = CheckedInputOf<Contract['browse']['relations']>;

/** One page of tables, views and what else has rows. */
export const listRelations: Handler<Contract['browse']['relations']> = (
  input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const { ids, ...count } = await (input.sort?.field === 'sizeBytes'
      ? readPageBySize(connection, input)
      : readPage(connection, relationsSource(input), input));
    return { rows: await relationRows(connection, ids), ...count };
  });

async function readPageBySize(connection: Connection, input: ListInput): ReturnType<typeof readPage> {
  const [counted] = await connection.select(
    z.strictObject({ relations: z.int() }),
    sql`
    SELECT pg_catalog.count(*)::int AS relations FROM pg_catalog.pg_class AS c WHERE ${isRelation}`,
  );
  const read = (size: SizeSource) => readPage(connection, relationsSource(input, size), input);
  return (counted?.relations ?? 0) > mostExactSizes ? read(recorded) : withSizes(connection, read);
}

const columns: readonly CsvColumn<RelationRow>[] = [
  { heading: 'schema', value: (relation) => relation.schema },
  { heading: 'name', value: (relation) => relation.name },
  { heading: 'kind', value: (relation) => relation.kind },
  { heading: 'owner', value: (relation) => relation.owner },
  { heading: 'estimated_rows', value: (relation) => relation.estimatedRows },
  { heading: 'size_bytes', value: (relation) => relation.sizeBytes },
  { heading: 'comment', value: (relation) => relation.comment },
];

/** Every relation the list would show. */
export const exportRelations: Handler<Contract['browse']['exportRelationsCsv']> = (
  input,
  { workspace: { database } },
) =>
  Promise.resolve(
    csvFile({
      name: 'relations',
      columns,
      database,
      async *rows(connection, signal) {
        for await (const ids of readAllIds(connection, relationsSource(input), signal)) {
          yield await relationRows(connection, ids);
        }
      },
    }),
  );

/** @param size what the relations are sorted by if by size: nobody is waited for unless asked to. */
function relationsSource({ search, filters, sort }: ListInput, size = recorded): ListSource {
  const where = [isRelation, sql`NOT ${isHiddenSchema}`];
  if (filters.schema !== undefined) where.push(sql`n.nspname = ${filters.schema.replaceAll('\0', '')}::text`);
  else if (filters.system !== true) where.push(sql`NOT ${isSystemSchema}`);
  if (filters.kind !== undefined) where.push(sql`${kindOfRelation} = ${filters.kind}::text`);
  else if (filters.partitions !== true) where.push(sql`NOT c.relispartition`);
  const typed = search.replaceAll('\0', '').trim();
  const pattern = `%${typed.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
  // A schema's name alone would find all that is in it; written with the dot it is meant.
  const searched = typed.includes('.') ? sql`n.nspname || '.' || c.relname` : sql`c.relname`;
  const id = sql`c.oid::text`;
  const byName = sql`pg_catalog.lower(c.relname::text), c.relname, n.nspname, c.oid`;
  const way = sql.raw(sort?.direction === 'desc' ? 'DESC' : 'ASC');
  const sortColumns = {
    name: sql`pg_catalog.lower(c.relname::text)`,
    kind: kindOfRelation,
    estimatedRows,
    sizeBytes: size.bytes,
  };
  return {
    from: sql`pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace`,
    sortJoin: sort?.field === 'sizeBytes' ? size.join : sql``,
    id,
    where,
    search: typed === '' ? [] : [sql`${searched} ILIKE ${pattern}`],
    orderBy: sort ? sql`${sortColumns[sort.field]} ${way} NULLS LAST, ${byName}` : byName,
    searched: typed !== '',
  };
}

/** Relations of a page as the contract has them, in the order of `ids`. */
export async function relationRows(connection: Connection, ids: readonly string[]): Promise<RelationRow[]> {
  const rows = await withSizes(connection, (size) =>
    connection.select(
      relationRow,
      sql`
      SELECT n.nspname AS schema, c.relname AS name, ${kindOfRelation} AS kind,
        pg_catalog.pg_get_userbyid(c.relowner) AS owner, ${estimatedRows}::text AS "estimatedRows",
        ${size.bytes}::text AS "sizeBytes", pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
        ${isReadable} AS readable
      FROM ${pageRelation(ids, 'text')}
      JOIN pg_catalog.pg_class AS c ON c.oid = page.id::oid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      ${size.join}
      ORDER BY page.position`,
    ),
  );
  return rows.map((row) => ({
    ...row,
    comment: row.comment === null ? null : maskText(row.comment).text,
  }));
}

/** Runs a query with the exact size, or with the recorded one where that can't be had without waiting. */
function withSizes<T>(connection: Connection, query: (size: SizeSource) => Promise<T>): Promise<T> {
  return withoutWaiting(
    connection,
    () => query(exact),
    () => query(recorded),
  );
}

/** Runs a query; where it would wait for somebody who rewrites a table (ALTER TABLE, VACUUM FULL), another one. */
export async function withoutWaiting<T>(
  { run }: Connection,
  query: () => Promise<T>,
  otherwise: () => Promise<T>,
): Promise<T> {
  await run(sql`SAVEPOINT hurried`);
  await run(sql.raw(`SET LOCAL lock_timeout = ${String(hurriedLockTimeoutMs)}`));
  try {
    const answer = await query();
    // Takes the short timeout back.
    await run(sql`ROLLBACK TO SAVEPOINT hurried`);
    return answer;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== lockNotAvailable) throw error;
    await run(sql`ROLLBACK TO SAVEPOINT hurried`);
    return otherwise();
  }
}
