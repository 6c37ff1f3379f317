import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../../src/shared/contract/index';
import { apiKeyList } from '../../../src/main/api-keys/api-keys-list';
import type { Connection } from '../../../src/main/postgres/database';
import { allConditions, type ListSource, whereClause } from '../../../src/main/records/list-query';
import { listSource } from '../../../src/main/records/record-list';
import { userList as usersAsListed } from '../../../src/main/users/users-list';
import { type AreaCalls, openAreaCalls } from './area-calls';

let areas: AreaCalls;
beforeAll(async () => {
  areas = await openAreaCalls();
});
afterAll(() => areas.close());

/**
 * The plan of a list's page where PostgreSQL sorts or scans a table only if no index can do it: what an index serves
 * here it serves at 100,000 rows.
 */
async function planOf(
  source: (connection: Connection) => ListSource | Promise<ListSource>,
  { ordered = true } = {},
): Promise<string> {
  return areas.workspace.database.read(new AbortController().signal, async (connection) => {
    const { run, select } = connection;
    await run(sql`SELECT set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true)`);
    const list = await source(connection);
    const { from, sortJoin = sql``, id, orderBy } = list;
    const rows = await select(
      z.strictObject({ 'QUERY PLAN': z.string() }),
      sql`
      EXPLAIN (COSTS OFF) SELECT ${id} FROM ${from} ${sortJoin} ${whereClause(allConditions(list))}
      ${ordered ? sql`ORDER BY ${orderBy} LIMIT ${25} OFFSET ${50}` : sql``}`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}

const userList = (input: object) => (connection: Connection) =>
  listSource(connection, usersAsListed, contract.users.list.input.parse({ filters: {}, ...input }));
const keyList = (input: object) => (connection: Connection) =>
  listSource(connection, apiKeyList, contract.apiKeys.list.input.parse({ filters: {}, ...input }));

/** Without an order: an empty table would rather be read in its order than be searched. */
const counted = { ordered: false };
const directions = ['asc', 'desc'] as const;

describe('the plan of a list', () => {
  const userFields = ['username', 'email', 'fullName', 'maxBudget', 'lastLoginAt', 'createdAt'] as const;
  it.each(userFields.flatMap((field) => directions.map((direction) => [field, direction] as const)))(
    'reads users by %s %s from an index',
    async (field, direction) => {
      expect(await planOf(userList({ sort: { field, direction } }))).not.toMatch(/Sort|Seq Scan/);
    },
  );

  const keyFields = [
    'name',
    'prefix',
    'maxBudget',
    'currentSpend',
    'expiresAt',
    'lastUsedAt',
    'createdAt',
  ] as const;
  it.each(keyFields.flatMap((field) => directions.map((direction) => [field, direction] as const)))(
    'reads keys by %s %s from an index',
    async (field, direction) => {
      expect(await planOf(keyList({ sort: { field, direction } }))).not.toMatch(/Sort|Seq Scan/);
    },
  );

  it('finds contained text by trigrams', async () => {
    expect(await planOf(userList({ search: 'ann' }), counted)).toContain('users_contains');
    expect(await planOf(keyList({ search: 'ann' }), counted)).toContain('api_keys_contains');
  });

  it('finds the users with a role', async () => {
    expect(await planOf(userList({ filters: { role: 'admin' } }), counted)).toContain('users_roles');
  });

  it('looks up the usage of a key by an index', async () => {
    for (const exposure of ['never_used', 'unused'] as const) {
      const plan = await planOf(keyList({ filters: { exposure } }), counted);
      expect(plan).toMatch(/usage_daily_\w+/);
      expect(plan).not.toMatch(/Seq Scan on (?:usage_daily|changes|litellm_objects)/);
    }
  });

  it('finds a pasted key by its hash', async () => {
    const search = 'sk-0123456789abcdef';
    expect(await planOf(keyList({ search }), counted)).toContain('idx_api_keys_hash');
    expect(await planOf(userList({ search }), counted)).toContain('idx_api_keys_hash');
  });
});
