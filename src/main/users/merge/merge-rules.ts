import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../../shared/contract/changes';
import { reference } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import type { ChangedRecord } from '../../changes/change';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { effectiveStatus } from '../../subscriptions/status';

const mostExamples = 20;

/**
 * What a duplicate got after its review was read would stay with a record that is switched off.
 * @throws AppError `validation` where it has something left that moves.
 */
export async function keepNothingBehind(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<void> {
  const ids = sql.param(changed.map(({ id }) => id));
  const [left] = await select(
    z.strictObject({ some: z.boolean() }),
    sql`
    SELECT EXISTS (SELECT FROM ${from('team_members', 'tm')} WHERE tm.user_id = ANY(${ids}::uuid[]))
      OR EXISTS (SELECT FROM ${from('api_keys', 'k')} WHERE k.user_id = ANY(${ids}::uuid[]))
      OR EXISTS (
        SELECT FROM ${from('subscriptions', 's')} WHERE s.user_id = ANY(${ids}::uuid[])
          AND ${effectiveStatus} IN ('active', 'suspended', 'pending')) AS "some"`,
  );
  if (left?.some === true) {
    throw new AppError('validation', say('changes.users.merge.gotMore'), {
      hint: say('changes.users.merge.gotMoreHint'),
    });
  }
}

/**
 * Subscriptions that were moved or opened by what is taken back, and used since: that usage is recorded of the user
 * who has them now, and would lose its subscription or change hands.
 */
function usedSince({ select }: Connection, changed: readonly ChangedRecord[]) {
  const undone = changed.flatMap(({ way, undoes }) => (way === 'update' && undoes !== null ? [undoes] : []));
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
