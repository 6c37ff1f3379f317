import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { type UserRow, userRow } from '../../shared/contract/users';
import { reference } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import { pageRelation } from '../records/list-query';
import { from } from '../postgres/relations';
import { untoldOf } from '../changes/outbox';
import { versionOf } from '../changes/record-table';
import { visibleEmail } from './email';
import { usersRecord } from './users-record';

/** How many relations a row of a list shows by name; the count beside them is complete. */
const shownRelations = 5;

const shownRoles = 20;

/** An export has all teams and roles. */
const storedRow = userRow.extend({ teams: z.array(reference), roles: z.array(z.string()) });

/**
 * The given users in the given order; counts are taken for these rows only.
 * @param extent how much of long lists: what a list shows, or all of it for an export.
 */
export function userRows(
  { select }: Connection,
  ids: readonly string[],
  extent: 'shown' | 'exported' = 'shown',
): Promise<UserRow[]> {
  const teamLimit = extent === 'shown' ? shownRelations : null;
  const firstRoles = sql.raw(extent === 'shown' ? `[:${String(shownRoles)}]` : '');
  return select(
    storedRow,
    sql`
      SELECT
        u.id, u.username, ${visibleEmail(sql`u.email`)} AS email, u.full_name AS "fullName",
        (array_remove(u.roles, NULL))${firstRoles} AS roles,
        u.is_active AS "isActive", team.references AS teams, team_count.total AS "teamCount",
        subscription_count.total AS "subscriptionCount", key_count.total AS "apiKeyCount",
        trim_scale(u.max_budget) AS "maxBudget", u.tpm_limit AS "tpmLimit", u.rpm_limit AS "rpmLimit",
        u.sync_status AS "syncStatus", u.last_login_at AS "lastLoginAt",
        u.created_at AS "createdAt", ${versionOf(usersRecord, 'u')} AS version,
        ${untoldOf('user', sql`u.id`)} AS untold
      FROM ${pageRelation(ids)}
      JOIN ${from('users', 'u')} ON u.id = page.id
      CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', shown.id, 'label', shown.name)), '[]') AS references
        FROM (
          SELECT t.id, t.name FROM ${from('team_members', 'tm')} JOIN ${from('teams', 't')} ON t.id = tm.team_id
          WHERE tm.user_id = u.id ORDER BY t.name, t.id LIMIT ${teamLimit}
        ) AS shown
      ) AS team
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS total FROM ${from('team_members', 'tm')} WHERE tm.user_id = u.id
      ) AS team_count
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS total FROM ${from('subscriptions', 's')} WHERE s.user_id = u.id
      ) AS subscription_count
      CROSS JOIN LATERAL (SELECT count(*)::int AS total FROM ${from('api_keys', 'k')} WHERE k.user_id = u.id) AS key_count
      ORDER BY page.position`,
  );
}
