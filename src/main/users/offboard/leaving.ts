import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { recordVersion } from '../../../shared/contract/changes';
import type { Contract } from '../../../shared/contract/index';
import { mostLedTeams } from '../../../shared/contract/users';
import { uuid } from '../../../shared/contract/values';
import { grouped } from '../../../shared/grouped';
import { versionOf } from '../../changes/record-table';
import { from } from '../../postgres/relations';
import type { Handler } from '../../router/handlers';
import { effectiveStatus } from '../../subscriptions/subscription-rows';
import { usersRecord } from '../users-record';
import { readLastAdmins } from './last-admins';

const personRow = z.strictObject({
  id: uuid,
  label: z.string(),
  version: recordVersion,
  keys: z.int(),
  subscriptions: z.int(),
  memberships: z.int(),
});

/** What people who leave have, and the teams that nobody else is admin of: what has to be decided. */
export const leaving: Handler<Contract['users']['leaving']> = (
  { ids },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const people = await connection.select(
      personRow,
      sql`
      SELECT u.id, u.username AS label, ${versionOf(usersRecord, 'u')} AS version,
        (SELECT count(*)::int FROM ${from('api_keys', 'k')} WHERE k.user_id = u.id AND k.is_active) AS keys,
        (SELECT count(*)::int FROM ${from('subscriptions', 's')}
         WHERE s.user_id = u.id AND ${effectiveStatus} IN ('active', 'suspended', 'pending')) AS subscriptions,
        (SELECT count(*)::int FROM ${from('team_members', 'tm')} WHERE tm.user_id = u.id) AS memberships
      FROM ${from('users', 'u')} WHERE u.id = ANY(${sql.param([...ids])}::uuid[]) ORDER BY u.username, u.id`,
    );
    const names = new Map(people.map(({ id, label }) => [id, label]));
    const led = await readLastAdmins(connection, [...names.keys()], mostLedTeams * ids.length + 1);
    const teams = [...grouped(led, ({ teamId }) => teamId)].map(([id, rows]) => ({
      id,
      label: rows[0]?.team ?? id,
      admins: rows.map(({ userId }) => names.get(userId) ?? userId).join(', '),
    }));
    const sum = (count: 'keys' | 'subscriptions' | 'memberships'): number =>
      people.reduce((total, person) => total + person[count], 0);
    return {
      people: people.map(({ id, label, version }) => ({ id, label, version })),
      keys: sum('keys'),
      subscriptions: sum('subscriptions'),
      memberships: sum('memberships'),
      teams: teams.slice(0, mostLedTeams),
      teamCount: teams.length,
    };
  });
