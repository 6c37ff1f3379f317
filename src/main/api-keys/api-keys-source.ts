import { sql, type SQL } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import type { Connection } from '../postgres/database';
import { type ListSource, orderBy, type SortColumn } from '../postgres/list-query';
import { relatedMatch } from '../postgres/related-match';
import { anyOf, containing, parseSearch, type Search } from '../postgres/search-text';
import { usersNamed } from '../users/users-source';
import { allowsAllModels } from './model-scope';
import { apiKeyState } from './state';

type ApiKeyListInput = CheckedInputOf<Contract['apiKeys']['list']>;
type SortField = NonNullable<ApiKeyListInput['sort']>['field'];

const id = sql`k.id`;

const sortColumns: Record<SortField, SortColumn> = {
  name: { expression: sql`k.name`, text: true, nullable: true },
  user: { expression: sql`u.username`, text: true },
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
  return {
    from: sql`api_keys k`,
    ...(sort.field === 'user' ? { sortJoin: sql`JOIN users u ON u.id = k.user_id` } : {}),
    id,
    where: [...filterConditions(input.filters), ...(await apiKeySearch(connection, search))],
    orderBy: orderBy(sortColumns[sort.field], sort.direction, id),
    searched: search.kind !== 'none',
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
          sql`EXISTS (SELECT FROM api_key_models km WHERE km.api_key_id = k.id AND km.model_id = ${modelId})`,
        ]),
    ...(subscriptionId === undefined ? [] : [usesSubscription(subscriptionId)]),
    ...(allModels === undefined ? [] : [allModels ? allowsAllModels : sql`NOT ${allowsAllModels}`]),
  ];
}

/** The keys that usage of a subscription comes through: tied to it, or its subscriber's with its model. */
function usesSubscription(subscriptionId: string): SQL {
  return sql`EXISTS (
    SELECT FROM subscriptions s
    WHERE s.id = ${subscriptionId} AND s.user_id = k.user_id AND (
      k.subscription_id = s.id
      OR EXISTS (SELECT FROM api_key_models km WHERE km.api_key_id = k.id AND km.model_id = s.model_id)
    ))`;
}

/** Finds keys `k` by name, alias, prefix, owner or id; a pasted key finds itself by its hash. */
export async function apiKeySearch(connection: Connection, search: Search): Promise<SQL[]> {
  switch (search.kind) {
    case 'none':
      return [];
    case 'key':
      return [sql`k.key_hash = ${search.keyHash}`];
    case 'text': {
      const owners = sql`SELECT u.id FROM users u WHERE ${usersNamed(search)}`;
      return [
        anyOf([
          ...containing(search, [sql`k.name`, sql`k.litellm_key_alias`]),
          ...(search.keyHash === null
            ? []
            : [sql`k.key_prefix LIKE ${search.startsWith}`, sql`k.key_hash = ${search.keyHash}`]),
          ...(search.uuid === null ? [] : [sql`k.id = ${search.uuid}`]),
          ...(await relatedMatch(connection, { column: sql`k.user_id`, type: 'uuid', matching: owners })),
        ]),
      ];
    }
  }
}
