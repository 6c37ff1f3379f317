import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { readOptions } from '../records/options-query';
import { from } from '../postgres/relations';
import { parseSearch } from '../records/search-text';
import type { Handler } from '../router/handlers';
import { modelSearch } from './model-search';

/** Models as choices of a filter, by name. */
export const modelOptions: Handler<Contract['models']['options']> = (
  { search, ids },
  { signal, workspace: { database } },
) =>
  database.read(signal, (connection) =>
    readOptions(
      connection,
      {
        from: from('models', 'm'),
        id: sql`m.id`,
        idType: 'text',
        label: sql`m.name`,
        where: modelSearch(parseSearch(search)),
      },
      ids,
    ),
  );
