import type { Contract } from '../../shared/contract/index';
import type { UserRow } from '../../shared/contract/users';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { readAllIds } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { userRows } from './user-rows';
import { usersSource } from './users-source';

const columns: readonly CsvColumn<UserRow>[] = [
  { heading: 'id', value: (user) => user.id },
  { heading: 'username', value: (user) => user.username },
  { heading: 'email', value: (user) => user.email },
  { heading: 'full_name', value: (user) => user.fullName },
  { heading: 'roles', value: (user) => user.roles },
  { heading: 'is_active', value: (user) => user.isActive },
  { heading: 'teams', value: (user) => user.teams.map((team) => team.label) },
  { heading: 'subscription_count', value: (user) => user.subscriptionCount },
  { heading: 'api_key_count', value: (user) => user.apiKeyCount },
  { heading: 'max_budget', type: 'number', value: (user) => user.maxBudget },
  { heading: 'sync_status', value: (user) => user.syncStatus },
  { heading: 'last_login_at', type: 'instant', value: (user) => user.lastLoginAt },
  { heading: 'created_at', type: 'instant', value: (user) => user.createdAt },
];

/** Every user the list would show, page limit aside, with all of their roles and teams. */
export const exportUsers: Handler<Contract['users']['exportCsv']> = (input, { workspace: { database } }) =>
  Promise.resolve(
    csvFile({
      name: 'users',
      columns,
      database,
      async *rows(connection, signal) {
        const source = usersSource(input);
        for await (const ids of readAllIds(connection, source, signal)) {
          yield await userRows(connection, ids, 'exported');
        }
      },
    }),
  );
