import { sql, type SQL } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { readOptions } from '../postgres/options-query';
import { anyOf, containing, parseSearch, type Search, type TextSearch } from '../postgres/search-text';
import type { Handler } from '../router/handlers';

/** Models as choices of a filter, by name. */
export const modelOptions: Handler<Contract['models']['options']> = (
  { search, ids },
  { signal, workspace: { database } },
) =>
  database.read(signal, (connection) =>
    readOptions(
      connection,
      {
        from: sql`models m`,
        id: sql`m.id`,
        idType: 'text',
        label: sql`m.name`,
        where: modelSearch(parseSearch(search)),
      },
      ids,
    ),
  );

/** Finds models `m` by id, name or provider; a pasted key finds the models it may use. */
function modelSearch(search: Search): SQL[] {
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
    SELECT km.model_id FROM api_key_models km JOIN api_keys k ON k.id = km.api_key_id
    WHERE k.key_hash = ${keyHash})`;
}
