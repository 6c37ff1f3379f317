import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import type { ChangedRecord, RecordFinding } from '../../changes/change';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { HeldSubscription } from '../../subscriptions/new-subscriptions';
import { effectiveStatus } from '../../subscriptions/subscription-rows';

/**
 * Keeps a subscription from ending for the sake of another one that is not as it was any more.
 * @param held the other one, by the one that ends.
 */
export async function heldFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
  held: ReadonlyMap<string, HeldSubscription>,
): Promise<ReadonlyMap<string, readonly RecordFinding[]>> {
  const others = changed.flatMap(({ id }) => {
    const other = held.get(id);
    return other === undefined ? [] : [[id, other] as const];
  });
  if (others.length === 0) return new Map();
  const rows = await select(
    z.strictObject({ id: uuid, status: z.string() }),
    sql`
    SELECT s.id, ${effectiveStatus}::text AS status FROM ${from('subscriptions', 's')}
    WHERE s.id = ANY(${sql.param(others.map(([, { id }]) => id))}::uuid[])`,
  );
  const statuses = new Map(rows.map(({ id, status }) => [id, status]));
  const text = say('changes.models.replace.heldSince');
  return new Map(
    others
      .filter(([, other]) => statuses.get(other.id) !== other.status)
      .map(([id]) => [id, [{ severity: 'error' as const, text }]]),
  );
}
