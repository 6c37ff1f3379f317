import { sql, type SQL } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { hitsPerKind } from '../../shared/contract/search';
import { type RecordKind, recordKinds } from '../../shared/records/index';
import { anyOf, containing, parseSearch, type TextSearch } from '../records/search-text';
import type { Handler } from '../router/handlers';
import { from } from '../postgres/relations';
import { describeHits, placedHit, recordSources } from './record-kinds';

/** Records of every kind by what a person typed: one statement, at most a few of each kind, cancellable. */
export const searchEverything: Handler<Contract['search']['everything']> = (
  input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async ({ select }) => {
    const statement = hitsStatement(input.search);
    const hits = statement === null ? [] : await select(placedHit, statement);
    return { hits: hits.map(({ kind, id, label, details }) => ({ kind, id, label, details })) };
  });

/** Null where nothing was typed. */
export function hitsStatement(typed: string): SQL | null {
  const search = parseSearch(typed);
  switch (search.kind) {
    case 'none':
      return null;
    case 'key':
      return describeHits(
        'apiKey',
        sql`(SELECT id, 0 AS place FROM ${from('api_keys')} WHERE key_hash = ${search.keyHash})`,
      );
    case 'text':
      return textStatement(search);
  }
}

const namedKinds = ['user', 'team', 'model', 'apiKey'] as const;

function textStatement(search: TextSearch): SQL {
  const named = namedKinds.map((kind) => sql`${found(kind)} AS MATERIALIZED (${foundByName(kind, search)})`);
  const described = recordKinds.map((kind) => sql`(${describeHits(kind, found(kind))})`);
  const order = sql`array_position(${sql.param([...recordKinds])}::text[], kind)`;
  return sql`
    WITH ${sql.join(named, sql`, `)},
    ${found('subscription')} AS MATERIALIZED (${foundByRelation(search)})
    SELECT * FROM (${sql.join(described, sql` UNION ALL `)}) AS hits ORDER BY ${order}, place, lower(label), id`;
}

const found = (kind: RecordKind): SQL => sql`${sql.identifier(`found_${kind}`)}`;

/**
 * First what is called so, then what begins with the text, and only where that is too little what contains it: the
 * first two are a few steps in an index, the last may have to look at much. A text too short for trigrams would make
 * it look at everything.
 */
function foundByName(kind: (typeof namedKinds)[number], search: TextSearch): SQL {
  const { from: table, id, names, hasPrefixIndexes } = recordSources[kind];
  const begins = names.map((name) =>
    hasPrefixIndexes
      ? sql`lower(${name}) LIKE lower(${search.startsWith})`
      : sql`${name} ILIKE ${search.startsWith}`,
  );
  const prefixed = names.map((name, place) =>
    hasPrefixIndexes
      ? // The index is in this order, in which the text itself comes before what it begins.
        sql`(SELECT ${id} AS id, ${placeOf(name, search)} AS place FROM ${table} WHERE ${begins[place]}
          ORDER BY lower(${name}) USING ~<~ LIMIT ${hitsPerKind})`
      : sql`(SELECT ${id} AS id, ${placeOf(name, search)} AS place FROM ${table} WHERE ${begins[place]}
          LIMIT ${hitsPerKind})`,
  );
  const exact = hasPrefixIndexes
    ? []
    : names.map(
        (name) =>
          sql`(SELECT ${id} AS id, 0 AS place FROM ${table} WHERE ${name} ILIKE ${literal(search)} LIMIT ${hitsPerKind})`,
      );
  const containingText = search.tooShortForIndex
    ? []
    : [
        sql`(SELECT ${id} AS id, 2 AS place FROM ${table}
          WHERE (SELECT count(*) FROM begun) < ${hitsPerKind} AND ${anyOf(containing(search, names))}
            AND NOT coalesce(${anyOf(begins)}, false)
          LIMIT ${hitsPerKind})`,
      ];
  const branches = [...identified(kind, search), ...exact, ...prefixed];
  return sql`
    WITH begun AS MATERIALIZED (
      SELECT id, min(place) AS place FROM (${sql.join(branches, sql` UNION ALL `)}) AS branches
      GROUP BY id ORDER BY 2 LIMIT ${hitsPerKind}
    )
    SELECT id, place FROM (${sql.join([sql`(SELECT id, place FROM begun)`, ...containingText], sql` UNION ALL `)}) AS both_ways
    LIMIT ${hitsPerKind}`;
}

const placeOf = (name: SQL, search: TextSearch): SQL =>
  sql`CASE WHEN lower(${name}) = lower(${search.text}) THEN 0 ELSE 1 END`;

/** The text itself as a pattern. */
const literal = (search: TextSearch): string => search.startsWith.slice(0, -1);

/** What the text names in another way than by a name: a whole id, or the beginning of a key. */
function identified(kind: (typeof namedKinds)[number], search: TextSearch): SQL[] {
  const { from: table, id, idType } = recordSources[kind];
  const byId =
    search.uuid === null || idType !== 'uuid'
      ? []
      : [sql`(SELECT ${id} AS id, 0 AS place FROM ${table} WHERE ${id} = ${search.uuid})`];
  const byPrefix =
    kind !== 'apiKey' || search.keyHash === null
      ? []
      : [
          sql`(SELECT k.id AS id, 0 AS place FROM ${from('api_keys', 'k')} WHERE k.key_hash = ${search.keyHash})`,
          sql`(SELECT k.id AS id, 1 AS place FROM ${from('api_keys', 'k')} WHERE k.key_prefix LIKE ${search.startsWith}
            LIMIT ${hitsPerKind})`,
        ];
  return [...byId, ...byPrefix];
}

/** Subscriptions of the users and models that were found: few of each, by the indexes on both. */
function foundByRelation(search: TextSearch): SQL {
  const byId =
    search.uuid === null
      ? []
      : [sql`(SELECT s.id, -1 AS place FROM ${from('subscriptions', 's')} WHERE s.id = ${search.uuid})`];
  const through = (kind: 'user' | 'model', column: SQL): SQL => sql`
    (SELECT related.id, origin.place FROM ${found(kind)} AS origin CROSS JOIN LATERAL (
      SELECT s.id FROM ${from('subscriptions', 's')} WHERE ${column} = origin.id LIMIT ${hitsPerKind}
    ) AS related)`;
  const branches = [...byId, through('user', sql`s.user_id`), through('model', sql`s.model_id`)];
  return sql`
    SELECT id, min(place) AS place FROM (${sql.join(branches, sql` UNION ALL `)}) AS branches
    GROUP BY id ORDER BY 2 LIMIT ${hitsPerKind}`;
}
