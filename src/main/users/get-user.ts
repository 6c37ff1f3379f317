import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { userDetails } from '../../shared/contract/users';
import { AppError } from '../../shared/errors';
import { readUntold } from '../changes/outbox';
import { readRemoteRecords } from '../litellm/read-remote-records';
import type { Handler } from '../router/handlers';
import { from } from '../postgres/relations';
import { emailIsMissing } from './email';
import { userRows } from './user-rows';
import { say } from '../kernel/say';

const sameEmailLimit = 20;
const createdTeamLimit = 5;

/** One user whole. Throws `not_found`. */
export const getUser: Handler<Contract['users']['get']> = ({ id }, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const [row] = await userRows(connection, [id]);
    const [details] = await connection.select(
      userDetails,
      sql`
        SELECT
          u.oauth_provider AS "oauthProvider", u.oauth_id AS "oauthId", u.updated_at AS "updatedAt",
          same.references AS "sameEmail",
          created.references AS "createdTeams",
          (SELECT count(*)::int FROM ${from('teams', 't')} WHERE t.created_by = u.id) AS "createdTeamCount"
        FROM ${from('users', 'u')}
        CROSS JOIN LATERAL (
          SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', other.id, 'label', other.username, 'email', other.email, 'isActive', other.is_active
          ) ORDER BY other.is_active DESC, other.username), '[]') AS references
          FROM (
            SELECT o.id, o.username, o.email, o.is_active FROM ${from('users', 'o')}
            WHERE lower(o.email) = lower(u.email) AND o.id <> u.id AND NOT ${emailIsMissing(sql`u.email`)}
            ORDER BY o.is_active DESC, o.username LIMIT ${sameEmailLimit}
          ) AS other
        ) AS same
        CROSS JOIN LATERAL (
          SELECT coalesce(jsonb_agg(jsonb_build_object('id', team.id, 'label', team.name)), '[]') AS references
          FROM (
            SELECT t.id, t.name FROM ${from('teams', 't')} WHERE t.created_by = u.id ORDER BY t.name, t.id LIMIT ${createdTeamLimit}
          ) AS team
        ) AS created
        WHERE u.id = ${id}`,
    );
    if (!row || !details) throw userNotFound();
    return {
      ...row,
      ...details,
      litellm: await readRemoteRecords(connection, 'user', id),
      untoldNews: await readUntold(connection, 'user', id),
    };
  });

function userNotFound(): AppError {
  return new AppError('not_found', say('records.gone.user'), {
    hint: say('records.goneHint.user'),
  });
}
