import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract, InputOf } from '../../../shared/contract/index';
import { mostReplaced } from '../../../shared/contract/models';
import { uuid } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { type HeldSubscription, pairsOfSubscribers } from '../../subscriptions/new-subscriptions';
import { effectiveStatus } from '../../subscriptions/subscription-rows';

/** Whose subscriptions and keys are meant. */
export type Whose = InputOf<Contract['models']['previewReplace']>['whose'];

const shownExamples = 20;

const openRow = z.strictObject({
  id: uuid,
  userId: uuid,
  label: z.string(),
  isActive: z.boolean(),
  status: z.enum(['active', 'suspended']),
  /** What suspended it last; NULL where nothing did, or nobody knows. */
  cause: z.string().nullable(),
});
type OpenSubscription = z.infer<typeof openRow>;

const leftRow = z.strictObject({
  id: uuid,
  label: z.string(),
  status: z.enum(['expired', 'pending']),
  total: z.int(),
});

/** Why a subscription to the model stays as it is. */
export const reasonsToStay = [
  'inactive',
  'expired',
  'pending',
  'second',
  'heldSuspended',
  'heldExpired',
  'heldPending',
] as const;
export type ReasonToStay = (typeof reasonsToStay)[number];

/** Some subscriptions: how many, and the first of them. */
export interface Counted {
  readonly count: number;
  readonly examples: { id: string; label: string }[];
}

/** What becomes of the subscriptions to a model that another one replaces. */
export interface ReplacedSubscriptions {
  /** They end, and one to the other model is opened. */
  readonly opening: readonly OpenSubscription[];
  /** They end: the person has one to the other model, which stays. */
  readonly having: readonly (OpenSubscription & { readonly held: HeldSubscription })[];
  readonly staying: ReadonlyMap<ReasonToStay, Counted>;
}

/** SQL: whether `user` is one of those who are meant. */
function isMeant(whose: Whose, user: SQL): SQL {
  if (whose === 'everybody') return sql`true`;
  if ('userIds' in whose) return sql`${user} = ANY(${sql.param([...whose.userIds])}::uuid[])`;
  return sql`EXISTS (SELECT FROM ${from('team_members', 'tm')}
    WHERE tm.user_id = ${user} AND tm.team_id = ANY(${sql.param([...whose.teamIds])}::uuid[]))`;
}

/**
 * Looks what becomes of each.
 * @throws AppError `validation` where there are more than one review takes.
 */
export async function readReplaced(
  connection: Connection,
  modelId: string,
  byModelId: string,
  whose: Whose,
): Promise<ReplacedSubscriptions> {
  const open = await readOpen(connection, modelId, whose);
  const userIds = [...new Set(open.map(({ userId }) => userId))];
  const { held } = await pairsOfSubscribers(connection, userIds, [byModelId]);
  const heldBy = new Map(held.map((each) => [each.userId, each]));
  const opening: ReplacedSubscriptions['opening'][number][] = [];
  const having: ReplacedSubscriptions['having'][number][] = [];
  const staying = await readStaying(connection, modelId, whose);
  const stay = (reason: ReasonToStay, { id, label }: { readonly id: string; readonly label: string }) => {
    const { count, examples } = staying.get(reason) ?? { count: 0, examples: [] };
    if (count < shownExamples) examples.push({ id, label });
    staying.set(reason, { count: count + 1, examples });
  };
  const seen = new Set<string>();
  for (const each of open) {
    const other = heldBy.get(each.userId);
    if (!each.isActive) stay('inactive', each);
    else if (seen.has(each.userId)) stay('second', each);
    else if (other === undefined) opening.push(each);
    else if (other.status === 'expired') stay('heldExpired', other);
    else if (other.status === 'pending') stay('heldPending', other);
    // The one that works would end, and the person be left without.
    else if (other.status === 'suspended' && each.status === 'active') stay('heldSuspended', other);
    else having.push({ ...each, held: other });
    seen.add(each.userId);
  }
  return { opening, having, staying };
}

async function readOpen({ select }: Connection, modelId: string, whose: Whose): Promise<OpenSubscription[]> {
  const rows = await select(
    openRow,
    sql`
    SELECT s.id, s.user_id AS "userId", u.username || ' · ' || m.name AS label, u.is_active AS "isActive",
      ${effectiveStatus}::text AS status, CASE WHEN s.status = 'suspended' THEN (
        SELECT e.cause FROM ${from('subscription_events', 'e')}
        WHERE e.subscription_id = s.id AND e.to_status = 'suspended' ORDER BY e.id DESC LIMIT 1) END AS cause
    FROM ${from('subscriptions', 's')} JOIN ${from('users', 'u')} ON u.id = s.user_id
    JOIN ${from('models', 'm')} ON m.id = s.model_id
    WHERE s.model_id = ${modelId} AND ${effectiveStatus} IN ('active', 'suspended')
      AND ${isMeant(whose, sql`s.user_id`)}
    ORDER BY u.username, s.user_id, s.status <> 'active', s.id LIMIT ${mostReplaced + 1}`,
  );
  if (rows.length <= mostReplaced) return rows;
  throw new AppError('validation', say('changes.models.replace.tooMany', { limit: mostReplaced }), {
    hint: say('changes.models.replace.tooManyHint'),
  });
}

/** Those that are not open: requests that wait, and what is past its end. */
async function readStaying(
  { select }: Connection,
  modelId: string,
  whose: Whose,
): Promise<Map<ReasonToStay, Counted>> {
  const rows = await select(
    leftRow,
    sql`
    SELECT one.id, one.label, one.status, one.total FROM (
      SELECT s.id, u.username || ' · ' || m.name AS label, ${effectiveStatus}::text AS status,
        count(*) OVER (PARTITION BY ${effectiveStatus})::int AS total,
        row_number() OVER (PARTITION BY ${effectiveStatus} ORDER BY u.username, s.id) AS place
      FROM ${from('subscriptions', 's')} JOIN ${from('users', 'u')} ON u.id = s.user_id
      JOIN ${from('models', 'm')} ON m.id = s.model_id
      WHERE s.model_id = ${modelId} AND ${effectiveStatus} IN ('expired', 'pending')
        AND ${isMeant(whose, sql`s.user_id`)}
    ) AS one WHERE one.place <= ${shownExamples} ORDER BY one.status, one.place`,
  );
  const staying = new Map<ReasonToStay, Counted>();
  for (const { id, label, status, total } of rows) {
    const { examples } = staying.get(status) ?? { examples: [] };
    staying.set(status, { count: total, examples: [...examples, { id, label }] });
  }
  return staying;
}
