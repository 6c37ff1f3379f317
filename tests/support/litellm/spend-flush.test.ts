import { expect, it } from 'vitest';
import { emptyState, flushSpend, keyRow, spendRow, userRow } from './index';

it('grows the counters and touches updated_at of whoever the row names', () => {
  const state = emptyState();
  const key = keyRow('sk-a', { spend: 1 });
  state.keys.set(key.token, key);
  state.users.set('u', userRow({ user_id: 'u' }));
  const row = spendRow({
    request_id: 'r',
    startTime: '2026-09-09T10:00:00Z',
    api_key: key.token,
    user: 'u',
    spend: 0.5,
  });
  flushSpend(state, row, '2026-09-09T10:01:00Z');
  expect(state.spend).toEqual([row]);
  expect(key).toMatchObject({ spend: 1.5, updated_at: '2026-09-09T10:01:00Z' });
  expect(state.users.get('u')).toMatchObject({ spend: 0.5, updated_at: '2026-09-09T10:01:00Z' });
});
