import { sql, type SQL } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { type ListSource, orderBy, type SortColumn } from '../records/list-query';
import { from } from '../postgres/relations';
import { anyOf, containing, parseSearch, type Search } from '../records/search-text';

type TeamListInput = CheckedInputOf<Contract['teams']['list']>;
type SortField = NonNullable<TeamListInput['sort']>['field'];

const id = sql`t.id`;

const sortColumns: Record<SortField, SortColumn> = {
  name: { expression: sql`t.name`, text: true },
  alias: { expression: sql`t.alias`, text: true, nullable: true },
  memberCount: { expression: sql`coalesce(membership.members, 0)` },
  maxBudget: { expression: sql`t.max_budget`, nullable: true },
  currentSpend: { expression: sql`t.current_spend` },
  createdAt: { expression: sql`t.created_at` },
};

const membershipJoin = sql`LEFT JOIN (
  SELECT team_id, count(*) AS members FROM ${from('team_members')} GROUP BY team_id
) AS membership ON membership.team_id = t.id`;

/** What the list, its count and its export have in common; by default sorted by name. */
export function teamsSource(input: TeamListInput): ListSource {
  const { sort = { field: 'name', direction: 'asc' } } = input;
  const search = parseSearch(input.search);
  return {
    from: from('teams', 't'),
    ...(sort.field === 'memberCount' ? { sortJoin: membershipJoin } : {}),
    id,
    where: filterConditions(input.filters),
    search: teamSearch(search),
    orderBy: orderBy(sortColumns[sort.field], sort.direction, id),
    searched: search.kind !== 'none',
  };
}

function filterConditions({ active, syncStatus, userId, createdBy }: TeamListInput['filters']): SQL[] {
  return [
    ...(active === undefined ? [] : [sql`t.is_active = ${active}`]),
    ...(syncStatus === undefined ? [] : [sql`t.sync_status = ${syncStatus}`]),
    ...(userId === undefined
      ? []
      : [
          sql`EXISTS (SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = t.id AND tm.user_id = ${userId})`,
        ]),
    ...(createdBy === undefined ? [] : [sql`t.created_by = ${createdBy}`]),
  ];
}

/** Finds teams `t` by name, alias, LiteLLM's id or id; a pasted key finds its team. */
export function teamSearch(search: Search): SQL[] {
  switch (search.kind) {
    case 'none':
      return [];
    case 'key':
      return [ownsKey(search.keyHash)];
    case 'text':
      return [
        anyOf([
          ...containing(search, [sql`t.name`, sql`t.alias`]),
          sql`t.litellm_team_id = ${search.text}`,
          ...(search.uuid === null ? [] : [sql`t.id = ${search.uuid}`]),
          ...(search.keyHash === null ? [] : [ownsKey(search.keyHash)]),
        ]),
      ];
  }
}

function ownsKey(keyHash: string): SQL {
  return sql`t.id = (SELECT team_id FROM ${from('api_keys')} WHERE key_hash = ${keyHash})`;
}
