import type { SubscriptionChanges } from '../../shared/contract/subscriptions';
import { AppError } from '../../shared/errors';
import { endOfDay } from '../api-keys/end-of-day';
import type { Image } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';

/**
 * The fields to set, as the columns hold them.
 * @throws AppError `validation` where there are none.
 */
export async function wishedOf(connection: Connection, changes: SubscriptionChanges): Promise<Image> {
  const set = Object.entries(changes).flatMap(([field, value]): [string, string | null][] =>
    value === undefined ? [] : [[field, value]],
  );
  const { expiresAt } = changes;
  // A day is meant to its end, in the zone in which the workspace counts days.
  if (typeof expiresAt === 'string' && !expiresAt.includes('T')) {
    set.push(['expiresAt', await endOfDay(connection, expiresAt)]);
  }
  if (set.length === 0) throw new AppError('validation', say('changes.nothingWished'));
  return Object.fromEntries(set);
}
