import { sql, type SQL } from 'drizzle-orm';
import { type Reference, reference } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import { nameOrder, whereClause } from './list-query';

const searchLimit = 20;

/** Where the choices of a filter come from. */
export interface OptionsSource {
  readonly from: SQL;
  /** What `where` needs joined. */
  readonly searchJoin?: SQL;
  readonly id: SQL;
  readonly idType: 'uuid' | 'text';
  /** What a person recognises the record by. */
  readonly label: SQL;
  /** Finds the records whose text was typed; none: all. */
  readonly where: readonly SQL[];
}

/**
 * Choices for a filter: first the labels of `ids` (what the filter holds already, in that order; unknown ids are left
 * out), then up to 20 records that match, by label.
 */
export async function readOptions(
  { select }: Connection,
  source: OptionsSource,
  ids: readonly string[],
): Promise<{ options: Reference[] }> {
  const { from, searchJoin = sql``, id, idType, label, where } = source;
  const known = validIds(ids, idType);
  const chosen =
    known.length === 0
      ? []
      : await select(
          reference,
          sql`
            SELECT ${id} AS id, ${label} AS label
            FROM unnest(${sql.param(known)}::${sql.raw(idType)}[]) WITH ORDINALITY AS chosen (id, position)
            JOIN ${from} ON ${id} = chosen.id ORDER BY chosen.position`,
        );
  const found = await select(
    reference,
    sql`
      SELECT ${id} AS id, ${label} AS label FROM ${from} ${searchJoin} ${whereClause(where)}
      ORDER BY ${label} ${nameOrder}, ${id} LIMIT ${searchLimit}`,
  );
  const shown = new Set(chosen.map((option) => option.id));
  return { options: [...chosen, ...found.filter((option) => !shown.has(option.id))] };
}

const uuidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A filter kept in a URL may hold anything; what cannot be an id of this kind is no record. */
function validIds(ids: readonly string[], type: OptionsSource['idType']): readonly string[] {
  const unique = [...new Set(type === 'uuid' ? ids.map((id) => id.toLowerCase()) : ids)];
  return type === 'uuid'
    ? unique.filter((id) => uuidPattern.test(id))
    : unique.filter((id) => !id.includes('\0'));
}
