import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { SubscriptionTerms } from '../../shared/contract/subscriptions';
import { uuid } from '../../shared/contract/values';
import type { Wish } from '../changes/judge';
import type { Image } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { nextResetOf } from './periods/next-reset';
import { effectiveStatus } from './subscription-rows';
import { wishedOf } from './wished-fields';

/** What of a person and a model there may be only once at a time, by what counts. */
export const heldStatuses = ['active', 'expired', 'suspended', 'pending'] as const;
type HeldStatus = (typeof heldStatuses)[number];

const pairRow = z.strictObject({
  userId: uuid,
  modelId: z.string(),
  label: z.string(),
  /** The subscription that is there already; NULL where there is room for one. */
  heldId: uuid.nullable(),
  heldStatus: z.enum(heldStatuses).nullable(),
});
type Pair = z.infer<typeof pairRow>;

/** A subscription that is there already, by who has it and the model. */
export interface HeldSubscription {
  readonly id: string;
  readonly userId: string;
  readonly label: string;
  readonly status: HeldStatus;
}

/** Which pairs of people and models there is room for, and which have a subscription. Those that are gone are in neither. */
export interface PairsOfSubscribers {
  readonly free: readonly Pick<Pair, 'userId' | 'modelId' | 'label'>[];
  readonly held: readonly HeldSubscription[];
}

/** Looks at each of the people with each of the models, by name. */
export async function pairsOfSubscribers(
  { select }: Connection,
  userIds: readonly string[],
  modelIds: readonly string[],
): Promise<PairsOfSubscribers> {
  const users = sql`${sql.param([...userIds])}::uuid[]`;
  const models = sql`${sql.param([...modelIds])}::text[]`;
  const pairs = await select(
    pairRow,
    sql`
    WITH had AS (
      SELECT s.user_id, s.model_id,
        (array_agg(s.id ORDER BY s.status <> 'active', s.id) FILTER (WHERE ${isHeld}))[1] AS held_id
      FROM ${from('subscriptions', 's')}
      WHERE s.user_id = ANY(${users}) AND s.model_id = ANY(${models}) GROUP BY 1, 2
    )
    SELECT u.id AS "userId", m.id AS "modelId", u.username || ' · ' || m.name AS label, s.id AS "heldId",
      ${effectiveStatus}::text AS "heldStatus"
    FROM ${from('users', 'u')} CROSS JOIN ${from('models', 'm')}
    LEFT JOIN had ON had.user_id = u.id AND had.model_id = m.id
    LEFT JOIN ${from('subscriptions', 's')} ON s.id = had.held_id
    WHERE u.id = ANY(${users}) AND m.id = ANY(${models})
    ORDER BY u.username, u.id, m.name, m.id`,
  );
  return {
    free: pairs.filter(({ heldId }) => heldId === null),
    held: pairs.flatMap(({ heldId: id, heldStatus: status, userId, label }) =>
      id === null || status === null ? [] : [{ id, userId, label, status }],
    ),
  };
}

/** SQL: whether the subscription `s` stands in the way of another one. One that is closed does not. */
const isHeld = sql`s.status IN ('active', 'suspended', 'pending')`;

/** What every new subscription with these terms holds, but for whose it is: the end of a day, and the first reset. */
export async function imageOfTerms(connection: Connection, terms: SubscriptionTerms): Promise<Image> {
  const wished = await wishedOf(connection, terms);
  return { ...wished, resetAt: await nextResetOf(connection, terms.budgetDuration) };
}

/** The wish for a subscription of one person to one model. */
export function wishForSubscription(
  { userId, modelId, label }: Pick<Pair, 'userId' | 'modelId' | 'label'>,
  terms: Image,
): Wish {
  const set = { ...terms, userId, modelId };
  return { id: randomUUID(), way: 'create', label, expected: 'as it is', set, undoes: null, parts: null };
}
