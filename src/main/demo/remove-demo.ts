import { AppError } from '../../shared/errors';
import type { ReportProgress } from '../../shared/progress';
import { writeAudit } from '../audit/write-audit';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { type MainText, say } from '../say';

interface RemoveDemoOptions {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/**
 * What the demo wrote, in the order that leaves nothing behind: usage first, so that the rollups go back to zero,
 * then records (people by their provider `demo`, the rest by `metadata.demo`), then what the triggers recorded.
 */
const steps: readonly (readonly [title: MainText, sql: string])[] = [
  [
    'demo.step.requests',
    `DELETE FROM public.usage_logs WHERE litellm_request_id LIKE 'demo-%' AND metadata @> '{"demo": true}'`,
  ],
  ['demo.step.apiKeys', `DELETE FROM public.api_keys WHERE metadata @> '{"demo": true}'`],
  [
    'demo.step.subscriptions',
    `DELETE FROM public.subscriptions WHERE user_id IN (SELECT id FROM public.users WHERE oauth_provider = 'demo')`,
  ],
  [
    'demo.step.history',
    `DELETE FROM litemaas_console.subscription_events
     WHERE user_id IN (SELECT id FROM public.users WHERE oauth_provider = 'demo')`,
  ],
  ['demo.step.teams', `DELETE FROM public.teams WHERE metadata @> '{"demo": true}'`],
  ['demo.step.people', `DELETE FROM public.users WHERE oauth_provider = 'demo'`],
  [
    'demo.step.prices',
    `DELETE FROM litemaas_console.model_prices
     WHERE source = 'demo' AND model_id IN (SELECT id FROM public.models WHERE metadata @> '{"demo": true}')`,
  ],
  ['demo.step.models', `DELETE FROM public.models WHERE metadata @> '{"demo": true}'`],
  ['demo.step.totals', `DELETE FROM litemaas_console.usage_daily WHERE requests = 0`],
  ['demo.step.totals', `DELETE FROM litemaas_console.usage_monthly WHERE requests = 0`],
  ['demo.step.totals', `DELETE FROM litemaas_console.usage_latency WHERE requests = 0`],
  ['demo.step.totals', `DELETE FROM litemaas_console.settings WHERE key = 'demo'`],
];

/**
 * Takes the demo out again, in one transaction. Records that were made in the workspace since then stay, unless
 * they belong to a demo person.
 * @throws AppError `not_found` when no demo is loaded.
 */
export async function removeDemo(
  workspace: OpenWorkspace,
  { signal, report }: RemoveDemoOptions,
): Promise<{ removedRows: number }> {
  return workspace.database.batch(signal, async (connection) => {
    const { client } = connection;
    const { rowCount } = await client.query(
      `SELECT FROM litemaas_console.settings WHERE key = 'demo' FOR UPDATE`,
    );
    if (rowCount === 0) throw new AppError('not_found', say('demo.notLoaded'));
    let removedRows = 0;
    for (const [index, [title, sql]] of steps.entries()) {
      report({ title: say('demo.remove'), detail: say(title), done: index, total: steps.length });
      removedRows += (await client.query(sql)).rowCount ?? 0;
    }
    await writeAudit(connection, workspace, [
      {
        action: 'DEMO_REMOVE',
        resourceType: 'DATABASE',
        resourceId: null,
        metadata: { removedRows },
      },
    ]);
    return { removedRows };
  });
}
