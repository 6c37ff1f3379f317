import { sql, type SQL } from 'drizzle-orm';
import { anyOf, containing, type Search, type TextSearch } from '../records/search-text';
import { from } from '../postgres/relations';

/** Finds models `m` by id, name or provider; a pasted key finds the models it may use. */
export function modelSearch(search: Search): SQL[] {
  switch (search.kind) {
    case 'none':
      return [];
    case 'key':
      return [isOfKey(search.keyHash)];
    case 'text':
      return [anyOf([modelsNamed(search), ...(search.keyHash === null ? [] : [isOfKey(search.keyHash)])])];
  }
}

/** The models `m` that were named; what relates to models can be found by it. */
export function modelsNamed(search: TextSearch): SQL {
  return anyOf(containing(search, [sql`m.id`, sql`m.name`, sql`m.provider`]));
}

function isOfKey(keyHash: string): SQL {
  return sql`m.id IN (
    SELECT km.model_id FROM ${from('api_key_models', 'km')} JOIN ${from('api_keys', 'k')} ON k.id = km.api_key_id
    WHERE k.key_hash = ${keyHash})`;
}
