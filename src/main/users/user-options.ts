import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { readOptions } from '../records/options-query';
import { from } from '../postgres/relations';
import { parseSearch } from '../records/search-text';
import type { Handler } from '../router/handlers';
import { userSearch } from './users-source';

/** Users as choices of a filter, by username. */
export const userOptions: Handler<Contract['users']['options']> = (
  { search, ids },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) =>
    readOptions(
      connection,
      {
        from: from('users', 'u'),
        id: sql`u.id`,
        idType: 'uuid',
        label: sql`u.username`,
        where: userSearch(parseSearch(search)),
      },
      ids,
    ),
  );
