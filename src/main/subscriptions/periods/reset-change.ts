import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger, decimal, uuid } from '../../../shared/contract/values';
import { grouped } from '../../../shared/grouped';
import { subscriptionDefinition } from '../../../shared/records/subscriptions';
import type { Change, RecordFinding } from '../../changes/change';
import type { Wish } from '../../changes/judge';
import { type Image, instantText, type RecordNow, recordTable } from '../../changes/record-table';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { subscriptions } from '../../postgres/schema';
import { subscriptionsChange } from '../subscriptions-change';
import { isDue } from './due';
import { endOfPeriod, periodAfter, periodOf } from './period';
import { refusedReturns } from './refused-returns';

/** Subscriptions with what a period counts. */
const periodsRecord = recordTable(subscriptions, {
  kind: 'subscription',
  resourceType: subscriptionDefinition.resourceType,
  relation: 'subscriptions',
  idType: subscriptionDefinition.idType,
  label: 'modelId',
  editable: subscriptionDefinition.editable,
  fixed: ['userId', 'modelId', 'resetAt', 'periodStartedAt', 'usedRequests', 'usedTokens', 'currentSpend'],
});

/** What goes on being counted: it is expected to be as it is. */
const counters = ['usedRequests', 'usedTokens', 'currentSpend'] as const;

/**
 * The change by which a period of subscriptions begins anew: what was used counts from its start, and who was suspended
 * by a quota is active again.
 * @param when `due` only where the date has come, at that date; `now` whatever it is.
 */
export function resetChange(when: 'due' | 'now'): Change {
  return {
    ...subscriptionsChange,
    actions: { ...subscriptionsChange.actions, update: 'SUBSCRIPTION_RESET' },
    fields: ['status', 'periodStartedAt', 'resetAt', ...counters],
    record: periodsRecord,
    // Counting what was requested since holds them.
    sliceSize: 50,
    settle: (connection, wishes, now) => settled(connection, wishes, now, when),
    rules: resetFindings,
    rulesOfEach: refusedReturns,
  };
}

async function settled(
  connection: Connection,
  wishes: readonly Wish[],
  now: ReadonlyMap<string, RecordNow>,
  when: 'due' | 'now',
): Promise<readonly Wish[]> {
  const periods = await readPeriods(
    connection,
    wishes.filter(({ undoes }) => undoes === null).map(({ id }) => id),
    now,
    when,
  );
  const returns = await readReturns(connection, wishes);
  return wishes.map((wish) => {
    if (wish.undoes === null) return { ...wish, set: periods.get(wish.id) ?? {} };
    const { expected } = wish;
    return {
      ...wish,
      set: returnedBy(wish, returns.get(wish.undoes)),
      expected:
        typeof expected === 'object' && 'fields' in expected
          ? { fields: uncounted(expected.fields) }
          : expected,
    };
  });
}

/** A quota that was raised since has nothing to suspend, and a suspension that no quota explains would stay for ever. */
function returnedBy({ set }: Wish, counted: z.infer<typeof returnRow> | undefined): Image {
  if (counted === undefined) return set;
  const { id: _, isOver, ...counters } = counted;
  const { status, ...rest } = set;
  const isShut = status === 'suspended' && !isOver;
  return { ...rest, ...counters, ...(status === undefined || isShut ? {} : { status }) };
}

const uncounted = (image: Image): Image =>
  Object.fromEntries(
    Object.entries(image).filter(([field]) => !counters.some((counter) => counter === field)),
  );

const periodRow = z.strictObject({
  id: uuid,
  periodStartedAt: z.string(),
  resetAt: z.string().nullable(),
  usedRequests: bigInteger,
  usedTokens: bigInteger,
  isReopened: z.boolean(),
});

/** What each is to be set to; those that are not due are left out. */
async function readPeriods(
  { select }: Connection,
  ids: readonly string[],
  now: ReadonlyMap<string, RecordNow>,
  when: 'due' | 'now',
): Promise<ReadonlyMap<string, Image>> {
  const found: z.infer<typeof periodRow>[] = [];
  const byPeriod = grouped(
    ids.filter((id) => now.has(id)),
    (id) => now.get(id)?.image['budgetDuration'] ?? null,
  );
  for (const [text, group] of byPeriod) {
    const period = periodOf(text);
    if (period === null && when === 'due') continue;
    const { start, end } =
      period === null || when === 'now'
        ? { start: sql`(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')`, end: endOfPeriod(period) }
        : periodAfter(period, sql`(s.reset_at AT TIME ZONE 'UTC')`);
    const condition = when === 'due' ? isDue : sql`true`;
    found.push(...(await select(periodRow, periodsOf(group, { start, end }, condition))));
  }
  const opened = new Set<string>();
  return new Map(
    found
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, isReopened, ...set }): readonly [string, Image] => {
        const { userId = null, modelId = null } = now.get(id)?.image ?? {};
        const pair = JSON.stringify([userId, modelId]);
        // Of one person and model one can be active.
        const isFirst = isReopened && !opened.has(pair);
        if (isFirst) opened.add(pair);
        return [id, { ...set, currentSpend: '0', ...(isFirst ? { status: 'active' } : {}) }];
      }),
  );
}

/**
 * SQL: where periods begin and end, and what was requested since. A subscription that its quota suspended, and nothing
 * since, is opened again, unless it has ended or another one of the pair is active.
 */
function periodsOf(ids: readonly string[], period: { start: SQL; end: SQL }, condition: SQL): SQL {
  const wanted = sql`${sql.param([...ids])}::uuid[]`;
  return sql`
    SELECT s.id, ${instantText(sql`period.starts`)} AS "periodStartedAt", ${instantText(sql`period.ends`)} AS "resetAt",
      counted.requests::text AS "usedRequests", counted.tokens::text AS "usedTokens",
      s.status = 'suspended' AND coalesce(last.cause = 'quota', false)
        AND (s.expires_at IS NULL OR s.expires_at > CURRENT_TIMESTAMP)
        AND coalesce(counted.requests <= s.quota_requests, true) AND coalesce(counted.tokens <= s.quota_tokens, true)
        AND NOT EXISTS (SELECT FROM ${from('subscriptions', 'other')}
          WHERE other.user_id = s.user_id AND other.model_id = s.model_id AND other.status = 'active')
        AS "isReopened"
    FROM ${from('subscriptions', 's')}
    CROSS JOIN LATERAL (
      SELECT (${period.start}) AT TIME ZONE 'UTC' AS starts, (${period.end}) AT TIME ZONE 'UTC' AS ends
    ) AS period
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE l.counted_towards_quota) AS requests,
        coalesce(sum(l.total_tokens) FILTER (WHERE l.counted_towards_quota), 0) AS tokens
      FROM ${from('usage_logs', 'l')} WHERE l.subscription_id = s.id AND l.created_at >= period.starts
    ) AS counted
    LEFT JOIN LATERAL (
      SELECT event.cause FROM ${from('subscription_events', 'event')}
      WHERE event.subscription_id = s.id AND event.to_status = 'suspended'
        -- What an undo brings back suspended was suspended before, for what it was.
        AND (event.from_status = 'active' OR NOT EXISTS (
          SELECT FROM ${from('subscription_events', 'older')}
          WHERE older.subscription_id = s.id AND older.id < event.id))
      ORDER BY event.id DESC LIMIT 1
    ) AS last ON true
    WHERE s.id = ANY(${wanted}) AND ${condition}`;
}

const returnRow = z.strictObject({
  id: z.string(),
  usedRequests: bigInteger,
  usedTokens: bigInteger,
  currentSpend: decimal,
  /** More than the quotas of now. */
  isOver: z.boolean(),
});

/**
 * What was counted before and what was counted since, together, by the row of the journal that is taken back. What is not over
 * its quotas any more stays as it is.
 */
async function readReturns(
  { select }: Connection,
  wishes: readonly Wish[],
): Promise<ReadonlyMap<string, z.infer<typeof returnRow>>> {
  const undone = wishes.flatMap(({ undoes }) => (undoes === null ? [] : [undoes]));
  if (undone.length === 0) return new Map();
  const together = (counter: string, column: SQL): SQL =>
    sql`trim_scale(GREATEST((c.before ->> ${counter}::text)::numeric + ${column} - (c.after ->> ${counter}::text)::numeric, 0))::text`;
  const rows = await select(
    returnRow,
    sql`
    SELECT c.id::text AS id, ${together('usedRequests', sql`s.used_requests`)} AS "usedRequests",
      ${together('usedTokens', sql`s.used_tokens`)} AS "usedTokens",
      ${together('currentSpend', sql`s.current_spend`)} AS "currentSpend",
      coalesce(${together('usedRequests', sql`s.used_requests`)}::numeric > s.quota_requests, false)
        OR coalesce(${together('usedTokens', sql`s.used_tokens`)}::numeric > s.quota_tokens, false) AS "isOver"
    FROM ${from('changes', 'c')} JOIN ${from('subscriptions', 's')} ON s.id::text = c.record_id
    WHERE c.id = ANY(${sql.param(undone)}::bigint[])`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What there is to say of one whose period begins anew. */
function resetFindings(before: Image, after: Image): readonly RecordFinding[] {
  const { status, expiresAt } = before;
  const hasExpired =
    typeof expiresAt === 'string' && status === 'active' && Date.parse(expiresAt) <= Date.now();
  if (after['periodStartedAt'] === before['periodStartedAt']) return [];
  if (hasExpired || (status !== 'active' && status !== 'suspended')) {
    return [{ severity: 'error', text: say('changes.subscriptions.nothingToReset') }];
  }
  const info = (text: string): RecordFinding => ({ severity: 'info', text });
  return [
    ...(status === 'suspended' && after['status'] === 'active'
      ? [info(say('changes.subscriptions.activeAgain'))]
      : []),
    ...(status === 'suspended' && after['status'] === 'suspended'
      ? [{ severity: 'warning' as const, text: say('changes.subscriptions.staysSuspended') }]
      : []),
    ...(after['usedRequests'] === '0' ? [] : [info(say('changes.subscriptions.countedSince'))]),
    ...(after['resetAt'] === null ? [info(say('changes.subscriptions.resetOnce'))] : []),
  ];
}
