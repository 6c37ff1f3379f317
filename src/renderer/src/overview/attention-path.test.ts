import { expect, it } from 'vitest';
import { attentionKinds, untoldAreas } from '../../../shared/contract/overview';
import { apiKeysContract } from '../../../shared/contract/api-keys';
import { subscriptionsContract } from '../../../shared/contract/subscriptions';
import { teamsContract } from '../../../shared/contract/teams';
import { usersContract } from '../../../shared/contract/users';
import { attentionPath } from './attention-path';

const lists = {
  '/users': usersContract.list,
  '/teams': teamsContract.list,
  '/api-keys': apiKeysContract.list,
  '/subscriptions': subscriptionsContract.list,
};

it('leads only to filters and orders that the lists have', () => {
  const found = [
    ...attentionKinds.map((kind) => ({ kind, record: null })),
    ...untoldAreas.map((of) => ({ kind: 'access_untold' as const, record: null, of })),
  ];
  for (const item of found) {
    const [path = '', query = ''] = attentionPath(item).split('?');
    const list = lists[path as keyof typeof lists];
    if (list === undefined) {
      expect(query).toBe('');
      continue;
    }
    const parameters = Object.fromEntries(new URLSearchParams(query));
    const [field, direction] = (parameters['sort'] ?? '').split(':');
    const filters = Object.fromEntries(
      Object.entries(parameters)
        .filter(([name]) => name !== 'sort')
        .map(([name, value]) => [name, value === 'true' || value === 'false' ? value === 'true' : value]),
    );
    const input = { filters, ...(field ? { sort: { field, direction } } : {}) };
    expect(list.input.safeParse(input).error?.message, JSON.stringify(item)).toBeUndefined();
  }
});

it('leads to the panel of the one record, at its field', () => {
  const record = '00000000-0000-4000-8000-000000000001';
  expect(attentionPath({ kind: 'users_without_email', record })).toBe(`/users/${record}?edit=email`);
  expect(attentionPath({ kind: 'users_over_budget', record })).toBe(`/users/${record}?edit=maxBudget`);
  expect(attentionPath({ kind: 'users_both_admins', record })).toBe(`/users/${record}?edit=roles`);
  expect(attentionPath({ kind: 'users_inactive_with_keys', record })).toBe(`/users/${record}`);
  // Its page says why.
  expect(attentionPath({ kind: 'subscriptions_suspended', record })).toBe(`/subscriptions/${record}`);
});
