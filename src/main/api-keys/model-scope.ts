import { sql, type SQL } from 'drizzle-orm';
import { everyModelOfProxy, namesOfEveryModel } from '../../shared/records/api-keys';
import type { KeptList } from '../changes/record-table';
import { from, table } from '../postgres/relations';

/**
 * Entries of LiteLLM's model list of a key that are no models of ours (reference/litellm-api.md §6.6), kept by the pull
 * in the key's metadata.
 */
const otherModelsOf = (
  key: SQL,
): SQL => sql`CASE WHEN jsonb_typeof(${key}.metadata -> 'litellm_models_raw') = 'array'
  THEN ${key}.metadata -> 'litellm_models_raw' ELSE '[]' END`;

const otherModels = otherModelsOf(sql`k`);

/** The first of these entries (null: all) as texts, long ones cut with a mark: the column may hold anything. */
export function otherModelNames(limit: number | null): SQL {
  return sql`ARRAY(
    SELECT CASE WHEN length(entry.name) > 255 THEN left(entry.name, 255) || '…' ELSE entry.name END
    FROM jsonb_array_elements_text(${otherModels}) AS entry (name)
    WHERE entry.name IS NOT NULL LIMIT ${limit})`;
}

/** SQL: whether LiteLLM's list of key `k` has entries that are no models of ours. */
export const hasOtherModels = sql`${otherModels} <> '[]'`;

const hasNoModels = sql`NOT EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id)`;

const remoteKeyOf = (key: SQL): SQL => sql`SELECT FROM ${from('litellm_objects', 'o')}
  WHERE o.kind = 'key' AND o.local_id = ${key}.id::text`;

const remoteKey = remoteKeyOf(sql`k`);

/** A pull brings whatever a proxy calls a model, these names too: LiteLLM takes them for every model all the same. */
const namesEveryModel = sql`EXISTS (
  SELECT FROM ${from('api_key_models', 'km')}
  WHERE km.api_key_id = k.id AND km.model_id = ANY(${sql.param([...namesOfEveryModel])}::text[]))`;

/**
 * True when LiteLLM lets key `k` use every model: its list there names all of them, or is empty. A key that LiteLLM
 * does not know and that has no models here can use nothing yet.
 */
export const allowsAllModels = sql`(
  ${otherModels} ?| ${sql.param([...namesOfEveryModel])}::text[]
  OR ${namesEveryModel}
  OR (${otherModels} = '[]' AND ${hasNoModels} AND EXISTS (${remoteKey} AND o.state <> 'missing'))
)`;

/** A key that LiteLLM does not know and that has no model: pushed as it is, it would be given every model. */
export const lacksModels = sql`(${otherModels} = '[]' AND ${hasNoModels} AND NOT EXISTS (${remoteKey}))`;

/**
 * SQL: true when the list of key `k` names nothing that another list does not. A wildcard or an access group is an entry
 * like any other: what it stands for is LiteLLM's to say.
 * @param list a list of models, as LiteLLM keeps it.
 */
export const onlyModelsOf = (list: SQL): SQL => sql`(
  ${list} @> ${otherModels} AND NOT EXISTS (
    SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND NOT ${list} ? km.model_id)
)`;

/**
 * The names in a key's model list, those of LiteLLM that are no models of ours among them. An empty list that LiteLLM
 * knows means every model, and is read as the entry that says so: so nothing is ever changed to an empty list.
 */
export const keptModels: KeptList = {
  relation: 'api_key_models',
  read(alias) {
    const key = sql.identifier(alias);
    return sql`(
      SELECT CASE
        WHEN count(named.name) > 0 THEN array_agg(DISTINCT named.name COLLATE "C" ORDER BY named.name COLLATE "C")
        WHEN EXISTS (${remoteKeyOf(sql`${key}`)} AND o.state <> 'missing') THEN ARRAY[${everyModelOfProxy}]::text[]
        ELSE '{}' END
      FROM (
        SELECT km.model_id::text AS name FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = ${key}.id
        UNION ALL SELECT entry.name FROM jsonb_array_elements_text(${otherModelsOf(sql`${key}`)}) AS entry (name)
      ) AS named)`;
  },
  write: (wanted) => [
    sql`DELETE FROM ${table('api_key_models')} AS km USING ${wanted} AS w
      WHERE km.api_key_id = w.id AND NOT km.model_id = ANY(w.list)`,
    sql`INSERT INTO ${table('api_key_models')} (api_key_id, model_id)
      SELECT w.id, m.id FROM ${wanted} AS w JOIN ${from('models', 'm')} ON m.id = ANY(w.list)
      ON CONFLICT (api_key_id, model_id) DO NOTHING`,
    // Only that entry of the metadata: what else stands there is somebody's.
    sql`UPDATE ${table('api_keys')} AS k
      SET metadata = CASE WHEN other.names = '[]' THEN k.metadata - 'litellm_models_raw'
        ELSE k.metadata || jsonb_build_object('litellm_models_raw', other.names) END
      FROM ${wanted} AS w CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(entry.name ORDER BY entry.name COLLATE "C"), '[]') AS names
        FROM unnest(w.list) AS entry (name)
        WHERE NOT EXISTS (SELECT FROM ${from('models', 'm')} WHERE m.id = entry.name)
      ) AS other
      WHERE k.id = w.id AND NOT (other.names @> (${otherModels}) AND (${otherModels}) @> other.names)`,
  ],
};

/** Names as the list of a key keeps them: each once, in the order of their signs. */
export function sortedModels(names: readonly string[]): string[] {
  return [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
