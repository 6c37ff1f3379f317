import type pg from 'pg';
import { auditHandlers } from '../src/main/audit';
import { openDatabase } from '../src/main/postgres/database';
import type { OpenWorkspace } from '../src/main/workspace/open-workspace';
import { clusterOfRun } from '../tests/support/postgres-cluster';
import { createDatabase } from '../tests/support/postgres-databases';
import { openTestSession } from '../tests/support/test-session';
import { millisecondsOf, print, quantile } from './measure';

const entries = 1_000_000;
const people = 1_000;
const repeats = 20;
const limitMs = 50;

/** The audit log at a million entries, nine tenths of them API access: pages and filters, measured in main. */
export async function auditLog(runFolder: string): Promise<void> {
  const cluster = await clusterOfRun(runFolder, 18);
  const database = await createDatabase(cluster, 'bench_audit');
  await fill(database.adminConfig);
  const opened = openDatabase({ config: database.config, readOnly: false });
  // Only what list handlers look at.
  const workspace = { database: opened, reportingTimeZone: 'UTC' } as OpenWorkspace;
  const call = { signal: new AbortController().signal, report: () => undefined, workspace };
  const page = { page: 0, pageSize: 25, search: '', filters: {} };
  const list = (name: string, input: (round: number) => object) =>
    measure(`audit log: ${name}`, (round) => auditHandlers.list({ ...page, ...input(round) }, call));
  const day = (round: number): string => `2026-0${String(1 + (round % 9))}-10`;

  try {
    await list('first page', () => ({}));
    await list('first page with API access', () => ({ filters: { withAccesses: true } }));
    await list('page 2,000', () => ({ page: 2_000 }));
    await list('one action of many entries', () => ({ filters: { action: 'API_ACCESS' } }));
    await list('a rare action', () => ({ filters: { action: 'USER_DELETE' } }));
    await list('one type', () => ({ filters: { resourceType: 'TEAM' } }));
    await list('one record', (round) => ({
      filters: { resourceType: 'USER', resourceId: personId(round), withAccesses: true },
    }));
    await list('one record without its type', (round) => ({ filters: { resourceId: personId(round) } }));
    await list('one user', (round) => ({ filters: { userId: personId(round) } }));
    await list('one day', (round) => ({ filters: { from: day(round), to: day(round) } }));
    await list('one batch', (round) => ({ filters: { batchId: `batch-${String(round)}` } }));
    await list('searched for an action', () => ({ search: 'user upd' }));
    await list('searched for the beginning of an id', (round) => ({ search: personId(round).slice(0, 35) }));
    await measure('audit log: what there is to filter by', () => auditHandlers.facets({}, call));
  } finally {
    await opened.close();
    await database.drop();
  }
}

async function measure(name: string, work: (round: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < repeats + 3; round += 1) {
    const milliseconds = await millisecondsOf(() => work(round));
    if (round >= 3) times.push(milliseconds);
  }
  print(`${name} (p95 of ${String(repeats)})`, quantile(times, 0.95), 'ms', limitMs);
}

const personId = (index: number): string =>
  `00000000-0000-4000-8000-${(index % people).toString(16).padStart(12, '0')}`;

async function fill(config: pg.ClientConfig): Promise<void> {
  const client = await openTestSession(config);
  await client.query(`
    INSERT INTO users (id, username, email, oauth_provider, oauth_id)
    SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'person' || n, n || '@bench.invalid',
      'bench', n::text
    FROM generate_series(0, ${String(people - 1)}) AS n`);
  await client.query(`
    INSERT INTO audit_logs (user_id, action, resource_type, resource_id, metadata, created_at)
    SELECT id,
      CASE WHEN n % 10 <> 0 THEN 'API_ACCESS' WHEN n % 100000 = 0 THEN 'USER_DELETE'
        ELSE (ARRAY['USER_UPDATE', 'TEAM_UPDATE', 'API_KEY_CREATE', 'SUBSCRIPTION_CREATE'])[1 + n / 10 % 4] END,
      CASE WHEN n % 10 <> 0 THEN 'API' WHEN n % 100000 = 0 THEN 'USER'
        ELSE (ARRAY['USER', 'TEAM', 'API_KEY', 'SUBSCRIPTION'])[1 + n / 10 % 4] END,
      id::text,
      CASE WHEN n % 10 = 0 THEN jsonb_build_object('batchId', 'batch-' || n % 1000,
        'operator', jsonb_build_object('osUser', 'root', 'host', 'bench')) ELSE '{}' END,
      '2026-11-22T00:00Z'::timestamptz - n / 3 * interval '1 minute'
    FROM generate_series(0, ${String(entries - 1)}) AS n
    CROSS JOIN LATERAL (
      SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n / 10 % ${String(people)}), 12, '0'))::uuid AS id
    ) AS person`);
  await client.query('VACUUM ANALYZE');
  await client.end();
}
