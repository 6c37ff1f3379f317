import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { type SubscriptionEvent, subscriptionEvent } from '../../shared/contract/suspension';
import { instant, uuid } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import { beginningWithoutSecrets } from '../postgres/long-text';
import { from } from '../postgres/relations';

const longestReason = 500;

const eventRow = subscriptionEvent.extend({
  /** By what a quota was exceeded: `request`, `correction` or `quota`; NULL where that is not known. */
  exceededBy: z.string().nullable(),
  /** Which quota, `requests` or `tokens`; NULL where that was not recorded. */
  exceededQuota: z.string().nullable(),
  requestId: uuid.nullable(),
  requestAt: instant.nullable(),
});

export interface RecordedEvent extends Pick<
  z.infer<typeof eventRow>,
  'exceededBy' | 'exceededQuota' | 'requestId' | 'requestAt'
> {
  readonly event: SubscriptionEvent;
}

/** The latest changes of a subscription's status, newest first, at most so many. */
export async function readEvents(
  { select }: Connection,
  subscriptionId: string,
  limit: number,
): Promise<RecordedEvent[]> {
  const rows = await select(
    eventRow,
    sql`
      SELECT
        created_at AS at, from_status AS "from", coalesce(to_status::text, 'deleted') AS "to", cause, actor,
        left(reason, ${longestReason}) AS reason, exceeded_by AS "exceededBy",
        exceeded_quota AS "exceededQuota", usage_log_id AS "requestId", usage_created_at AS "requestAt"
      FROM ${from('subscription_events')}
      WHERE subscription_id = ${subscriptionId} ORDER BY id DESC LIMIT ${limit}`,
  );
  return rows.map(({ exceededBy, exceededQuota, requestId, requestAt, ...event }) => ({
    ...{ exceededBy, exceededQuota, requestId, requestAt },
    // Anybody may write one by psql, with what they like in it.
    event: { ...event, reason: beginningWithoutSecrets(event.reason, longestReason) },
  }));
}
