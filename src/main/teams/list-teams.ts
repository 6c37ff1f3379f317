import type { Contract } from '../../shared/contract/index';
import { readPage } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { teamRows } from './team-rows';
import { teamsSource } from './teams-source';

/** One page of teams. */
export const listTeams: Handler<Contract['teams']['list']> = (input, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const { ids, ...count } = await readPage(connection, teamsSource(input), input);
    return { rows: await teamRows(connection, ids), ...count };
  });
