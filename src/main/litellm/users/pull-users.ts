import { canonicalJson } from '../mapping/fields';
import { mapUser } from './map-user';
import { userPage, userRow, type UserRow } from './user-rows';
import { checkRows } from '../mapping/values';
import { users } from './user-table';
import type { PullContext } from '../pull/pull-context';
import { pageSize, scanPages } from '../pull/scan-pages';
import { contentId } from '../mapping/content-id';
import { say } from '../../kernel/say';

export async function pullUsers(context: PullContext): Promise<void> {
  const { client, signal } = context;
  await scanPages<UserRow>(context, {
    entity: 'users',
    title: say('litellm.pull.users'),
    record: users,
    async read(page) {
      // Without an order of their own, rows move between pages (API reference §1.4).
      const query = { page, page_size: pageSize, sort_by: 'user_id', sort_order: 'asc' };
      const { value } = await client.read({ path: '/user/list', query, schema: userPage, signal });
      return {
        ...checkRows(userRow, value.users),
        total: value.total,
        isWhole: false,
      };
    },
    map: (_connection, rows) =>
      Promise.resolve(rows.map((row) => ({ remoteId: remoteIdOf(row.user_id), mapped: mapUser(row) }))),
    rejectedId: (row) => contentId(canonicalJson(row.content)),
  });
}

/** Ids that are too long for an index entry of ours are known by their hash; such users have no home anyway. */
function remoteIdOf(userId: string): string {
  return userId.length > 1000 ? contentId(userId) : userId;
}
