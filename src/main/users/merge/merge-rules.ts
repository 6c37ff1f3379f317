import { type Param, type SQL, sql } from 'drizzle-orm';
import pg from 'pg';
import * as z from 'zod';
import type { ChangeFinding } from '../../../shared/contract/changes';
import { reference } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import type { ChangedRecord } from '../../changes/change';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { detailsOf } from '../../postgres/errors';
import { from } from '../../postgres/relations';
import { effectiveStatus } from '../../subscriptions/subscription-rows';

const mostExamples = 20;

/** What may not be left of whoever is switched off, and what is said where it is. */
interface LeftBehind {
  /** Which keys `k`; of memberships and subscriptions that are open none. */
  readonly keys: SQL;
  readonly text: string;
  readonly hint: string;
}

/**
 * What people got after the review was read would stay with a record that is switched off.
 * @throws AppError `validation` where they have something left; `conflict` where another transaction may be about to
 *   give them something.
 */
export async function keepNothingBehind(
  connection: Connection,
  changed: readonly ChangedRecord[],
  { keys, text, hint }: LeftBehind,
): Promise<void> {
  if (changed.length === 0) return;
  const { select } = connection;
  const ids = sql.param(changed.map(({ id }) => id));
  await lockAgainstReferences(connection, ids);
  const [left] = await select(
    z.strictObject({ some: z.boolean() }),
    sql`
    SELECT EXISTS (SELECT FROM ${from('team_members', 'tm')} WHERE tm.user_id = ANY(${ids}::uuid[]))
      OR EXISTS (SELECT FROM ${from('api_keys', 'k')} WHERE k.user_id = ANY(${ids}::uuid[]) AND ${keys})
      OR EXISTS (
        SELECT FROM ${from('subscriptions', 's')} WHERE s.user_id = ANY(${ids}::uuid[])
          AND ${effectiveStatus} IN ('active', 'suspended', 'pending')) AS "some"`,
  );
  if (left?.some === true) {
    throw new AppError('validation', text, { hint });
  }
}

/** What refers to a user holds its row FOR KEY SHARE until it commits, which the lock of a change lets pass. */
async function lockAgainstReferences({ run }: Connection, ids: Param): Promise<void> {
  try {
    await run(sql`
      SELECT FROM ${from('users', 'u')} WHERE u.id = ANY(${ids}::uuid[]) ORDER BY u.id FOR UPDATE NOWAIT`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '55P03') throw error;
    throw new AppError('conflict', say('changes.held'), { details: detailsOf(error), cause: error });
  }
}

function undoneOf(changed: readonly ChangedRecord[]): string[] {
  return changed.flatMap(({ way, undoes }) => (way === 'update' && undoes !== null ? [undoes] : []));
}

/**
 * Subscriptions that were moved or opened by what is taken back, and used since: that usage is recorded of the user
 * who has them now, and would lose its subscription or change hands.
 */
function usedSince({ select }: Connection, changed: readonly ChangedRecord[]) {
  const undone = undoneOf(changed);
  if (undone.length === 0) return Promise.resolve([]);
  return select(
    reference,
    sql`
    SELECT p.record_id AS id, coalesce(p.after ->> 'modelId', p.before ->> 'modelId', s.model_id, p.record_id) AS label
    FROM ${from('changes', 'p')} LEFT JOIN ${from('subscriptions', 's')} ON s.id::text = p.record_id
    WHERE p.part_of = ANY(${sql.param(undone)}::bigint[]) AND p.record_kind = 'subscription'
      AND (p.before IS NULL OR p.before ? 'userId')
      AND EXISTS (SELECT FROM ${from('usage_daily', 'd')} WHERE d.subscription_id = p.record_id::uuid)
    ORDER BY 2, 1`,
  );
}

/**
 * Active subscriptions of who gets one back that came since the merge, from a pull for instance: nobody has two to a
 * model.
 */
export async function doubledSinceFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const undone = undoneOf(changed);
  if (undone.length === 0) return [];
  const doubled = await select(
    reference,
    sql`
    SELECT other.id::text AS id, other.model_id AS label
    FROM ${from('changes', 'p')} JOIN ${from('subscriptions', 's')} ON s.id::text = p.record_id
    JOIN ${from('subscriptions', 'other')} ON other.model_id = s.model_id AND other.status = 'active'
      AND other.user_id::text = coalesce(p.before ->> 'userId', s.user_id::text)
    WHERE p.part_of = ANY(${sql.param(undone)}::bigint[]) AND p.record_kind = 'subscription'
      AND coalesce(p.before ->> 'status', s.status::text) = 'active'
      AND NOT EXISTS (
        SELECT FROM ${from('changes', 'own')}
        WHERE own.part_of = p.part_of AND own.record_kind = 'subscription' AND own.record_id = other.id::text)
    ORDER BY 2, 1`,
  );
  if (doubled.length === 0) return [];
  const text = say('changes.users.merge.doubledSince', {
    models: doubled.map(({ label }) => label).join(', '),
  });
  return [{ severity: 'error', text, count: doubled.length, examples: doubled.slice(0, mostExamples) }];
}

/** Says beforehand what `keepUsage` holds. */
export async function usedSinceFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const used = await usedSince(connection, changed);
  if (used.length === 0) return [];
  const text = say('changes.users.merge.usedSince', { models: used.map(({ label }) => label).join(', ') });
  return [{ severity: 'error', text, count: used.length, examples: used.slice(0, mostExamples) }];
}

/**
 * Asked again after the subscriptions went back, when no more usage can come.
 * @throws AppError `validation` where a merge is taken back whose subscriptions were used since.
 */
export async function keepUsage(connection: Connection, changed: readonly ChangedRecord[]): Promise<void> {
  const [finding] = await usedSinceFindings(connection, changed);
  if (finding !== undefined) throw new AppError('validation', finding.text);
}
