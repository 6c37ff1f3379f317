import { AppError } from '../../shared/errors';
import type { ReportProgress } from '../../shared/progress';
import { writeAudit } from '../audit/write-audit';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { type MainText, say } from '../say';

interface RemoveDemoOptions {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

type Step = readonly [title: MainText, sql: string, does?: 'keeps'];

/**
 * What the demo wrote, in the order that leaves nothing behind: usage first, so that the rollups go back to zero,
 * then records (people by their provider `demo`, the rest by `metadata.demo`), then what the triggers recorded.
 * Once the demo's people are gone, what still refers to its teams and models is the workspace's own: those stay
 * (with their prices) and only lose the label.
 */
const steps: readonly Step[] = [
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
  ['demo.step.people', `DELETE FROM public.users WHERE oauth_provider = 'demo'`],
  [
    'demo.step.teams',
    `UPDATE public.teams t SET metadata = t.metadata - 'demo'
     WHERE t.metadata @> '{"demo": true}' AND (
       EXISTS (SELECT FROM public.team_members m WHERE m.team_id = t.id)
       OR EXISTS (SELECT FROM public.api_keys k WHERE k.team_id = t.id)
       OR EXISTS (SELECT FROM public.subscriptions s WHERE s.team_id = t.id)
       OR EXISTS (SELECT FROM litemaas_console.litellm_objects o WHERE o.kind = 'team' AND o.local_id = t.id::text))`,
    'keeps',
  ],
  ['demo.step.teams', `DELETE FROM public.teams WHERE metadata @> '{"demo": true}'`],
  [
    'demo.step.models',
    `UPDATE public.models m SET metadata = m.metadata - 'demo'
     WHERE m.metadata @> '{"demo": true}' AND (
       EXISTS (SELECT FROM public.api_key_models k WHERE k.model_id = m.id)
       OR EXISTS (SELECT FROM public.subscriptions s WHERE s.model_id = m.id)
       OR EXISTS (SELECT FROM litemaas_console.litellm_objects o WHERE o.kind = 'model' AND o.local_id = m.id))`,
    'keeps',
  ],
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
 * they belong to a demo person; so do the demo's teams and models that those records or a linked LiteLLM use.
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
    let keptRows = 0;
    for (const [index, [title, sql, does]] of steps.entries()) {
      report({ title: say('demo.remove'), detail: say(title), done: index, total: steps.length });
      const rows = (await client.query(sql)).rowCount ?? 0;
      if (does === 'keeps') keptRows += rows;
      else removedRows += rows;
    }
    await writeAudit(connection, workspace, [
      {
        action: 'DEMO_REMOVE',
        resourceType: 'DATABASE',
        resourceId: null,
        metadata: { removedRows, keptRows },
      },
    ]);
    return { removedRows };
  });
}
