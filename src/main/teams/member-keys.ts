import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { type MemberKey, memberKey } from '../../shared/contract/teams';
import { allowsAllModels, lacksModels, onlyModelsOf } from '../api-keys/model-scope';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';

const mostKeys = 1_000;

/** The keys that members have in their team: those that end, move or are kept where the membership ends. */
export const memberKeys: Handler<Contract['teams']['memberKeys']> = (
  { members },
  { signal, workspace: { database } },
) => database.read(signal, async (connection) => ({ keys: await readMemberKeys(connection, members) }));

/** @param members the memberships. */
export function readMemberKeys({ select }: Connection, members: readonly string[]): Promise<MemberKey[]> {
  if (members.length === 0) return Promise.resolve([]);
  return select(
    memberKey,
    sql`
    SELECT k.id, tm.id AS member, coalesce(k.name, k.key_prefix) AS label, k.key_prefix AS prefix,
      u.username AS owner, k.is_active AS "isActive", trim_scale(k.max_budget)::text AS "maxBudget",
      trim_scale(t.max_budget)::text AS "teamBudget",
      t.allowed_models = '[]' OR t.allowed_models ? 'all-proxy-models'
        OR (NOT (${allowsAllModels} OR ${lacksModels}) AND ${onlyModelsOf(sql`t.allowed_models`)}) AS "mayBeKept"
    FROM ${from('team_members', 'tm')}
    JOIN ${from('api_keys', 'k')} ON k.team_id = tm.team_id AND k.user_id = tm.user_id
    JOIN ${from('users', 'u')} ON u.id = tm.user_id
    JOIN ${from('teams', 't')} ON t.id = tm.team_id
    WHERE tm.id = ANY(${sql.param([...members])}::uuid[])
    ORDER BY u.username, k.name, k.id LIMIT ${mostKeys}`,
  );
}
