import type pg from 'pg';
import { AppError } from '../../shared/errors';
import type { ResultOf } from '../../shared/contract/index';
import type { demoContract } from '../../shared/contract/demo';
import type { ReportProgress } from '../../shared/progress';
import { writeAudit } from '../audit/write-audit';
import { analyzeTables } from '../postgres/analyze-tables';
import { importUsage } from '../usage/import-usage';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { findObstacle } from './demo-status';
import { type DemoModel, readDemoModels } from './models';
import { buildDemoRecords, type DemoRecords } from './records';
import { readTrace, type TraceRequest } from './trace';
import { demoUsage } from './usage';
import { say } from '../say';

export interface LoadDemoOptions {
  /** Holds `azure-llm-trace-2023.csv` and `model-prices.json`. */
  readonly demoFolder: string;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
  /** The usage ends here; the trace is stretched over the 30 days before. */
  readonly now: Date;
}

/**
 * Fills an empty workspace with demonstration data: invented people, real models with real prices, and the whole
 * real request trace. One transaction: cancelled or failed, nothing of it stays.
 * @throws AppError `conflict` when the workspace holds anything already.
 */
export async function loadDemo(
  workspace: OpenWorkspace,
  options: LoadDemoOptions,
): Promise<ResultOf<typeof demoContract.load>> {
  const { demoFolder, signal, report, now } = options;
  const title = say('demo.load');
  report({ title, detail: say('demo.readingTrace') });
  const models = await readDemoModels(demoFolder);
  const trace = await readTrace(demoFolder);
  const records = buildDemoRecords(models, now);

  const loaded = await workspace.database.batch(signal, async (connection) => {
    const { client } = connection;
    const obstacle = await findObstacle(client);
    if (obstacle !== null) {
      throw new AppError('conflict', say('demo.notEmpty', { obstacle }), {
        hint: say('demo.notEmptyHint'),
      });
    }
    report({ title, detail: say('demo.records') });
    await insertRecords(client, models, records, now);
    const usage = demoUsage(trace, records, models, now);
    await importUsage(client, reporting(usage, trace, report), { countUsage: true, signal });
    await client.query(
      `UPDATE public.api_keys AS key SET last_used_at = used.at
       FROM (SELECT api_key_id, max(created_at) AS at FROM public.usage_logs GROUP BY api_key_id) AS used
       WHERE key.id = used.api_key_id`,
    );
    await addSpend(client);
    const counts = {
      users: records.users.length,
      teams: records.teams.length,
      subscriptions: records.subscriptions.length,
      apiKeys: records.keys.length,
      requests: trace.length,
    };
    await client.query(`INSERT INTO litemaas_console.settings (key, value) VALUES ('demo', $1)`, [
      JSON.stringify({ loadedAt: now.toISOString(), ...counts }),
    ]);
    await writeAudit(connection, workspace, [
      {
        action: 'DEMO_LOAD',
        resourceType: 'DATABASE',
        resourceId: null,
        metadata: counts,
      },
    ]);
    return counts;
  });
  await analyzeTables(workspace.database, signal);
  return loaded;
}

function* reporting<T>(
  rows: Iterable<T>,
  trace: readonly TraceRequest[],
  report: ReportProgress,
): Generator<T> {
  let done = 0;
  for (const row of rows) {
    if (done % 1000 === 0) {
      report({ title: say('demo.load'), detail: say('demo.step.requests'), done, total: trace.length });
    }
    done += 1;
    yield row;
  }
}

async function insertRecords(
  client: pg.ClientBase,
  models: readonly DemoModel[],
  records: DemoRecords,
  now: Date,
): Promise<void> {
  await client.query(
    `INSERT INTO public.models (id, name, provider, litellm_provider, capabilities, context_length, max_tokens,
       input_price_per_1k, output_price_per_1k, supports_function_calling, supports_vision, metadata)
     SELECT id, id, provider, provider, capabilities, "contextLength", "maxTokens", "inputPricePer1k",
       "outputPricePer1k", "functionCalling", vision, '{"demo": true}'
     FROM jsonb_to_recordset($1::jsonb) AS row(id text, provider text, capabilities text[], "contextLength" int,
       "maxTokens" int, "inputPricePer1k" numeric, "outputPricePer1k" numeric, "functionCalling" bool, vision bool)`,
    [JSON.stringify(models)],
  );
  await client.query(
    `INSERT INTO litemaas_console.model_prices (model_id, valid_from, input_price_per_token, output_price_per_token, source)
     SELECT id, $2::timestamptz - interval '90 days', "inputPricePerToken", "outputPricePerToken", 'demo'
     FROM jsonb_to_recordset($1::jsonb) AS row(id text, "inputPricePerToken" numeric, "outputPricePerToken" numeric)`,
    [JSON.stringify(models), now.toISOString()],
  );
  await client.query(
    `INSERT INTO public.users (id, username, email, full_name, oauth_provider, oauth_id, roles, is_active, max_budget,
       last_login_at, created_at)
     SELECT id, username, email, full_name, 'demo', id::text, roles, is_active, max_budget, last_login_at, created_at
     FROM jsonb_populate_recordset(null::public.users, $1::jsonb)`,
    [JSON.stringify(records.users)],
  );
  await client.query(
    `INSERT INTO public.teams (id, name, alias, description, created_by, max_budget, allowed_models, metadata, is_active, created_at)
     SELECT id, name, alias, description, created_by, max_budget, allowed_models, '{"demo": true}', is_active, created_at
     FROM jsonb_populate_recordset(null::public.teams, $1::jsonb)`,
    [JSON.stringify(records.teams)],
  );
  await client.query(
    `INSERT INTO public.team_members (team_id, user_id, role)
     SELECT team_id, user_id, role FROM jsonb_populate_recordset(null::public.team_members, $1::jsonb)`,
    [JSON.stringify(records.members)],
  );
  await client.query(
    `INSERT INTO public.subscriptions (id, user_id, model_id, team_id, status, quota_requests, quota_tokens, max_budget,
       expires_at, created_at)
     SELECT id, user_id, model_id, team_id, status, quota_requests, quota_tokens, max_budget, expires_at, created_at
     FROM jsonb_populate_recordset(null::public.subscriptions, $1::jsonb)`,
    [JSON.stringify(records.subscriptions)],
  );
  await client.query(
    `INSERT INTO public.api_keys (id, user_id, team_id, subscription_id, name, key_hash, key_prefix, max_budget, is_active,
       expires_at, revoked_at, created_at, metadata)
     SELECT id, user_id, team_id, subscription_id, name, key_hash, key_prefix, max_budget, is_active, expires_at,
       revoked_at, created_at, '{"demo": true}'
     FROM jsonb_populate_recordset(null::public.api_keys, $1::jsonb)`,
    [JSON.stringify(records.keys)],
  );
  await client.query(
    `INSERT INTO public.api_key_models (api_key_id, model_id)
     SELECT id, jsonb_array_elements_text(model_ids)
     FROM jsonb_to_recordset($1::jsonb) AS row(id uuid, model_ids jsonb)`,
    [JSON.stringify(records.keys)],
  );
}

/** Spend as LiteLLM would show it: what was used, by key, subscription and team. */
async function addSpend(client: pg.ClientBase): Promise<void> {
  for (const [table, column] of [
    ['api_keys', 'api_key_id'],
    ['subscriptions', 'subscription_id'],
    ['teams', 'team_id'],
  ] as const) {
    await client.query(
      `UPDATE public.${table} AS record SET current_spend = used.cost
       FROM (SELECT ${column} AS id, sum(cost) AS cost FROM litemaas_console.usage_daily GROUP BY ${column}) AS used
       WHERE record.id = used.id`,
    );
  }
}
