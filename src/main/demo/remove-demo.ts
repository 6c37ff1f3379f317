import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { AppError } from '../../shared/errors';
import type { ReportProgress } from '../../shared/progress';
import { recordChange } from '../changes/record-change';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { type MainText, say } from '../kernel/say';
import { from, table } from '../postgres/relations';

interface RemoveDemoOptions {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

const loadedDemo = z.strictObject({ loadedAt: z.string().nullable() });

type Step = readonly [title: MainText, statement: SQL, does?: 'keeps'];

/**
 * What the demo wrote, in the order that leaves nothing behind: usage first, so that the rollups go back to zero,
 * then records (people by their provider `demo`, the rest by `metadata.demo`), then what the triggers recorded.
 * Once the demo's people are gone, what still refers to its teams and models is the workspace's own: those stay
 * (with their prices) and only lose the label.
 */
const steps: readonly Step[] = [
  [
    'demo.step.requests',
    sql`DELETE FROM ${table('usage_logs')} WHERE litellm_request_id LIKE 'demo-%' AND metadata @> '{"demo": true}'`,
  ],
  ['demo.step.apiKeys', sql`DELETE FROM ${table('api_keys')} WHERE metadata @> '{"demo": true}'`],
  [
    'demo.step.subscriptions',
    sql`DELETE FROM ${table('subscriptions')} WHERE user_id IN (SELECT id FROM ${from('users')} WHERE oauth_provider = 'demo')`,
  ],
  [
    'demo.step.history',
    sql`DELETE FROM ${table('subscription_events')}
     WHERE user_id IN (SELECT id FROM ${from('users')} WHERE oauth_provider = 'demo')`,
  ],
  ['demo.step.people', sql`DELETE FROM ${table('users')} WHERE oauth_provider = 'demo'`],
  [
    'demo.step.teams',
    sql`UPDATE ${table('teams')} AS t SET metadata = t.metadata - 'demo'
     WHERE t.metadata @> '{"demo": true}' AND (
       EXISTS (SELECT FROM ${from('team_members', 'm')} WHERE m.team_id = t.id)
       OR EXISTS (SELECT FROM ${from('api_keys', 'k')} WHERE k.team_id = t.id)
       OR EXISTS (SELECT FROM ${from('subscriptions', 's')} WHERE s.team_id = t.id)
       OR EXISTS (SELECT FROM ${from('litellm_objects', 'o')} WHERE o.kind = 'team' AND o.local_id = t.id::text))`,
    'keeps',
  ],
  ['demo.step.teams', sql`DELETE FROM ${table('teams')} WHERE metadata @> '{"demo": true}'`],
  [
    'demo.step.models',
    sql`UPDATE ${table('models')} AS m SET metadata = m.metadata - 'demo'
     WHERE m.metadata @> '{"demo": true}' AND (
       EXISTS (SELECT FROM ${from('api_key_models', 'k')} WHERE k.model_id = m.id)
       OR EXISTS (SELECT FROM ${from('subscriptions', 's')} WHERE s.model_id = m.id)
       OR EXISTS (SELECT FROM ${from('litellm_objects', 'o')} WHERE o.kind = 'model' AND o.local_id = m.id))`,
    'keeps',
  ],
  [
    'demo.step.prices',
    sql`DELETE FROM ${table('model_prices')}
     WHERE source = 'demo' AND model_id IN (SELECT id FROM ${from('models')} WHERE metadata @> '{"demo": true}')`,
  ],
  ['demo.step.models', sql`DELETE FROM ${table('models')} WHERE metadata @> '{"demo": true}'`],
  ['demo.step.totals', sql`DELETE FROM ${table('usage_daily')} WHERE requests = 0`],
  ['demo.step.totals', sql`DELETE FROM ${table('usage_monthly')} WHERE requests = 0`],
  ['demo.step.totals', sql`DELETE FROM ${table('usage_latency')} WHERE requests = 0`],
  ['demo.step.totals', sql`DELETE FROM ${table('settings')} WHERE key = 'demo'`],
];

/**
 * Takes the demo out again, in one transaction. Records that were made in the workspace since then stay, unless
 * they belong to a demo person; so do the demo's teams and models that those records or a linked LiteLLM use.
 * @throws AppError `not_found` when no demo is loaded.
 */
export async function removeDemo(
  workspace: OpenWorkspace,
  { signal, report }: RemoveDemoOptions,
): Promise<{ removedRows: number }> {
  return workspace.database.batch(signal, async (connection) => {
    const [found] = await connection.select(
      loadedDemo,
      sql`SELECT value ->> 'loadedAt' AS "loadedAt" FROM ${from('settings')} WHERE key = 'demo' FOR UPDATE`,
    );
    if (found === undefined) throw new AppError('not_found', say('demo.notLoaded'));
    let removedRows = 0;
    let keptRows = 0;
    for (const [index, [title, statement, does]] of steps.entries()) {
      report({ title: say('demo.remove'), detail: say(title), done: index, total: steps.length });
      const rows = await connection.run(statement);
      if (does === 'keeps') keptRows += rows;
      else removedRows += rows;
    }
    await recordChange(connection, workspace, {
      action: 'DEMO_REMOVE',
      id: 'demo',
      before: found,
      after: null,
      facts: { removedRows, keptRows },
    });
    return { removedRows };
  });
}
