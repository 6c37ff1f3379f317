import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { subscriptionDetails } from '../../shared/contract/subscriptions';
import { AppError } from '../../shared/errors';
import { redact } from '../../shared/redact';
import { readUntold } from '../changes/outbox';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { subscriptionRows } from './subscription-rows';
import { readEvents } from './subscription-events';
import { say } from '../kernel/say';

const shownEvents = 50;

/** One subscription whole, with its latest changes of status, newest first. Throws `not_found`. */
export const getSubscription: Handler<Contract['subscriptions']['get']> = (
  { id },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const [row] = await subscriptionRows(connection, [id]);
    const [details] = await connection.select(
      subscriptionDetails,
      sql`
        SELECT
          s.tpm_limit AS "tpmLimit", s.rpm_limit AS "rpmLimit",
          s.reset_at AS "resetAt", s.period_started_at AS "periodStartedAt", s.last_sync_at AS "lastSyncAt", s.updated_at AS "updatedAt",
          s.litellm_key_id AS "litellmKeyId", s.litellm_key_alias AS "litellmKeyAlias"
        FROM ${from('subscriptions', 's')}
        WHERE s.id = ${id}`,
    );
    if (!row || !details) throw subscriptionIsGone();
    return {
      ...row,
      ...details,
      // Some programs put the key itself there.
      litellmKeyId: details.litellmKeyId === null ? null : redact(details.litellmKeyId),
      litellmKeyAlias: details.litellmKeyAlias === null ? null : redact(details.litellmKeyAlias),
      events: (await readEvents(connection, id, shownEvents)).map(({ event }) => event),
      untoldNews: await readUntold(connection, 'subscription', id),
    };
  });

/** What is said of a subscription that is not there. */
export const subscriptionIsGone = (): AppError =>
  new AppError('not_found', say('records.gone.subscription'), {
    hint: say('records.goneHint.subscription'),
  });
