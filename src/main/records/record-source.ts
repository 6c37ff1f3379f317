import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import { type Reference, reference } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import { anyOf, containing, isUuid, type Search, type TextSearch } from './search-text';

/**
 * A kind of record in SQL: where it is, how people recognise it and by what they find it. Lists, choices, the palette,
 * the audit trail and usage read it.
 */
export interface RecordSource {
  /** Under the alias that the other parts name. */
  readonly from: SQL;
  readonly id: SQL;
  readonly idType: 'uuid' | 'text';
  /** What a person recognises the record by. */
  readonly label: SQL;
  /** What it is called where nothing stands beside it; by default `label`, which then needs no join. */
  readonly fullLabel?: SQL;
  /** What tells it from others of that name. */
  readonly details: readonly SQL[];
  /** What `fullLabel` and `details` need joined; it neither adds nor removes rows. */
  readonly labelJoin?: SQL;
  /** Columns that may be, begin with or contain the text. */
  readonly names: readonly SQL[];
  /** Whether an index over `lower(column)` serves what begins with a text; else there are few, or trigrams do. */
  readonly hasPrefixIndexes: boolean;
  /** Which records belong to the API key with a hash. */
  readonly ofKey: (keyHash: string) => SQL;
  /** Further conditions by which a text finds them. */
  readonly alsoNamed?: (search: TextSearch) => readonly SQL[];
  /** What they refer to: they are found by its names too. */
  readonly through?: readonly { readonly source: RecordSource; readonly column: SQL }[];
}

/** How a list finds its rows by what was typed. */
export interface Found {
  /** Conditions that all hold; none where nothing was typed. */
  readonly where: readonly SQL[];
  /** What they need joined. */
  readonly join: SQL;
  /** No index finds them: too short for trigrams, or spread over a relation. */
  readonly isCostly: boolean;
}

/** Finds records by name, by id and through what they refer to; a pasted key finds what belongs to it. */
export async function findRecords(
  connection: Connection,
  source: RecordSource,
  search: Search,
): Promise<Found> {
  switch (search.kind) {
    case 'none':
      return { where: [], join: sql``, isCostly: false };
    case 'key':
      return { where: [source.ofKey(search.keyHash)], join: sql``, isCostly: false };
    case 'text': {
      const related = [];
      for (const { source: other, column } of source.through ?? []) {
        related.push(await relatedMatch(connection, other, column, search));
      }
      const where = anyOf([
        ...namedBy(source, search),
        ...(search.keyHash === null ? [] : [source.ofKey(search.keyHash)]),
        ...related.flatMap(({ conditions }) => conditions),
      ]);
      return {
        where: [where],
        join: sql.join(
          related.map(({ join }) => join),
          sql` `,
        ),
        isCostly:
          related.some(({ isMany }) => isMany) || (source.hasPrefixIndexes && search.tooShortForIndex),
      };
    }
  }
}

/** Which records a text names itself; what relates to them can be found by it. */
function namedBy({ id, idType, names, alsoNamed }: RecordSource, search: TextSearch): readonly SQL[] {
  return [
    ...containing(search, names),
    ...(search.uuid === null || idType !== 'uuid' ? [] : [sql`${id} = ${search.uuid}`]),
    ...(alsoNamed?.(search) ?? []),
  ];
}

/** Whether a text from outside (an address, an entry of the audit trail) can be the id of such a record. */
export function mayBeId({ idType }: Pick<RecordSource, 'idType'>, text: string): boolean {
  return idType === 'uuid' ? isUuid(text) : !text.includes('\0');
}

/** What the given records are called, each once and in their order; what is not there, or can be no id, is left out. */
export async function readReferences(
  { select }: Connection,
  source: RecordSource,
  ids: readonly string[],
): Promise<Reference[]> {
  const { from, id, idType, label, fullLabel, labelJoin } = source;
  const possible = ids.filter((text) => mayBeId(source, text));
  // PostgreSQL gives a UUID in small letters, however it was written.
  const known = [...new Set(idType === 'uuid' ? possible.map((text) => text.toLowerCase()) : possible)];
  if (known.length === 0) return [];
  const join = fullLabel === undefined ? undefined : labelJoin;
  const rows = await select(
    reference,
    sql`
      SELECT ${id} AS id, ${fullLabel ?? label} AS label FROM ${from} ${join}
      WHERE ${id} = ANY (${sql.param(known)}::${sql.raw(idType)}[])`,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return known.flatMap((each) => byId.get(each) ?? []);
}

const longestIdList = 1_000;

interface RelatedMatch {
  /** Conditions of which one has to hold; none where nothing was named. */
  readonly conditions: readonly SQL[];
  /** What the condition needs joined. */
  readonly join: SQL;
  readonly isMany: boolean;
}

/**
 * How a list finds its rows by what they refer to. Looks the named records up first and passes their ids: only so can
 * PostgreSQL combine the list's own trigram indexes with the relation's. Where too many are named, a page is soon full:
 * then the list is walked in its own order and each row's relation is looked at.
 * @param column the list's column that refers to the records.
 */
export async function relatedMatch(
  { select }: Connection,
  source: RecordSource,
  column: SQL,
  search: TextSearch,
): Promise<RelatedMatch> {
  const { from, id, idType } = source;
  const named = anyOf(namedBy(source, search));
  const rows = await select(
    z.strictObject({ id: z.string() }),
    sql`SELECT ${id} AS id FROM ${from} WHERE ${named} LIMIT ${longestIdList + 1}`,
  );
  if (rows.length > longestIdList) {
    return { conditions: [named], join: sql`JOIN ${from} ON ${id} = ${column}`, isMany: true };
  }
  const ids = sql.param(rows.map((row) => row.id));
  const conditions = rows.length === 0 ? [] : [sql`${column} = ANY (${ids}::${sql.raw(idType)}[])`];
  return { conditions, join: sql``, isMany: false };
}
