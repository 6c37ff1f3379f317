import { sql } from 'drizzle-orm';
import { apiKeyLabel } from '../api-keys/api-key-rows';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { subscriptionRows } from './subscription-rows';
import { say } from '../say';

type Subscription = ResultOf<Contract['subscriptions']['get']>;
type Event = Subscription['events'][number];
type Details = Omit<Subscription, keyof Awaited<ReturnType<typeof subscriptionRows>>[number] | 'events'>;

const shownKeys = 20;
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
        key.references AS "apiKeys"
      FROM subscriptions s
      CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', shown.id, 'label', shown.label)), '[]') AS references
        FROM (
          -- The keys its usage comes through: tied to it, or the subscriber's with its model.
          SELECT k.id, ${apiKeyLabel} AS label FROM api_keys k
          WHERE k.user_id = s.user_id AND (
            k.subscription_id = s.id
            OR EXISTS (SELECT FROM api_key_models km WHERE km.api_key_id = k.id AND km.model_id = s.model_id)
          )
          ORDER BY k.created_at DESC, k.id LIMIT ${shownKeys}
        ) AS shown
      ) AS key
      WHERE s.id = ${id}`);
    if (!row || !details) {
      throw new AppError('not_found', say('records.gone.subscription'), {
        hint: say('records.goneHint.subscription'),
      });
    }
    return { ...row, ...details, events: await readEvents(connection, id) };
  });

function readEvents({ select }: Connection, subscriptionId: string): Promise<Event[]> {
  return select<Event>(sql`
    SELECT
      created_at AS at, from_status AS "from", coalesce(to_status::text, 'deleted') AS "to", cause, actor
    FROM litemaas_console.subscription_events
    WHERE subscription_id = ${subscriptionId} ORDER BY id DESC LIMIT ${shownEvents}`);
}
