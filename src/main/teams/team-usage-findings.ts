import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { decimal } from '../../shared/contract/values';
import type { ChangedRecord } from '../changes/change';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const shownExamples = 20;
const leavingRow = z.strictObject({
  requests: z.int(),
  cost: decimal.nullable(),
  keys: z.int(),
  subscriptions: z.int(),
});

/** What stays recorded of teams that are deleted, which keys end with them, and which subscriptions lose them. */
export async function teamUsageFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const leaving = changed.filter(({ way }) => way === 'delete');
  if (leaving.length === 0) return [];
  const ids = sql.param(leaving.map(({ id }) => id));
  const [row] = await select(
    leavingRow,
    sql`
    SELECT coalesce(sum(m.requests), 0)::float8 AS requests, trim_scale(sum(m.cost))::text AS cost,
      (SELECT count(*)::int FROM ${from('api_keys', 'k')} WHERE k.team_id = ANY(${ids}::uuid[]) AND k.is_active) AS keys,
      (SELECT count(*)::int FROM ${from('subscriptions', 's')} WHERE s.team_id = ANY(${ids}::uuid[])) AS subscriptions
    FROM ${from('usage_monthly', 'm')} WHERE m.team_id = ANY(${ids}::uuid[])`,
  );
  const { requests = 0, cost = null, keys = 0, subscriptions = 0 } = row ?? {};
  const examples = leaving.slice(0, shownExamples).map(({ id, label }) => ({ id, label }));
  const finding = (severity: ChangeFinding['severity'], text: string): ChangeFinding => ({
    severity,
    text,
    count: leaving.length,
    examples,
  });
  return [
    ...(keys > 0 ? [finding('warning', say('changes.teams.keysEnd', { count: keys }))] : []),
    ...(subscriptions > 0
      ? [finding('info', say('changes.teams.subscriptionsStay', { count: subscriptions }))]
      : []),
    ...(requests > 0
      ? [finding('info', say('changes.users.usageStays', { count: requests, cost: cost ?? '0' }))]
      : []),
  ];
}
