import { sql, type SQL } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import type { Connection } from '../postgres/database';
import { type ListSource, orderBy, type SortColumn } from '../records/list-query';
import { relatedMatch } from '../records/related-match';
import { from } from '../postgres/relations';
import { anyOf, containing, parseSearch, type Search } from '../records/search-text';
import { usersNamed } from '../users/users-source';
import { allowsAllModels } from './model-scope';
import { apiKeyState } from './state';

type ApiKeyListInput = CheckedInputOf<Contract['apiKeys']['list']>;
type SortField = NonNullable<ApiKeyListInput['sort']>['field'];

const id = sql`k.id`;

const sortColumns: Record<SortField, SortColumn> = {
  name: { expression: sql`k.name`, text: true, nullable: true },
  user: { expression: sql`owner.username`, text: true },
  prefix: { expression: sql`k.key_prefix`, text: true },
  maxBudget: { expression: sql`k.max_budget`, nullable: true },
  currentSpend: { expression: sql`k.current_spend` },
  expiresAt: { expression: sql`k.expires_at`, nullable: true },
  lastUsedAt: { expression: sql`k.last_used_at`, nullable: true },
  createdAt: { expression: sql`k.created_at` },
};

/** What the list, its count and its export have in common; by default the newest first. */
export async function apiKeysSource(connection: Connection, input: ApiKeyListInput): Promise<ListSource> {
  const { sort = { field: 'createdAt', direction: 'desc' } } = input;
  const search = parseSearch(input.search);
  const found = await apiKeySearch(connection, search);
  return {
    from: sql`${from('api_keys', 'k')} ${found.join}`,
    ...(sort.field === 'user'
      ? { sortJoin: sql`JOIN ${from('users', 'owner')} ON owner.id = k.user_id` }
      : {}),
    id,
    where: filterConditions(input.filters),
    search: found.where,
    orderBy: orderBy(sortColumns[sort.field], sort.direction, id),
    searched: search.kind !== 'none',
    costlyToCount: found.isCostly,
  };
}

function filterConditions(filters: ApiKeyListInput['filters']): SQL[] {
  const { state, userId, teamId, modelId, subscriptionId, allModels } = filters;
  return [
    ...(state === undefined ? [] : [sql`${apiKeyState} = ${state}`]),
    ...(userId === undefined ? [] : [sql`k.user_id = ${userId}`]),
    ...(teamId === undefined ? [] : [sql`k.team_id = ${teamId}`]),
    ...(modelId === undefined
      ? []
      : [
          sql`EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND km.model_id = ${modelId})`,
        ]),
    ...(subscriptionId === undefined ? [] : [usesSubscription(subscriptionId)]),
    ...(allModels === undefined ? [] : [allModels ? allowsAllModels : sql`NOT ${allowsAllModels}`]),
  ];
}

/** The keys that usage of a subscription comes through: tied to it, or its subscriber's with its model. */
function usesSubscription(subscriptionId: string): SQL {
  return sql`EXISTS (
    SELECT FROM ${from('subscriptions', 's')}
    WHERE s.id = ${subscriptionId} AND s.user_id = k.user_id AND (
      k.subscription_id = s.id
      OR EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND km.model_id = s.model_id)
    ))`;
}

interface ApiKeySearch {
  readonly where: readonly SQL[];
  readonly join: SQL;
  readonly isCostly: boolean;
}

/** Finds keys `k` by name, alias, prefix, owner or id; a pasted key finds itself by its hash. */
export async function apiKeySearch(connection: Connection, search: Search): Promise<ApiKeySearch> {
  switch (search.kind) {
    case 'none':
      return { where: [], join: sql``, isCostly: false };
    case 'key':
      return { where: [sql`k.key_hash = ${search.keyHash}`], join: sql``, isCostly: false };
    case 'text': {
      const owners = await relatedMatch(connection, {
        table: from('users', 'u'),
        id: sql`u.id`,
        idType: 'uuid',
        column: sql`k.user_id`,
        named: usersNamed(search),
      });
      const where = [
        anyOf([
          ...containing(search, [sql`k.name`, sql`k.litellm_key_alias`]),
          ...(search.keyHash === null
            ? []
            : [sql`k.key_prefix LIKE ${search.startsWith}`, sql`k.key_hash = ${search.keyHash}`]),
          ...(search.uuid === null ? [] : [sql`k.id = ${search.uuid}`]),
          ...owners.conditions,
        ]),
      ];
      return { where, join: owners.join, isCostly: owners.isMany || search.tooShortForIndex };
    }
  }
}
