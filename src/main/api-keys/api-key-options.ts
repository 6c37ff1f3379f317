import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { readOptions } from '../records/options-query';
import { from } from '../postgres/relations';
import { parseSearch } from '../records/search-text';
import type { Handler } from '../router/handlers';
import { apiKeyLabel } from './api-key-rows';
import { apiKeySearch } from './api-keys-source';

/** API keys as choices of a filter, by name. */
export const apiKeyOptions: Handler<Contract['apiKeys']['options']> = (
  { search, ids },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const found = await apiKeySearch(connection, parseSearch(search));
    return readOptions(
      connection,
      {
        from: from('api_keys', 'k'),
        searchJoin: found.join,
        id: sql`k.id`,
        idType: 'uuid',
        label: apiKeyLabel,
        where: found.where,
      },
      ids,
    );
  });
