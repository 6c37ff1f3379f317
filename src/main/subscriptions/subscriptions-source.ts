import { sql, type SQL } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { modelsNamed } from '../models/model-search';
import type { Connection } from '../postgres/database';
import { type ListSource, orderBy, type SortColumn } from '../records/list-query';
import { relatedMatch } from '../records/related-match';
import { from } from '../postgres/relations';
import { anyOf, parseSearch, type Search } from '../records/search-text';
import { usersNamed } from '../users/users-source';
import { effectiveStatus } from './status';

type SubscriptionListInput = CheckedInputOf<Contract['subscriptions']['list']>;
type SortField = NonNullable<SubscriptionListInput['sort']>['field'];

const id = sql`s.id`;

const sortColumns: Record<SortField, SortColumn & { readonly join?: SQL }> = {
  user: {
    expression: sql`owner.username`,
    text: true,
    join: sql`JOIN ${from('users', 'owner')} ON owner.id = s.user_id`,
  },
  model: {
    expression: sql`named.name`,
    text: true,
    join: sql`JOIN ${from('models', 'named')} ON named.id = s.model_id`,
  },
  // In the order of the type: from pending to expired.
  status: { expression: effectiveStatus },
  usedRequests: { expression: sql`s.used_requests` },
  usedTokens: { expression: sql`s.used_tokens` },
  currentSpend: { expression: sql`s.current_spend` },
  expiresAt: { expression: sql`s.expires_at`, nullable: true },
  createdAt: { expression: sql`s.created_at` },
};

/** What the list, its count and its export have in common; by default the newest first. */
export async function subscriptionsSource(
  connection: Connection,
  input: SubscriptionListInput,
): Promise<ListSource> {
  const { sort = { field: 'createdAt', direction: 'desc' } } = input;
  const { join, ...column } = sortColumns[sort.field];
  const search = parseSearch(input.search);
  const found = await subscriptionSearch(connection, search);
  return {
    from: sql`${from('subscriptions', 's')} ${found.join}`,
    ...(join === undefined ? {} : { sortJoin: join }),
    id,
    where: filterConditions(input.filters),
    search: found.where,
    orderBy: orderBy(column, sort.direction, id),
    searched: search.kind !== 'none',
    costlyToCount: found.isCostly,
  };
}

function filterConditions({ status, userId, teamId, modelId }: SubscriptionListInput['filters']): SQL[] {
  return [
    ...(status === undefined ? [] : [sql`${effectiveStatus} = ${status}::public.subscription_status`]),
    ...(userId === undefined ? [] : [sql`s.user_id = ${userId}`]),
    ...(teamId === undefined ? [] : [sql`s.team_id = ${teamId}`]),
    ...(modelId === undefined ? [] : [sql`s.model_id = ${modelId}`]),
  ];
}

interface SubscriptionSearch {
  readonly where: readonly SQL[];
  readonly join: SQL;
  readonly isCostly: boolean;
}

/** Finds subscriptions `s` by subscriber, model or id; a pasted key finds those it is used through. */
async function subscriptionSearch(connection: Connection, search: Search): Promise<SubscriptionSearch> {
  switch (search.kind) {
    case 'none':
      return { where: [], join: sql``, isCostly: false };
    case 'key':
      return { where: [isUsedByKey(search.keyHash)], join: sql``, isCostly: false };
    case 'text': {
      const subscribers = await relatedMatch(connection, {
        table: from('users', 'u'),
        id: sql`u.id`,
        idType: 'uuid',
        column: sql`s.user_id`,
        named: usersNamed(search),
      });
      const models = await relatedMatch(connection, {
        table: from('models', 'm'),
        id: sql`m.id`,
        idType: 'text',
        column: sql`s.model_id`,
        named: modelsNamed(search),
      });
      const where = [
        anyOf([
          ...(search.uuid === null ? [] : [sql`s.id = ${search.uuid}`]),
          ...(search.keyHash === null ? [] : [isUsedByKey(search.keyHash)]),
          ...subscribers.conditions,
          ...models.conditions,
        ]),
      ];
      const join = sql`${subscribers.join} ${models.join}`;
      return { where, join, isCostly: subscribers.isMany || models.isMany };
    }
  }
}

function isUsedByKey(keyHash: string): SQL {
  return sql`s.id IN (
    SELECT used.id FROM ${from('api_keys', 'k')} JOIN ${from('subscriptions', 'used')} ON used.user_id = k.user_id
    WHERE k.key_hash = ${keyHash} AND (
      used.id = k.subscription_id
      OR EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND km.model_id = used.model_id)
    ))`;
}
