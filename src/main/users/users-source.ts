import { sql, type SQL } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { isUntold } from '../changes/outbox';
import { type ListSource, orderBy, type SortColumn } from '../records/list-query';
import { from } from '../postgres/relations';
import { anyOf, containing, parseSearch, type Search, type TextSearch } from '../records/search-text';
import { emailIsMissing, visibleEmail } from './email';

type UserListInput = CheckedInputOf<Contract['users']['list']>;
type SortField = NonNullable<UserListInput['sort']>['field'];

const id = sql`u.id`;

const sortColumns: Record<SortField, SortColumn> = {
  username: { expression: sql`u.username`, text: true },
  email: { expression: visibleEmail(sql`u.email`), text: true, nullable: true },
  fullName: { expression: sql`u.full_name`, text: true, nullable: true },
  maxBudget: { expression: sql`u.max_budget`, nullable: true },
  lastLoginAt: { expression: sql`u.last_login_at`, nullable: true },
  createdAt: { expression: sql`u.created_at` },
};

/** What the list, its count and its export have in common; by default sorted by username. */
export function usersSource(input: UserListInput): ListSource {
  const { sort = { field: 'username', direction: 'asc' } } = input;
  const search = parseSearch(input.search);
  return {
    from: from('users', 'u'),
    id,
    where: filterConditions(input.filters),
    search: userSearch(search),
    orderBy: orderBy(sortColumns[sort.field], sort.direction, id),
    searched: search.kind !== 'none',
    costlyToCount: search.kind === 'text' && search.tooShortForIndex,
  };
}

function filterConditions(filters: UserListInput['filters']): SQL[] {
  const { active, role, teamId, syncStatus, emailMissing, untold, sameEmail, ids } = filters;
  return [
    ...(active === undefined ? [] : [sql`u.is_active = ${active}`]),
    ...(role === undefined ? [] : [sql`u.roles @> ARRAY[${role}]`]),
    ...(teamId === undefined
      ? []
      : [
          sql`EXISTS (SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = ${teamId} AND tm.user_id = u.id)`,
        ]),
    ...(syncStatus === undefined ? [] : [sql`u.sync_status = ${syncStatus}`]),
    ...(emailMissing === undefined
      ? []
      : [emailMissing ? emailIsMissing(sql`u.email`) : sql`NOT ${emailIsMissing(sql`u.email`)}`]),
    ...(untold === undefined ? [] : [untold ? isUntold('user', id) : sql`NOT ${isUntold('user', id)}`]),
    ...(sameEmail === undefined ? [] : [sameEmail ? sharesEmail : sql`NOT ${sharesEmail}`]),
    ...(ids === undefined ? [] : [sql`u.id = ANY(${sql.param(ids.split(','))}::uuid[])`]),
  ];
}

/** Whoever is switched off may have been merged, and keeps the address. */
const sharesEmail = sql`(u.is_active AND NOT ${emailIsMissing(sql`u.email`)} AND EXISTS (
  SELECT FROM ${from('users', 'o')} WHERE lower(o.email) = lower(u.email) AND o.id <> u.id AND o.is_active))`;

/** Finds users `u` by name, address or id; a pasted key finds its owner. */
export function userSearch(search: Search): SQL[] {
  switch (search.kind) {
    case 'none':
      return [];
    case 'key':
      return [ownsKey(search.keyHash)];
    case 'text':
      return [anyOf([usersNamed(search), ...(search.keyHash === null ? [] : [ownsKey(search.keyHash)])])];
  }
}

/** The users `u` that were named; what relates to users can be found by it. */
export function usersNamed(search: TextSearch): SQL {
  return anyOf([
    ...containing(search, [sql`u.username`, sql`u.email`, sql`u.full_name`]),
    ...(search.uuid === null ? [] : [sql`u.id = ${search.uuid}`]),
  ]);
}

function ownsKey(keyHash: string): SQL {
  return sql`u.id = (SELECT user_id FROM ${from('api_keys')} WHERE key_hash = ${keyHash})`;
}
