import { sql, type SQL } from 'drizzle-orm';
import { from } from '../postgres/relations';

/**
 * Entries of LiteLLM's model list of a key `k` that are no models of ours (reference/litellm-api.md §6.6), kept by the
 * pull in the key's metadata.
 */
const otherModels = sql`CASE WHEN jsonb_typeof(k.metadata -> 'litellm_models_raw') = 'array'
  THEN k.metadata -> 'litellm_models_raw' ELSE '[]' END`;

/** The first of these entries (null: all) as texts, long ones cut with a mark: the column may hold anything. */
export function otherModelNames(limit: number | null): SQL {
  return sql`ARRAY(
    SELECT CASE WHEN length(entry.name) > 255 THEN left(entry.name, 255) || '…' ELSE entry.name END
    FROM jsonb_array_elements_text(${otherModels}) AS entry (name)
    WHERE entry.name IS NOT NULL LIMIT ${limit})`;
}

/** Entries that name no model and mean every model (of the proxy, or of the team). */
const everyModel = ['all-proxy-models', 'all-team-models', '*'];

const hasNoModels = sql`NOT EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id)`;

const remoteKey = sql`SELECT FROM ${from('litellm_objects', 'o')}
  WHERE o.kind = 'key' AND o.local_id = k.id::text`;

/**
 * True when LiteLLM lets key `k` use every model: its list there names all of them, or is empty. A key that LiteLLM
 * does not know and that has no models here can use nothing yet.
 */
export const allowsAllModels = sql`(
  ${otherModels} ?| ${sql.param(everyModel)}::text[]
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
