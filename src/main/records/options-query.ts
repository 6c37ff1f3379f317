import { sql } from 'drizzle-orm';
import { type Reference, reference } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import type { WorkspaceCall } from '../router/handlers';
import { nameOrder, whereClause } from './list-query';
import { findRecords, readReferences, type RecordSource } from './record-source';
import { parseSearch } from './search-text';

const searchLimit = 20;

export interface OptionsInput {
  readonly search: string;
  readonly ids: readonly string[];
}

/** The handler of an area's `options`: its records as choices of a filter, by label. */
export function optionsHandler(source: RecordSource) {
  return (
    input: OptionsInput,
    { signal, workspace: { database } }: WorkspaceCall,
  ): Promise<{ options: Reference[] }> =>
    database.read(signal, (connection) => readOptions(connection, source, input));
}

/**
 * Choices for a filter: first the labels of `ids` (what the filter holds already, in that order; unknown ids are left
 * out), then up to 20 records that match, by label.
 */
async function readOptions(
  connection: Connection,
  source: RecordSource,
  { search, ids }: OptionsInput,
): Promise<{ options: Reference[] }> {
  const { from, id, label } = source;
  const chosen = await readReferences(connection, source, ids);
  const { where, join } = await findRecords(connection, source, parseSearch(search));
  const found = await connection.select(
    reference,
    sql`
      SELECT ${id} AS id, ${label} AS label FROM ${from} ${join} ${whereClause(where)}
      ORDER BY ${label} ${nameOrder}, ${id} LIMIT ${searchLimit}`,
  );
  const shown = new Set(chosen.map((option) => option.id));
  return { options: [...chosen, ...found.filter((option) => !shown.has(option.id))] };
}
