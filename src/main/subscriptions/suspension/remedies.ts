import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { SuspensionAnswer, SuspensionRemedy } from '../../../shared/contract/suspension';
import { bigInteger, instant } from '../../../shared/contract/values';
import { requestObstacles } from '../../../shared/records/subscriptions';
import { instantText } from '../../changes/record-table';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { requestObstaclesOf } from '../request-obstacles';
import { effectiveStatus } from '../subscription-rows';

const stateRow = z.strictObject({
  status: z.string(),
  storedStatus: z.string(),
  quotaRequests: bigInteger.nullable(),
  usedRequests: bigInteger,
  quotaTokens: bigInteger.nullable(),
  usedTokens: bigInteger,
  expiresAt: instant.nullable(),
  hasEnded: z.boolean(),
  /** The end of the day so many days from today, in the reporting zone. */
  laterEnd: instant,
  obstacles: z.array(z.enum(requestObstacles)),
});
/** What of a subscription decides whether requests get through. */
export type SuspensionState = z.infer<typeof stateRow>;

const offeredDays = 30;

/** How a subscription stands; undefined where there is none. */
export async function readState({ select }: Connection, id: string): Promise<SuspensionState | undefined> {
  const [state] = await select(
    stateRow,
    sql`
    SELECT ${effectiveStatus}::text AS status, s.status::text AS "storedStatus",
      s.quota_requests AS "quotaRequests", s.used_requests AS "usedRequests",
      s.quota_tokens AS "quotaTokens", s.used_tokens AS "usedTokens", s.expires_at AS "expiresAt",
      coalesce(s.expires_at <= CURRENT_TIMESTAMP, false) AS "hasEnded",
      ${instantText(sql`later.ends`)} AS "laterEnd", ${requestObstaclesOf} AS obstacles
    FROM ${from('subscriptions', 's')}
    JOIN ${from('users', 'u')} ON u.id = s.user_id
    JOIN ${from('models', 'm')} ON m.id = s.model_id,
    litemaas_console.reporting_time_zone() AS zone (name),
    LATERAL (SELECT (date_trunc('day', CURRENT_TIMESTAMP AT TIME ZONE zone.name)
      + make_interval(days => ${offeredDays + 1}::int) - interval '1 second') AT TIME ZONE zone.name AS ends) AS later
    WHERE s.id = ${id}`,
  );
  return state;
}

const most = 9_223_372_036_854_775_807n;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const greatest = (...values: bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));

/** The quotas that are exceeded, each with the least it must be for one more request or token. */
export function exceededQuotas(state: SuspensionState): SuspensionAnswer['exceeded'] {
  const { quotaRequests, usedRequests, quotaTokens, usedTokens } = state;
  return (
    [
      ['quotaRequests', quotaRequests, usedRequests],
      ['quotaTokens', quotaTokens, usedTokens],
    ] as const
  ).flatMap(([quota, limit, used]) => {
    // Used up is enough: the next request goes past it.
    if (limit === null || BigInt(used) < BigInt(limit)) return [];
    return [{ quota, limit, used, atLeast: String(least(BigInt(used) + 1n, most)) }];
  });
}

type Changes = SuspensionRemedy['changes'];

/**
 * What lets requests count again, each whole: a subscription may be suspended, over its quotas and past its end at once.
 * None where another subscription of the person to the model is active, or nothing is in the way.
 */
export function remediesOf(state: SuspensionState): SuspensionRemedy[] {
  const { status, storedStatus, hasEnded, laterEnd, obstacles } = state;
  if (!['suspended', 'expired'].includes(status) || obstacles.includes('already_active')) return [];
  const exceeded = exceededQuotas(state);
  const opens: Changes = storedStatus === 'active' ? {} : { status: 'active' };
  const later: Changes = hasEnded ? { expiresAt: laterEnd } : {};
  const lifted: Changes = Object.fromEntries(exceeded.map(({ quota }) => [quota, null]));
  if (exceeded.length > 0) {
    const lift = { kind: 'lift' as const, changes: { ...opens, ...later, ...lifted } };
    const canRise = exceeded.every(({ used }) => BigInt(used) < most);
    const raised: Changes = Object.fromEntries(exceeded.map((each) => [each.quota, raisedQuota(each)]));
    return canRise ? [{ kind: 'raise', changes: { ...opens, ...later, ...raised } }, lift] : [lift];
  }
  if (hasEnded) {
    return [
      { kind: 'extend', changes: { ...opens, expiresAt: laterEnd } },
      { kind: 'neverEnd', changes: { ...opens, expiresAt: null } },
    ];
  }
  return [{ kind: 'reactivate', changes: opens }];
}

/** As much again as was allowed, or as was used where that is more. */
function raisedQuota({ limit, used }: SuspensionAnswer['exceeded'][number]): string {
  return String(least(BigInt(used) + greatest(BigInt(limit), BigInt(used), 1n), most));
}
