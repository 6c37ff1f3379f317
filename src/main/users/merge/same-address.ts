import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract, ResultOf } from '../../../shared/contract/index';
import { recordVersion } from '../../../shared/contract/changes';
import { instant, uuid } from '../../../shared/contract/values';
import { versionOf } from '../../changes/record-table';
import { from } from '../../postgres/relations';
import type { Handler } from '../../router/handlers';
import { usersRecord } from '../users-record';

type Because = ResultOf<Contract['users']['sameAddress']>['because'];

const userRow = z.strictObject({
  id: uuid,
  label: z.string(),
  email: z.string(),
  version: recordVersion,
  isActive: z.boolean(),
  lastLoginAt: instant.nullable(),
  requests: z.int(),
});

/**
 * Two users with one address. The one that had better stay comes first: who signed in later is who the person is at the
 * identity provider now; where neither did, usage and age decide.
 */
export const sameAddress: Handler<Contract['users']['sameAddress']> = (
  { ids },
  { signal, workspace: { database } },
) =>
  database.read(signal, async ({ select }) => {
    const users = await select(
      userRow,
      sql`
      SELECT u.id, u.username AS label, u.email, ${versionOf(usersRecord, 'u')} AS version, u.is_active AS "isActive",
        u.last_login_at AS "lastLoginAt", used.requests
      FROM ${from('users', 'u')}
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(m.requests), 0)::float8 AS requests FROM ${from('usage_monthly', 'm')} WHERE m.user_id = u.id
      ) AS used
      WHERE u.id = ANY(${sql.param(ids)}::uuid[])
      ORDER BY u.last_login_at DESC NULLS LAST, used.requests DESC, u.created_at, u.id`,
    );
    return { users, because: reasonOf(users) };
  });

function reasonOf([first, second]: readonly z.infer<typeof userRow>[]): Because {
  if (first?.lastLoginAt !== second?.lastLoginAt) return 'sign_in';
  return first?.requests === second?.requests ? 'age' : 'usage';
}
