import type { Contract } from '../../shared/contract/index';
import { readPage } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { userRows } from './user-rows';
import { usersSource } from './users-source';

/** One page of users. */
export const listUsers: Handler<Contract['users']['list']> = (input, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const source = usersSource(input);
    const { ids, ...count } = await readPage(connection, source, input);
    return { rows: await userRows(connection, ids), ...count };
  });
