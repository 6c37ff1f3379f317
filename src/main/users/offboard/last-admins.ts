import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { type Reference, reference, uuid } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';

const ledTeam = z.strictObject({ teamId: uuid, team: z.string(), userId: uuid });
export type LedTeam = z.infer<typeof ledTeam>;

/**
 * Teams of which people are admins and nobody else is who is active and stays: a row for each of the people.
 * @param leavers all who leave.
 * @param limit how many rows at most.
 */
export function readLastAdmins(
  { select }: Connection,
  leavers: readonly string[],
  limit: number,
): Promise<LedTeam[]> {
  if (leavers.length === 0) return Promise.resolve([]);
  const ids = sql.param([...leavers]);
  return select(
    ledTeam,
    sql`
    SELECT t.id AS "teamId", t.name AS team, tm.user_id AS "userId"
    FROM ${from('team_members', 'tm')} JOIN ${from('teams', 't')} ON t.id = tm.team_id
    WHERE tm.user_id = ANY(${ids}::uuid[]) AND tm.role = 'admin' AND NOT EXISTS (
      SELECT FROM ${from('team_members', 'o')} JOIN ${from('users', 'u')} ON u.id = o.user_id
      WHERE o.team_id = tm.team_id AND o.role = 'admin' AND u.is_active AND NOT o.user_id = ANY(${ids}::uuid[]))
    ORDER BY t.name, t.id, tm.user_id LIMIT ${limit}`,
  );
}

/** Which of these teams have no admin who is active. */
export async function teamsWithoutAdmin(
  { select }: Connection,
  teamIds: readonly string[],
): Promise<Reference[]> {
  if (teamIds.length === 0) return [];
  return select(
    reference,
    sql`
    SELECT t.id::text AS id, t.name AS label FROM ${from('teams', 't')}
    WHERE t.id = ANY(${sql.param([...teamIds])}::uuid[]) AND NOT EXISTS (
      SELECT FROM ${from('team_members', 'o')} JOIN ${from('users', 'u')} ON u.id = o.user_id
      WHERE o.team_id = t.id AND o.role = 'admin' AND u.is_active)
    ORDER BY t.name, t.id`,
  );
}
