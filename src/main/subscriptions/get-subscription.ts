import { sql } from 'drizzle-orm';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { redact } from '../../shared/redact';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { subscriptionRows } from './subscription-rows';
import { say } from '../say';

type Subscription = ResultOf<Contract['subscriptions']['get']>;
type Event = Subscription['events'][number];
type Details = Omit<Subscription, keyof Awaited<ReturnType<typeof subscriptionRows>>[number] | 'events'>;

const shownEvents = 50;

/** One subscription whole, with its latest changes of status, newest first. Throws `not_found`. */
export const getSubscription: Handler<Contract['subscriptions']['get']> = (
  { id },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const [row] = await subscriptionRows(connection, [id]);
    const [details] = await connection.select<Details>(sql`
      SELECT
        s.status AS "storedStatus", s.tpm_limit AS "tpmLimit", s.rpm_limit AS "rpmLimit",
        s.reset_at AS "resetAt", s.last_sync_at AS "lastSyncAt", s.updated_at AS "updatedAt",
        s.litellm_key_id AS "litellmKeyId", s.litellm_key_alias AS "litellmKeyAlias"
      FROM subscriptions s
      WHERE s.id = ${id}`);
    if (!row || !details) {
      throw new AppError('not_found', say('records.gone.subscription'), {
        hint: say('records.goneHint.subscription'),
      });
    }
    return {
      ...row,
      ...details,
      // Some programs put the key itself there.
      litellmKeyId: details.litellmKeyId === null ? null : redact(details.litellmKeyId),
      litellmKeyAlias: details.litellmKeyAlias === null ? null : redact(details.litellmKeyAlias),
      events: await readEvents(connection, id),
    };
  });

function readEvents({ select }: Connection, subscriptionId: string): Promise<Event[]> {
  return select<Event>(sql`
    SELECT
      created_at AS at, from_status AS "from", coalesce(to_status::text, 'deleted') AS "to", cause, actor
    FROM litemaas_console.subscription_events
    WHERE subscription_id = ${subscriptionId} ORDER BY id DESC LIMIT ${shownEvents}`);
}
