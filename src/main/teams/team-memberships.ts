import { sql } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { type MembershipRow, membershipRow } from '../../shared/contract/teams';
import { membershipDefinition } from '../../shared/records/teams';
import { versionOf } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { orderBy, pageRelation, readPage, type SortColumn } from '../records/list-query';
import { findRecords } from '../records/record-source';
import { parseSearch } from '../records/search-text';
import type { Handler } from '../router/handlers';
import { teamMembersRecord } from './team-members-record';
import { teamSource } from './teams-list';

type Input = CheckedInputOf<Contract['teams']['memberships']>;

const id = sql`tm.team_id`;

const sortColumns: Record<NonNullable<Input['sort']>['field'], SortColumn> = {
  team: { expression: sql`t.name`, text: true },
  role: { expression: sql`tm.role`, text: true },
  joinedAt: { expression: sql`tm.joined_at` },
};

/** One page of the teams that a person is a member of. */
export const teamMemberships: Handler<Contract['teams']['memberships']> = (
  input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const { field, direction } = input.sort ?? membershipDefinition.order;
    const { userId } = input.filters;
    const { where: found } = await findRecords(connection, teamSource, parseSearch(input.search));
    const { ids, ...count } = await readPage(
      connection,
      {
        from: sql`${from('team_members', 'tm')} JOIN ${from('teams', 't')} ON t.id = tm.team_id`,
        id,
        where: [sql`tm.user_id = ${userId}`],
        search: found,
        orderBy: orderBy(sortColumns[field], direction, id),
        searched: found.length > 0,
      },
      input,
    );
    return { rows: await membershipRows(connection, userId, ids), ...count };
  });

function membershipRows(
  { select }: Connection,
  userId: string,
  teamIds: readonly string[],
): Promise<MembershipRow[]> {
  return select(
    membershipRow,
    sql`
      SELECT
        jsonb_build_object('id', u.id, 'label', u.username) AS "user",
        jsonb_build_object('id', t.id, 'label', t.name) AS team, t.is_active AS "teamIsActive",
        tm.role, tm.joined_at AS "joinedAt", tm.id, ${versionOf(teamMembersRecord, 'tm')} AS version,
        (SELECT count(*)::int FROM ${from('api_keys', 'k')}
         WHERE k.team_id = tm.team_id AND k.user_id = tm.user_id) AS "apiKeyCount"
      FROM ${pageRelation(teamIds)}
      JOIN ${from('team_members', 'tm')} ON tm.user_id = ${userId} AND tm.team_id = page.id
      JOIN ${from('teams', 't')} ON t.id = tm.team_id
      JOIN ${from('users', 'u')} ON u.id = tm.user_id
      ORDER BY page.position`,
  );
}
