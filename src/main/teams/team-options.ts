import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { readOptions } from '../records/options-query';
import { from } from '../postgres/relations';
import { parseSearch } from '../records/search-text';
import type { Handler } from '../router/handlers';
import { teamSearch } from './teams-source';

/** Teams as choices of a filter, by name. */
export const teamOptions: Handler<Contract['teams']['options']> = (
  { search, ids },
  { signal, workspace: { database } },
) =>
  database.read(signal, (connection) =>
    readOptions(
      connection,
      {
        from: from('teams', 't'),
        id: sql`t.id`,
        idType: 'uuid',
        label: sql`t.name`,
        where: teamSearch(parseSearch(search)),
      },
      ids,
    ),
  );
