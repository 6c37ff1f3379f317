import { sql, type SQL } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { throwIfCancelled } from '../kernel/cancelled';
import { csvFile } from '../export/csv-file';
import { csvTypeOf } from '../export/csv-type';
import type { Connection } from '../postgres/database';
import { whereClause } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { fetchRows } from './fetch-rows';
import { type KnownRelation, quotedName, readableRelation } from './known-relation';
import { withLongReads } from './long-read';
import { cellsRow } from './read-rows';
import { comparableColumn, filterConditions } from './row-filters';
import { columnReference, cutText, exportedText, toCell, wholeBytes, wholeLength } from './shown-cell';

type ExportInput = CheckedInputOf<Contract['browse']['exportCsv']>;

/** All rows that match, in the order of the screen; values up to a mebibyte, longer ones marked; secrets masked. */
export const exportRows: Handler<Contract['browse']['exportCsv']> = async (
  input,
  { signal, workspace: { database } },
) => {
  // Asked before a file is made, so that a wrong filter is said instead of an empty file.
  const { columns, name } = await database.read(signal, (connection) => prepare(connection, input));
  return csvFile({
    name: fileName(name),
    columns: columns.map((column, index) => ({
      heading: column.name,
      type: csvTypeOf(column.category),
      value: (row: readonly (string | null)[]) => row[index] ?? null,
    })),
    database: withLongReads(database),
    async *rows(connection, exportSignal) {
      const { relation, statement } = await prepare(connection, input);
      const declaration = sql`DECLARE exported_rows NO SCROLL CURSOR FOR ${statement}`;
      await connection.run(declaration);
      const fetched = fetchRows(
        (count) => connection.select(cellsRow, sql.raw(`FETCH FORWARD ${String(count)} FROM exported_rows`)),
        ({ texts }) => texts,
      );
      for await (const rows of fetched) {
        throwIfCancelled(exportSignal);
        yield rows.map(({ texts, bytes }) =>
          relation.columns.map((column, index) =>
            exportedText(toCell(column, texts[index] ?? null, bytes[index] ?? null, wholeLength)),
          ),
        );
      }
    },
  });
};

async function prepare(connection: Connection, input: ExportInput) {
  const relation = await readableRelation(connection, input);
  const conditions = await filterConditions(connection, relation, input.filters);
  return {
    relation,
    columns: relation.columns,
    name: relation.name,
    statement: exportStatement(relation, conditions, input),
  };
}

function exportStatement(relation: KnownRelation, conditions: readonly SQL[], { sort }: ExportInput): SQL {
  const texts = sql.join(
    relation.columns.map((column) => cutText(column, wholeLength)),
    sql`, `,
  );
  const bytes = sql.join(relation.columns.map(wholeBytes), sql`, `);
  const sorted = sort && comparableColumn(relation, sort.column);
  const key = relation.paging.by === 'key' ? relation.paging.columns : [];
  const way = sql.raw(sort?.direction === 'desc' ? 'DESC' : 'ASC');
  const order = [...(sorted ? [sorted] : []), ...key].map((column) => sql`${columnReference(column)} ${way}`);
  const orderBy = order.length === 0 ? sql`` : sql`ORDER BY ${sql.join(order, sql`, `)}`;
  return sql`SELECT ARRAY[${texts}]::pg_catalog.text[] AS texts, ARRAY[${bytes}]::pg_catalog.int4[] AS bytes
    FROM ${quotedName(relation)} AS t ${whereClause(conditions)} ${orderBy}`;
}

/** A relation's name as a file's: what a file system may not like is left out. */
function fileName(relation: string): string {
  const plain = relation.replace(/[^\p{L}\p{N}_.-]+/gu, '_').replace(/^\.+/, '');
  return plain === '' ? 'rows' : plain;
}
