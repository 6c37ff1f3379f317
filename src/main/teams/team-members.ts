import { sql } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { type TeamMemberRow, teamMemberRow } from '../../shared/contract/teams';
import { teamMemberDefinition } from '../../shared/records/teams';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { versionOf } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import {
  type ListSource,
  orderBy,
  pageRelation,
  readAllIds,
  readPage,
  type SortColumn,
} from '../records/list-query';
import { from } from '../postgres/relations';
import { findRecords } from '../records/record-source';
import { parseSearch } from '../records/search-text';
import type { Handler } from '../router/handlers';
import { visibleEmail } from '../users/email';
import { userSource } from '../users/users-list';
import { thisMonth } from './team-spend';
import { teamMembersRecord } from './team-members-record';

type MembersInput = CheckedInputOf<Contract['teams']['members']>;
type SortField = NonNullable<MembersInput['sort']>['field'];

const id = sql`tm.user_id`;
const userJoin = sql`JOIN ${from('users', 'u')} ON u.id = tm.user_id`;

const sortColumns: Record<SortField, SortColumn> = {
  username: { expression: sql`u.username`, text: true },
  role: { expression: sql`tm.role`, text: true },
  joinedAt: { expression: sql`tm.joined_at` },
};

/** One page of a team's members. */
export const teamMembers: Handler<Contract['teams']['members']> = (
  input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const source = await membersSource(connection, input);
    const { ids, ...count } = await readPage(connection, source, input);
    return { rows: await memberRows(connection, input.filters.teamId, ids), ...count };
  });

const columns: readonly CsvColumn<TeamMemberRow>[] = [
  { heading: 'user_id', value: ({ user }) => user.id },
  { heading: 'username', value: ({ user }) => user.label },
  { heading: 'email', value: (member) => member.email },
  { heading: 'role', value: (member) => member.role },
  { heading: 'is_active', value: (member) => member.isActive },
  { heading: 'joined_at', type: 'instant', value: (member) => member.joinedAt },
];

/** Every member the list would show, page limit aside. */
export const exportTeamMembers: Handler<Contract['teams']['exportMembersCsv']> = (
  input,
  { workspace: { database } },
) =>
  Promise.resolve(
    csvFile({
      name: 'team-members',
      columns,
      database,
      async *rows(connection, signal) {
        const source = await membersSource(connection, input);
        for await (const ids of readAllIds(connection, source, signal)) {
          yield await memberRows(connection, input.filters.teamId, ids);
        }
      },
    }),
  );

async function membersSource(connection: Connection, input: MembersInput): Promise<ListSource> {
  const { field, direction } = input.sort ?? teamMemberDefinition.order;
  const { where: found } = await findRecords(connection, userSource, parseSearch(input.search));
  return {
    from: found.length === 0 ? from('team_members', 'tm') : sql`${from('team_members', 'tm')} ${userJoin}`,
    ...(found.length === 0 ? { sortJoin: userJoin } : {}),
    id,
    where: [sql`tm.team_id = ${input.filters.teamId}`],
    search: found,
    orderBy: orderBy(sortColumns[field], direction, id),
    searched: found.length > 0,
  };
}

function memberRows(
  { select }: Connection,
  teamId: string,
  userIds: readonly string[],
): Promise<TeamMemberRow[]> {
  return select(
    teamMemberRow,
    sql`
      SELECT
        jsonb_build_object('id', u.id, 'label', u.username) AS "user",
        ${visibleEmail(sql`u.email`)} AS email, tm.role, u.is_active AS "isActive", tm.joined_at AS "joinedAt",
        tm.id, ${versionOf(teamMembersRecord, 'tm')} AS version, key_count.total AS "apiKeyCount",
        trim_scale(spend.total)::text AS "spentThisMonth"
      FROM ${pageRelation(userIds)}
      JOIN ${from('team_members', 'tm')} ON tm.team_id = ${teamId} AND tm.user_id = page.id
      JOIN ${from('users', 'u')} ON u.id = tm.user_id
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS total FROM ${from('api_keys', 'k')} WHERE k.team_id = tm.team_id AND k.user_id = tm.user_id
      ) AS key_count
      LEFT JOIN (
        SELECT m.user_id, sum(m.cost) AS total FROM ${from('usage_monthly', 'm')}
        WHERE m.team_id = ${teamId} AND ${thisMonth} GROUP BY m.user_id
      ) AS spend ON spend.user_id = tm.user_id
      ORDER BY page.position`,
  );
}
