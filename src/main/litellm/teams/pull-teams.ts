import { canonicalJson } from '../mapping/fields';
import { mapTeam } from './map-team';
import { isAbsentEndpoint } from '../client/failures';
import { teamList, teamPage, teamRow, type TeamRow } from './team-rows';
import { checkRows } from '../mapping/values';
import { teams } from './team-table';
import type { PullContext } from '../pull/pull-context';
import { pageSize, type RemotePage, scanPages } from '../pull/scan-pages';
import { contentId } from '../mapping/content-id';
import { say } from '../../kernel/say';

const wholeListTimeoutMs = 120_000;

/** Teams by pages; where the paged list does not exist, or shows a viewer only its own teams, all in one answer. */
export async function pullTeams(context: PullContext): Promise<void> {
  let paged = context.role === 'admin';
  await scanPages<TeamRow>(context, {
    entity: 'teams',
    title: say('litellm.pull.teams'),
    record: teams,
    async read(page) {
      try {
        if (paged) return await readPage(context, page);
      } catch (error) {
        if (page !== 1 || !isAbsentEndpoint(error)) throw error;
        paged = false;
      }
      return readAll(context);
    },
    map: (_connection, rows) =>
      Promise.resolve(rows.map((row) => ({ remoteId: row.team_id, mapped: mapTeam(row) }))),
    rejectedId: (row) => contentId(canonicalJson(row.content)),
  });
}

async function readPage({ client, signal }: PullContext, page: number): Promise<RemotePage<TeamRow>> {
  const query = { page, page_size: pageSize, sort_by: 'team_id', sort_order: 'asc' };
  const { value } = await client.read({ path: '/v2/team/list', query, schema: teamPage, signal });
  return { ...checkRows(teamRow, value.teams), total: value.total, isWhole: false };
}

async function readAll({ client, signal }: PullContext): Promise<RemotePage<TeamRow>> {
  const { value } = await client.read({
    path: '/team/list',
    schema: teamList,
    timeoutMs: wholeListTimeoutMs,
    signal,
  });
  return { ...checkRows(teamRow, value), total: value.length, isWhole: true };
}
