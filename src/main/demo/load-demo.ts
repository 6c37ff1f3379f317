import { sql } from 'drizzle-orm';
import { AppError } from '../../shared/errors';
import type { ResultOf } from '../../shared/contract/index';
import type { demoContract } from '../../shared/contract/demo';
import type { ReportProgress } from '../../shared/progress';
import { recordChange } from '../changes/record-change';
import { analyzeTables } from '../postgres/analyze-tables';
import { importUsage } from '../usage-log/import-usage';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { findObstacle } from './demo-status';
import { type DemoModel, readDemoModels } from './models';
import { buildDemoRecords, type DemoRecords } from './records';
import { readTrace, type TraceRequest } from './trace';
import { demoUsage } from './usage';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from, table } from '../postgres/relations';

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
    const obstacle = await findObstacle(connection);
    if (obstacle !== null) {
      throw new AppError('conflict', say('demo.notEmpty', { obstacle }), {
        hint: say('demo.notEmptyHint'),
      });
    }
    report({ title, detail: say('demo.records') });
    await insertRecords(connection, models, records, now);
    const usage = demoUsage(trace, records, models, now);
    await importUsage(connection.client, reporting(usage, trace, report), { countUsage: true, signal });
    await connection.run(
      sql`UPDATE ${table('api_keys')} AS key SET last_used_at = used.at
       FROM (SELECT api_key_id, max(created_at) AS at FROM ${from('usage_logs')} GROUP BY api_key_id) AS used
       WHERE key.id = used.api_key_id`,
    );
    await addSpend(connection);
    const counts = {
      users: records.users.length,
      teams: records.teams.length,
      subscriptions: records.subscriptions.length,
      apiKeys: records.keys.length,
      requests: trace.length,
    };
    const loadedAt = now.toISOString();
    await connection.run(sql`
      INSERT INTO ${table('settings')} (key, value) VALUES ('demo', ${JSON.stringify({ loadedAt, ...counts })})`);
    await recordChange(connection, workspace, {
      action: 'DEMO_LOAD',
      id: 'demo',
      before: null,
      after: { loadedAt },
      facts: counts,
    });
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
  { run }: Connection,
  models: readonly DemoModel[],
  records: DemoRecords,
  now: Date,
): Promise<void> {
  await run(
    sql`INSERT INTO ${table('models')} (id, name, provider, litellm_provider, capabilities, context_length, max_tokens,
       input_price_per_1k, output_price_per_1k, supports_function_calling, supports_vision, metadata)
     SELECT id, id, provider, provider, capabilities, "contextLength", "maxTokens", "inputPricePer1k",
       "outputPricePer1k", "functionCalling", vision, '{"demo": true}'
     FROM jsonb_to_recordset(${JSON.stringify(models)}::jsonb) AS row(id text, provider text, capabilities text[], "contextLength" int,
       "maxTokens" int, "inputPricePer1k" numeric, "outputPricePer1k" numeric, "functionCalling" bool, vision bool)`,
  );
  await run(
    sql`INSERT INTO ${table('model_prices')} (model_id, valid_from, input_price_per_token, output_price_per_token, source)
     SELECT id, ${now.toISOString()}::timestamptz - interval '90 days', "inputPricePerToken", "outputPricePerToken", 'demo'
     FROM jsonb_to_recordset(${JSON.stringify(models)}::jsonb) AS row(id text, "inputPricePerToken" numeric, "outputPricePerToken" numeric)`,
  );
  await run(
    sql`INSERT INTO ${table('users')} (id, username, email, full_name, oauth_provider, oauth_id, roles, is_active, max_budget,
       last_login_at, created_at)
     SELECT id, username, email, full_name, 'demo', id::text, roles, is_active, max_budget, last_login_at, created_at
     FROM jsonb_populate_recordset(null::${table('users')}, ${JSON.stringify(records.users)}::jsonb)`,
  );
  await run(
    sql`INSERT INTO ${table('teams')} (id, name, alias, description, created_by, max_budget, allowed_models, metadata, is_active, created_at)
     SELECT id, name, alias, description, created_by, max_budget, allowed_models, '{"demo": true}', is_active, created_at
     FROM jsonb_populate_recordset(null::${table('teams')}, ${JSON.stringify(records.teams)}::jsonb)`,
  );
  await run(
    sql`INSERT INTO ${table('team_members')} (team_id, user_id, role)
     SELECT team_id, user_id, role FROM jsonb_populate_recordset(null::${table('team_members')}, ${JSON.stringify(records.members)}::jsonb)`,
  );
  await run(
    sql`INSERT INTO ${table('subscriptions')} (id, user_id, model_id, team_id, status, quota_requests, quota_tokens, max_budget,
       expires_at, created_at)
     SELECT id, user_id, model_id, team_id, status, quota_requests, quota_tokens, max_budget, expires_at, created_at
     FROM jsonb_populate_recordset(null::${table('subscriptions')}, ${JSON.stringify(records.subscriptions)}::jsonb)`,
  );
  await run(
    sql`INSERT INTO ${table('api_keys')} (id, user_id, team_id, subscription_id, name, key_hash, key_prefix, max_budget, is_active,
       expires_at, revoked_at, created_at, metadata)
     SELECT id, user_id, team_id, subscription_id, name, key_hash, key_prefix, max_budget, is_active, expires_at,
       revoked_at, created_at, '{"demo": true}'
     FROM jsonb_populate_recordset(null::${table('api_keys')}, ${JSON.stringify(records.keys)}::jsonb)`,
  );
  await run(
    sql`INSERT INTO ${table('api_key_models')} (api_key_id, model_id)
     SELECT id, jsonb_array_elements_text(model_ids)
     FROM jsonb_to_recordset(${JSON.stringify(records.keys)}::jsonb) AS row(id uuid, model_ids jsonb)`,
  );
}

/** Spend as LiteLLM would show it: what was used, by key, subscription and team. */
async function addSpend({ run }: Connection): Promise<void> {
  for (const [relation, name] of [
    ['api_keys', 'api_key_id'],
    ['subscriptions', 'subscription_id'],
    ['teams', 'team_id'],
  ] as const) {
    const column = sql.identifier(name);
    await run(
      sql`UPDATE ${table(relation)} AS record SET current_spend = used.cost
       FROM (SELECT ${column} AS id, sum(cost) AS cost FROM ${from('usage_daily')} GROUP BY ${column}) AS used
       WHERE record.id = used.id`,
    );
  }
}
