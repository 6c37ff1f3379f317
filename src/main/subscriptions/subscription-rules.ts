import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { decimal, uuid } from '../../shared/contract/values';
import { grouped } from '../../shared/grouped';
import {
  refusingObstacles,
  type RequestObstacle,
  requestObstacles,
  type SubscriptionStatus,
  subscriptionStatuses,
} from '../../shared/records/subscriptions';
import type { ChangedRecord, RecordFinding } from '../changes/change';
import { type Image, isThere } from '../changes/record-table';
import { spokenUtc } from '../changes/spoken-utc';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { isDue } from './periods/due';
import { isDenied, requestObstaclesOf } from './request-obstacles';
import { effectiveStatus } from './subscription-rows';

const error = (text: string): RecordFinding => ({ severity: 'error', text });
const warning = (text: string): RecordFinding => ({ severity: 'warning', text });
const info = (text: string): RecordFinding => ({ severity: 'info', text });

/** What the database holds besides, of one subscription as it would be. */
const factsRow = z.strictObject({
  id: uuid,
  /** What counts now; NULL where it is not there yet. */
  status: z.string().nullable(),
  isDenied: z.boolean(),
  /** As they would be for the team that is wished. */
  obstacles: z.array(z.string()),
  /** The end that is wished has passed. */
  hasEnded: z.boolean(),
  /** More is used than the quotas that are wished. */
  isOverQuota: z.boolean(),
  /** What is spent, where it is more than the budget that is wished. */
  overspent: decimal.nullable(),
  /** Its period has ended, and the next one has not begun. */
  isDue: z.boolean(),
  /** Something was counted to it. */
  isUsed: z.boolean(),
});
type Facts = z.infer<typeof factsRow>;

/**
 * What there is to say about each: what may become of its status, and what that and its limits would do.
 * @param onlyFrom the statuses that may change at all, by what counts: a step leads from some of them alone.
 */
export async function rulesOfEach(
  connection: Connection,
  changed: readonly ChangedRecord[],
  onlyFrom: readonly SubscriptionStatus[] = subscriptionStatuses,
): Promise<ReadonlyMap<string, readonly RecordFinding[]>> {
  const facts = await readFacts(connection, changed);
  const twice = wantedTwice(changed);
  return new Map(
    changed.flatMap((each): (readonly [string, readonly RecordFinding[]])[] => {
      const known = facts.get(each.id);
      // Who or what it is for went between the review and the run.
      const isForNothing = known === undefined && isNew(each);
      if (isForNothing) return [[each.id, [error(say('changes.subscriptions.pairGone'))]]];
      if (known === undefined) return [];
      const found = isThere(each.after)
        ? [
            ...statusFindings(each, known, onlyFrom),
            ...(twice.has(each.id) ? [error(say('changes.subscriptions.sameTwice'))] : []),
            ...(isNew(each) ? newFindings(known) : openingFindings(each, known)),
            ...teamFindings(each, known),
            ...endFindings(each, known),
            ...usedFindings(each, known),
          ]
        : deletionFindings(each, known);
      return [[each.id, found]];
    }),
  );
}

async function readFacts(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ReadonlyMap<string, Facts>> {
  const wanted = changed.map(({ id, before, after }) => ({ ...before, ...after, id }));
  const rows = await select(
    factsRow,
    sql`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w (
        id uuid, "userId" uuid, "modelId" text, "teamId" uuid, status text, "expiresAt" timestamptz,
        "quotaRequests" bigint, "quotaTokens" bigint, "maxBudget" numeric)
    )
    SELECT w.id, known.status, coalesce(known."isDenied", false) AS "isDenied", ${requestObstaclesOf} AS obstacles,
      coalesce(w."expiresAt" <= CURRENT_TIMESTAMP, false) AS "hasEnded",
      coalesce(known.used_requests > w."quotaRequests", false) OR coalesce(known.used_tokens > w."quotaTokens", false)
        AS "isOverQuota",
      CASE WHEN known.current_spend > w."maxBudget" THEN trim_scale(known.current_spend)::text END AS overspent,
      coalesce(known."isDue", false) AS "isDue",
      coalesce(known.used_requests > 0 OR known.used_tokens > 0 OR known.current_spend > 0, false) AS "isUsed"
    FROM wanted AS w
    CROSS JOIN LATERAL (
      SELECT w.id, w."userId" AS user_id, w."modelId" AS model_id, w."teamId" AS team_id
    ) AS s
    JOIN ${from('users', 'u')} ON u.id = s.user_id
    JOIN ${from('models', 'm')} ON m.id = s.model_id
    LEFT JOIN LATERAL (
      SELECT s.used_requests, s.used_tokens, s.current_spend, ${effectiveStatus}::text AS status,
        ${isDenied} AS "isDenied", ${isDue} AS "isDue"
      FROM ${from('subscriptions', 's')} WHERE s.id = w.id
    ) AS known ON true`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Those of one person and model of which several would be active: the index lets one be. */
function wantedTwice(changed: readonly ChangedRecord[]): ReadonlySet<string> {
  const opening = changed.filter(({ before, after }) => isOpened(before, after));
  const pairs = grouped(opening, ({ after }) => `${String(after['userId'])} ${String(after['modelId'])}`);
  return new Set([...pairs.values()].flatMap((same) => (same.length > 1 ? same.map(({ id }) => id) : [])));
}

/** Whether it is made for the first time; one that comes back was there before. */
const isNew = ({ before, undoes }: ChangedRecord): boolean => !isThere(before) && undoes === null;

const isOpened = (before: Image, after: Image): boolean =>
  after['status'] === 'active' && before['status'] !== 'active';

/** Whether it is used again: switched on, or with a later end where it was past the one it had. */
const isInUseAgain = ({ before, after }: ChangedRecord, { status, hasEnded }: Facts): boolean =>
  isOpened(before, after) || (after['status'] === 'active' && status === 'expired' && !hasEnded);

/** What may become of a status, by what it is; an undo goes back whatever way it came. */
const transitions: Readonly<Record<string, readonly string[]>> = {
  pending: ['active', 'cancelled'],
  active: ['suspended', 'cancelled'],
  suspended: ['active', 'cancelled'],
  expired: ['active', 'cancelled'],
  cancelled: ['pending'],
};

function statusFindings(
  { before, after, undoes }: ChangedRecord,
  facts: Facts,
  onlyFrom: readonly string[],
): RecordFinding[] {
  const to = after['status'];
  if (!isThere(before) || to === before['status'] || typeof to !== 'string' || undoes !== null) return [];
  // Past its end it counts as expired, whatever the column says.
  const now = facts.status ?? String(before['status']);
  const ways = transitions[now];
  if (ways === undefined) return [error(say('changes.subscriptions.unknownStatus', { status: now }))];
  if (!onlyFrom.includes(now)) return [error(say('changes.subscriptions.otherStatus', { status: now }))];
  if (to === 'expired') return [error(say('changes.subscriptions.expiresByDate'))];
  if (to === 'pending' && !(now === 'cancelled' && facts.isDenied)) {
    return [error(say('changes.subscriptions.onlyDenied'))];
  }
  if (ways.includes(to)) return [];
  if (now === 'pending') return [error(say('changes.subscriptions.waits'))];
  if (now === 'expired') return [error(say('changes.subscriptions.hasExpired'))];
  return [error(say('changes.subscriptions.closed'))];
}

const obstacleTexts = {
  user_inactive: 'changes.subscriptions.userInactive',
  model_inactive: 'changes.subscriptions.modelInactive',
  left_team: 'changes.subscriptions.leftTeam',
  already_active: 'changes.subscriptions.alreadyActive',
  suspended_one: 'changes.subscriptions.suspendedOne',
  second_request: 'changes.subscriptions.secondRequest',
} as const satisfies Record<RequestObstacle, string>;

/** Whatever speaks against it: nobody is given a second one of a pair, nor one that could not be used. */
const newFindings = ({ obstacles }: Facts): RecordFinding[] =>
  requestObstacles.filter((each) => obstacles.includes(each)).map((each) => error(say(obstacleTexts[each])));

/** What speaks against its use: access is newly given by an approval, and only returns where it was given before. */
function openingFindings(changed: ChangedRecord, facts: Facts): RecordFinding[] {
  if (!isInUseAgain(changed, facts)) return [];
  const { before, undoes } = changed;
  const isApproved = before['status'] === 'pending' || !isThere(before);
  return [
    ...requestObstacles.flatMap((obstacle) => {
      if (!facts.obstacles.includes(obstacle)) return [];
      const refuses = obstacle === 'already_active' || (isApproved && refusingObstacles.includes(obstacle));
      const text = say(obstacleTexts[obstacle]);
      return [refuses ? error(text) : warning(text)];
    }),
    ...(facts.hasEnded && undoes === null ? [error(say('changes.subscriptions.needsEnd'))] : []),
    ...(facts.isOverQuota ? [warning(say('changes.subscriptions.usedUp'))] : []),
  ];
}

function teamFindings({ before, after, undoes }: ChangedRecord, { obstacles }: Facts): RecordFinding[] {
  if (!isThere(before) || isSame(before, after, 'teamId') || isOpened(before, after)) return [];
  if (!obstacles.includes('left_team')) return [];
  const text = say('changes.subscriptions.leftTeam');
  return [undoes === null ? error(text) : warning(text)];
}

function endFindings(changed: ChangedRecord, facts: Facts): RecordFinding[] {
  const { before, after, undoes } = changed;
  if (isSame(before, after, 'expiresAt') || (isOpened(before, after) && !isNew(changed))) return [];
  if (undoes !== null) return [];
  if (after['status'] === 'cancelled') return [error(say('changes.subscriptions.closed'))];
  if (facts.hasEnded) return [error(say('changes.subscriptions.endPassed'))];
  const end = after['expiresAt'];
  const ends = typeof end === 'string' ? [info(say('changes.keys.ends', { at: spokenUtc(end) }))] : [];
  if (facts.status !== 'expired') return ends;
  return before['status'] === 'active'
    ? [...ends, info(say('changes.subscriptions.worksAgain'))]
    : [...ends, warning(say('changes.subscriptions.staysExpired'))];
}

function usedFindings({ before, after }: ChangedRecord, facts: Facts): RecordFinding[] {
  if (!isThere(before)) return [];
  const hasNewQuota = !isSame(before, after, 'quotaRequests') || !isSame(before, after, 'quotaTokens');
  const isUsed = after['status'] === 'active' && facts.status === 'active';
  return [
    ...(hasNewQuota && isUsed && facts.isOverQuota ? [warning(say('changes.subscriptions.overQuota'))] : []),
    ...(facts.overspent !== null && !isSame(before, after, 'maxBudget')
      ? [warning(say('changes.subscriptions.overBudget', { spent: facts.overspent }))]
      : []),
    ...((after['resetAt'] ?? null) === null && !isSame(before, after, 'budgetDuration') && resets(after)
      ? [info(say('changes.subscriptions.noReset'))]
      : []),
    ...(facts.isDue && !isSame(before, after, 'budgetDuration')
      ? [warning(say('changes.subscriptions.isDueFirst'))]
      : []),
  ];
}

/** Whether its budget is one of a period. */
const resets = ({ budgetDuration }: Image): boolean =>
  typeof budgetDuration === 'string' && budgetDuration !== 'lifetime';

function deletionFindings({ before, undoes }: ChangedRecord, facts: Facts): RecordFinding[] {
  if (undoes !== null) {
    // Taking back that it was opened would leave what was used without it.
    const isLost = before['status'] !== 'cancelled' && facts.isUsed;
    return isLost ? [error(say('changes.subscriptions.usedSince'))] : [];
  }
  if (before['status'] !== 'cancelled') return [error(say('changes.subscriptions.notCancelled'))];
  return facts.isDenied ? [error(say('changes.subscriptions.deniedStays'))] : [];
}

function isSame(before: Image, after: Image, field: string): boolean {
  return JSON.stringify(before[field] ?? null) === JSON.stringify(after[field] ?? null);
}
