import { sql } from 'drizzle-orm';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import type { Handler } from '../router/handlers';
import { teamRows } from './team-rows';
import { say } from '../say';

type Team = ResultOf<Contract['teams']['get']>;
type Details = Omit<Team, keyof Awaited<ReturnType<typeof teamRows>>[number]>;

/** One team whole; its members are a list of their own. Throws `not_found`. */
export const getTeam: Handler<Contract['teams']['get']> = ({ id }, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const [row] = await teamRows(connection, [id]);
    const [details] = await connection.select<Details>(sql`
      SELECT
        CASE WHEN u.id IS NOT NULL THEN jsonb_build_object('id', u.id, 'label', u.username) END AS "createdBy",
        t.tpm_limit AS "tpmLimit", t.rpm_limit AS "rpmLimit", t.last_sync_at AS "lastSyncAt",
        t.updated_at AS "updatedAt"
      FROM teams t LEFT JOIN users u ON u.id = t.created_by WHERE t.id = ${id}`);
    if (!row || !details) {
      throw new AppError('not_found', say('records.gone.team'), {
        hint: say('records.goneHint.team'),
      });
    }
    return { ...row, ...details };
  });
