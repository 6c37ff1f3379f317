import { join } from 'node:path';
import type pg from 'pg';
import { readCredentials, superuserName } from '../../../src/main/local-server/credentials';
import { clusterLayout, serverLayout } from '../../../src/main/local-server/layout';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUnattributedUsage,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { createSimulator, type Simulator, userRow, emptyState } from '../../support/litellm';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { recordWrites, type RecordedTransaction, type RecordedWrites } from '../../support/recorded-writes';
import { type BrowserClient, openBrowserClient } from './browser-client';

/** A call of one procedure and what it must answer. */
export type Cases = Readonly<Record<string, () => Promise<void>>>;

/** What the cases share. They run in order: later ones stand on earlier ones. */
export let client: BrowserClient;
/** A connection of the test's own to the local database, once it is there. */
export let sql: pg.Client;
let superuser: pg.Client;
let recorded: RecordedWrites | null = null;
export let simulator: Simulator;
export let other: TestDatabase;
export const known: Record<string, string> = {};
export const id = (name: string): string => known[name] ?? `no ${name}`;

export const november = { from: '2026-11-01', to: '2026-11-30' };
export const page = { filters: {} };
export const figures = {
  requests: '2',
  errors: '1',
  inputTokens: '300',
  outputTokens: '30',
  cost: '0.75',
  averageLatencyMs: 150,
};

export async function openWorld(): Promise<void> {
  const state = emptyState();
  for (const user of [
    userRow({ user_id: 'default_user_id' }),
    userRow({ user_id: 'remote', user_email: 'remote@example.com' }),
  ]) {
    state.users.set(user.user_id, user);
  }
  [client, simulator, other] = await Promise.all([
    openBrowserClient('contract-test', { PGHOST: 'discovered.example.org', PGPORT: '6001' }),
    createSimulator({ state }),
    createTestDatabase(),
  ]);
}

export async function closeWorld(): Promise<void> {
  await client.close();
  await simulator.close();
  await other.drop();
}

/** Connects to the local database by its connection string with password. */
export async function connectSql(connectionString: string): Promise<void> {
  sql = await openTestSession({ connectionString });
}

/** Records from now on what consoles write to the local database. Migrations refuse what others hang on its tables. */
export async function startRecording(): Promise<void> {
  const { current } = serverLayout(join(client.dataFolder, 'postgres'));
  const { superuserPassword: password } = (await readCredentials(clusterLayout(current).credentials)) ?? {};
  const { host, port, database = '' } = sql;
  superuser = await openTestSession({ host, port, database, user: superuserName, password });
  recorded = await recordWrites(superuser);
}

/** The table that holds the usage log of the month after this one. */
export function nextMonthsPartition(): string {
  const now = new Date();
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  return `usage_logs_${next.toISOString().slice(0, 7).replace('-', '_')}`;
}

/** Before the local server is stopped. */
export async function disconnectSql(): Promise<void> {
  recorded = null;
  await superuser.end();
  await sql.end();
}

/** What was written to the local database since the last time; nothing while it is not there. */
export async function takeWrites(): Promise<RecordedTransaction[]> {
  return (await recorded?.take()) ?? [];
}

export async function fillDatabase(): Promise<void> {
  const ana = await insertUser(sql, { username: 'ana', email: 'ana@example.com', max_budget: '0' });
  const team = await insertTeam(sql, {
    name: 'Crew',
    alias: 'crew',
    created_by: ana.id,
    allowed_models: ['gpt'],
  });
  await insertTeamMember(sql, { team_id: team.id, user_id: ana.id, role: 'admin' });
  await insertModel(sql, { id: 'gpt', name: 'GPT' });
  const subscription = await insertSubscription(sql, {
    user_id: ana.id,
    model_id: 'gpt',
    team_id: team.id,
    quota_requests: null,
  });
  const key = await insertApiKey(sql, {
    user_id: ana.id,
    name: 'laptop',
    value: 'sk-contract-test-key',
    team_id: team.id,
    subscription_id: subscription.id,
  });
  await insertApiKeyModel(sql, { api_key_id: key.id, model_id: 'gpt' });
  Object.assign(known, { ana: ana.id, team: team.id, subscription: subscription.id, key: key.id });
  const request = { subscription_id: subscription.id, api_key_id: key.id, team_id: team.id, model_id: 'gpt' };
  await insertUsageLog(sql, {
    ...request,
    created_at: '2026-11-05T10:00:00Z',
    request_tokens: 100,
    response_tokens: 10,
    input_cost: '0.25',
    output_cost: '0',
    latency_ms: 100,
  });
  await insertUsageLog(sql, {
    ...request,
    created_at: '2026-11-06T10:00:00Z',
    request_tokens: 200,
    response_tokens: 20,
    input_cost: '0.25',
    output_cost: '0.25',
    latency_ms: 200,
    status_code: 500,
  });
  await insertUnattributedUsage(sql, {
    model_id: 'stray',
    created_at: '2025-01-01T00:00:00Z',
    input_cost: '1.5',
  });
}
