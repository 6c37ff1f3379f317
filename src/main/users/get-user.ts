import { sql } from 'drizzle-orm';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import type { Handler } from '../router/handlers';
import { emailIsMissing } from './email';
import { userRows } from './user-rows';
import { say } from '../say';

type User = ResultOf<Contract['users']['get']>;
type Details = Omit<User, keyof Awaited<ReturnType<typeof userRows>>[number]>;

const sameEmailLimit = 20;

/** A pull writes only what changed: what it did not miss was there when the last complete one ended. */
const seenAt = sql`CASE WHEN o.state = 'missing' THEN o.last_seen_at ELSE greatest(o.last_seen_at, (
  SELECT max(finished_at) FROM litemaas_console.sync_runs WHERE proxy_id = o.proxy_id AND state = 'succeeded'
)) END`;

/** One user whole. Throws `not_found`. */
export const getUser: Handler<Contract['users']['get']> = ({ id }, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const [row] = await userRows(connection, [id]);
    const [details] = await connection.select<Details>(sql`
      SELECT
        u.oauth_provider AS "oauthProvider", u.oauth_id AS "oauthId", u.tpm_limit AS "tpmLimit",
        u.rpm_limit AS "rpmLimit", u.updated_at AS "updatedAt", same.references AS "sameEmail"
      FROM users u
      CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', other.id, 'label', other.username)), '[]') AS references
        FROM (
          SELECT o.id, o.username FROM users o
          WHERE lower(o.email) = lower(u.email) AND o.id <> u.id AND NOT ${emailIsMissing(sql`u.email`)}
          ORDER BY o.username LIMIT ${sameEmailLimit}
        ) AS other
      ) AS same
      WHERE u.id = ${id}`);
    if (!row || !details) throw userNotFound();
    const [remote] = await connection.select<NonNullable<User['litellm']>>(sql`
      SELECT o.remote_id AS "remoteId", ${seenAt} AS "seenAt" FROM litemaas_console.litellm_objects o
      WHERE o.kind = 'user' AND o.local_id = ${id} ORDER BY 2 DESC LIMIT 1`);
    return { ...row, ...details, litellm: remote ?? null };
  });

function userNotFound(): AppError {
  return new AppError('not_found', say('records.gone.user'), {
    hint: say('records.goneHint.user'),
  });
}
