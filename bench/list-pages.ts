import type pg from 'pg';
import { apiKeysHandlers } from '../src/main/api-keys';
import { modelsHandlers } from '../src/main/models';
import { openDatabase } from '../src/main/postgres/database';
import type { OpenWorkspace } from '../src/main/workspace/open-workspace';
import { usersHandlers } from '../src/main/users';
import { createDatabase } from '../tests/support/postgres-databases';
import { clusterOfRun } from '../tests/support/postgres-cluster';
import { openTestSession } from '../tests/support/test-session';
import { millisecondsOf, print, quantile } from './measure';

const records = 100_000;
const repeats = 40;
const limitMs = 50;
const catalogue = 1_000;

/**
 * One page of the grids, measured in main around the handler: 100,000 users, keys and subscriptions, 1,000 models, and
 * 700,000 rollup rows of the last 30 days. Half of it all is about twenty of the models.
 */
export async function listPages(runFolder: string): Promise<void> {
  const cluster = await clusterOfRun(runFolder, 18);
  const database = await createDatabase(cluster, 'bench_lists');
  await fill(database.adminConfig);
  const opened = openDatabase({ config: database.config, readOnly: false });
  // Only what list handlers look at.
  const workspace = { database: opened, reportingTimeZone: 'UTC' } as OpenWorkspace;
  const call = { signal: new AbortController().signal, report: () => undefined, workspace };
  const page = { page: 0, pageSize: 25, search: '', filters: {} };
  const anyOf = (round: number): string => String((round * 2477) % records).padStart(6, '0');

  const users = (name: string, input: (round: number) => object) =>
    measure(`users: ${name}`, (round) => usersHandlers.list({ ...page, ...input(round) }, call));
  const keys = (name: string, input: (round: number) => object) =>
    measure(`API keys: ${name}`, (round) => apiKeysHandlers.list({ ...page, ...input(round) }, call));

  const models = (name: string, input: (round: number) => object) =>
    measure(`models: ${name}`, (round) => modelsHandlers.list({ ...page, ...input(round) }, call));
  const idsFrom = (first: number): string[] =>
    Array.from({ length: 25 }, (_, place) => `model-${String(first + place)}`);
  // What the list asks for after its rows are there.
  const figures = (name: string, ids: (round: number) => string[]) =>
    measure(`models: figures ${name}`, (round) => modelsHandlers.figures({ ids: ids(round) }, call), null);

  try {
    await users('first page by user name', () => ({}));
    await users('sorted by creation, newest first', () => ({
      sort: { field: 'createdAt', direction: 'desc' },
    }));
    await users('page 2,000 by user name', () => ({ page: 2_000 }));
    await users('one e-mail, exactly', (round) => ({ search: `person${anyOf(round)}@bench.invalid` }));
    await users('prefix', (round) => ({ search: `person${anyOf(round).slice(0, 4)}` }));
    await users('contains', (round) => ({ search: `son${anyOf(round).slice(0, 5)}` }));
    await keys('first page by name', () => ({}));
    await keys('sorted by creation, newest first', () => ({
      sort: { field: 'createdAt', direction: 'desc' },
    }));
    await keys('of one user', (round) => ({ filters: { userId: userId((round * 2477) % records) } }));
    await keys('prefix', (round) => ({ search: `key-${anyOf(round).slice(0, 4)}` }));
    await models('first page by name', () => ({}));
    await models('by price, dearest first', () => ({ sort: { field: 'inputPrice', direction: 'desc' } }));
    await models('with a capability', () => ({ filters: { capability: 'vision' } }));
    await models('contains', (round) => ({ search: `del ${String(round % 10)}` }));
    await figures('of the busiest page', (round) => idsFrom(1 + (round % 5)));
    await figures('of another page', (round) => idsFrom(100 + round));
    await keys('contains', (round) => ({ search: `y-${anyOf(round).slice(0, 5)}` }));
  } finally {
    await opened.close();
    await database.drop();
  }
}

async function measure(
  name: string,
  work: (round: number) => Promise<unknown>,
  limit: number | null = limitMs,
): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < repeats + 3; round += 1) {
    const milliseconds = await millisecondsOf(() => work(round));
    if (round >= 3) times.push(milliseconds);
  }
  print(`${name} (p95 of ${String(repeats)})`, quantile(times, 0.95), 'ms', limit ?? undefined);
}

const userId = (index: number): string => `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;

/** SQL for a model by a number: the first twenty as often as the others together. */
const someModel = (number: string): string =>
  `'model-' || (1 + abs(${number}) % CASE WHEN ${number} % 2 = 0 THEN 20 ELSE ${String(catalogue)} END)`;

async function fill(config: pg.ClientConfig): Promise<void> {
  const client = await openTestSession(config);
  await client.query(`
    INSERT INTO users (id, username, email, full_name, oauth_provider, oauth_id, created_at)
    SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'person' || lpad(n::text, 6, '0'),
      'person' || lpad(n::text, 6, '0') || '@bench.invalid', 'Person ' || md5(n::text), 'bench', n::text,
      now() - n * interval '1 minute'
    FROM generate_series(0, ${String(records - 1)}) AS n`);
  await client.query(
    `INSERT INTO models (id, name, provider, capabilities, input_price_per_1k)
    SELECT 'model-' || n, 'Model ' || n, 'p' || n % 9,
      CASE WHEN n % 3 = 0 THEN ARRAY['chat', 'vision'] ELSE ARRAY['chat'] END, n * 0.00001
    FROM generate_series(1, ${String(catalogue)}) AS n`,
  );
  await client.query(`
    INSERT INTO api_keys (user_id, name, key_hash, key_prefix, created_at)
    SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'key-' || lpad(n::text, 6, '0'),
      encode(sha256(n::text::bytea), 'hex'), 'sk-' || left(md5(n::text), 4), now() - n * interval '1 minute'
    FROM generate_series(0, ${String(records - 1)}) AS n`);
  await client.query(
    `INSERT INTO api_key_models (api_key_id, model_id) SELECT id, ${someModel('hashtext(name)')} FROM api_keys`,
  );
  await client.query(`
    INSERT INTO subscriptions (user_id, model_id, status)
    SELECT id, ${someModel('hashtext(username)')}, 'active' FROM users`);
  await client.query(`
    INSERT INTO litemaas_console.usage_daily
    SELECT CURRENT_DATE - day, id, NULL, user_id, NULL, ${someModel('hashtext(name) + day')}, 5, 0, 100, 20, 0.123, 100, 5
    FROM api_keys CROSS JOIN generate_series(0, 27, 4) AS day`);
  await client.query('VACUUM ANALYZE');
  await client.end();
}
