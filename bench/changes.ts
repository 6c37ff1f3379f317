import { nobodyIsTold } from '../tests/support/nobody-is-told';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { untoldOf } from '../src/main/changes/outbox';
import { versionOf } from '../src/main/changes/record-table';
import { createChangesHandlers } from '../src/main/changes/index';
import { type Connection, openDatabase } from '../src/main/postgres/database';
import { inDialect, ownDialect } from '../src/main/postgres/relations';
import { usersHandlers } from '../src/main/users/index';
import { usersChange } from '../src/main/users/users-change';
import { userRows } from '../src/main/users/user-rows';
import { usersRecord } from '../src/main/users/users-record';
import type { OpenWorkspace } from '../src/main/workspace/open-workspace';
import type { ChangeResult } from '../src/shared/contract/changes';
import type { UserChanges } from '../src/shared/contract/users';
import { sql } from 'drizzle-orm';
import { clusterOfRun } from '../tests/support/postgres-cluster';
import { createDatabase } from '../tests/support/postgres-databases';
import { openTestSession } from '../tests/support/test-session';
import { millisecondsOf, print, quantile } from './measure';

const records = 10_000;
const listed = 100_000;
const rounds = 3;
const repeats = 30;
const pageSize = 25;

/**
 * The change kernel with 10,000 users who have a key and a subscription each: in bulk beside one hand-written statement,
 * one by one, beside a writer of usage; and what its columns cost the list.
 */
export async function changes(runFolder: string): Promise<void> {
  const cluster = await clusterOfRun(runFolder, 18);
  const database = await createDatabase(cluster, 'bench_changes');
  const client = await openTestSession(database.adminConfig);
  await fill(client);
  const opened = openDatabase({ config: database.config, readOnly: false });
  const kernel = kernelOf({
    database: opened,
    reportingTimeZone: 'UTC',
    // Only what changes look at.
    profile: { operatorUserId: null },
    dataChanged: () => undefined,
  } as OpenWorkspace);
  try {
    await besideOneStatement(kernel, client);
    await oneByOne(kernel);
    await withBadRows(kernel, client);
    await besideWriter(kernel, client, database.adminConfig);
    await listBesideItself(client);
  } finally {
    await opened.close();
    await client.end();
    await database.drop();
  }
}

interface Kernel {
  /** Previews a change of all users, and answers how to run it. */
  plan(changes: UserChanges): Promise<() => Promise<ChangeResult>>;
  planOne(id: string, changes: UserChanges): Promise<() => Promise<ChangeResult>>;
}

function kernelOf(workspace: OpenWorkspace): Kernel {
  const { run } = createChangesHandlers([usersChange], [], nobodyIsTold);
  const call = { signal: new AbortController().signal, report: () => undefined, workspace };
  const runOf = (plan: string) => () => run({ plan, reason: 'measured' }, call);
  return {
    async plan(wanted) {
      const filter = { page: 0, pageSize, search: 'bulk', filters: {} };
      const { plan } = await usersHandlers.previewUpdate({ targets: { filter }, changes: wanted }, call);
      return runOf(plan);
    },
    async planOne(id, wanted) {
      const { version } = await usersHandlers.get({ id }, call);
      const targets = { selected: [{ id, version }] };
      const { plan } = await usersHandlers.previewUpdate({ targets, changes: wanted }, call);
      return runOf(plan);
    },
  };
}

/** What a hand would write: one UPDATE with the journal and the audit trail of it, in one statement. */
const byHand = `
  WITH old AS (
    SELECT id, rpm_limit FROM users WHERE username LIKE 'bulk%' ORDER BY id FOR NO KEY UPDATE
  ), changed AS (
    UPDATE users AS u SET rpm_limit = $1::bigint FROM old WHERE u.id = old.id
    RETURNING u.id, jsonb_build_object('rpmLimit', old.rpm_limit::text) AS before,
      jsonb_build_object('rpmLimit', u.rpm_limit::text) AS after
  ), journal AS (
    INSERT INTO litemaas_console.changes (batch_id, action, record_kind, record_id, before, after, reason, actor)
    SELECT $2::uuid, 'USER_UPDATE', 'user', id::text, before, after, 'measured', 'bench' FROM changed
  )
  INSERT INTO audit_logs (action, resource_type, resource_id, metadata)
  SELECT 'USER_UPDATE', 'USER', id::text,
    jsonb_build_object('before', before, 'after', after, 'reason', 'measured', 'batchId', $2)
  FROM changed`;

async function besideOneStatement(kernel: Kernel, client: pg.Client): Promise<void> {
  const times = { preview: [] as number[], run: [] as number[], hand: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    let run: () => Promise<unknown> = () => Promise.resolve();
    const preview = await millisecondsOf(async () => {
      run = await kernel.plan({ rpmLimit: String(1_000 + round) });
    });
    const ran = await millisecondsOf(run);
    const hand = await millisecondsOf(() =>
      client.query(byHand, [2_000 + round, `00000000-0000-4000-8000-${String(round).padStart(12, '0')}`]),
    );
    // The first round warms caches and plans.
    if (round === 0) continue;
    times.preview.push(preview);
    times.run.push(ran);
    times.hand.push(hand);
  }
  print('10,000 users: preview', quantile(times.preview) / 1000, 's');
  print('10,000 users: run', quantile(times.run) / 1000, 's', 5);
  print('  beside it, one UPDATE with journal and audit by hand', quantile(times.hand) / 1000, 's');
  print('  ratio', quantile(times.run) / quantile(times.hand), 'times', 3);
}

async function oneByOne(kernel: Kernel): Promise<void> {
  const times = { preview: [] as number[], run: [] as number[] };
  for (let round = 0; round < repeats + 3; round += 1) {
    let run: () => Promise<unknown> = () => Promise.resolve();
    const preview = await millisecondsOf(async () => {
      run = await kernel.planOne(userId(round), { rpmLimit: String(round) });
    });
    const ran = await millisecondsOf(run);
    if (round < 3) continue;
    times.preview.push(preview);
    times.run.push(ran);
  }
  print(`one user: read and previewed (p95 of ${String(repeats)})`, quantile(times.preview, 0.95), 'ms');
  print(`one user: run (p95 of ${String(repeats)})`, quantile(times.run, 0.95), 'ms');
}

async function withBadRows(kernel: Kernel, client: pg.Client): Promise<void> {
  await client.query(`
    CREATE FUNCTION refuse_some() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.username IN ('bulk000007', 'bulk005000', 'bulk009999') THEN RAISE EXCEPTION 'not %', NEW.username; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER refuse_some BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION refuse_some()`);
  const run = await kernel.plan({ rpmLimit: '5' });
  print('10,000 users of whom the database refuses three: run', (await millisecondsOf(run)) / 1000, 's');
  await client.query('DROP FUNCTION refuse_some() CASCADE');
}

/** Milliseconds after which a usage row that waits for a lock is counted instead. */
const longestWaitMs = 100;

/**
 * Single usage rows, each a transaction with its triggers, until `bench_stop` has a row. The server itself writes them and
 * looks at the clock: a writer in this process would wait for the kernel's own work.
 */
const writeUsage = `
  CREATE TABLE bench_stop ();
  CREATE PROCEDURE write_usage(label text) LANGUAGE plpgsql AS $$
  DECLARE
    started timestamptz;
    id uuid;
    longest double precision := 0;
    waited int := 0;
    total int := 0;
    milliseconds double precision;
  BEGIN
    WHILE NOT EXISTS (SELECT FROM bench_stop) LOOP
      total := total + 1;
      id := ('00000000-0000-4000-8000-' || lpad(to_hex(total * 7919 % ${String(records)}), 12, '0'))::uuid;
      started := clock_timestamp();
      BEGIN
        INSERT INTO usage_logs (subscription_id, api_key_id, model_id, request_tokens, response_tokens, status_code,
          litellm_request_id)
        VALUES (id, id, 'm', 100, 50, 200, label || total);
      EXCEPTION WHEN lock_not_available THEN
        waited := waited + 1;
      END;
      COMMIT;
      milliseconds := 1000 * extract(epoch FROM clock_timestamp() - started);
      longest := greatest(longest, milliseconds);
      PERFORM pg_sleep(0.001);
    END LOOP;
    DELETE FROM bench_stop;
    RAISE NOTICE '% % %', total, longest, waited;
  END $$`;

interface Written {
  readonly total: number;
  readonly longestMs: number;
  readonly waited: number;
}

/** Users are switched off and on again with their keys, and renamed, beside a writer of usage. */
async function besideWriter(kernel: Kernel, client: pg.Client, config: pg.ClientConfig): Promise<void> {
  await client.query(writeUsage);
  const writer = await openTestSession(config);
  /** Writes while the work goes on. */
  const writing = async (label: string, work: () => Promise<void>): Promise<Written> => {
    let said = '';
    writer.once('notice', (notice: { readonly message?: string }) => {
      said = notice.message ?? '';
    });
    const written = writer.query(`CALL write_usage('${label}')`);
    await work();
    await client.query('INSERT INTO bench_stop DEFAULT VALUES');
    await written;
    const [total = 0, longestMs = 0, waited = 0] = said.split(' ').map(Number);
    return { total, longestMs, waited };
  };
  try {
    await writer.query(`SET lock_timeout = ${String(longestWaitMs)}`);
    await writing('warming', () => pause(1_000));
    const quiet = await writing('alone', () => pause(5_000));
    const times: number[] = [];
    const busy = await writing('beside', async () => {
      for (const wanted of [{ isActive: false }, { isActive: true }, { fullName: 'Renamed' }]) {
        const run = await kernel.plan(wanted);
        times.push(await millisecondsOf(run));
      }
    });
    const [off = Number.NaN] = times;
    print('10,000 users switched off with 10,000 keys, beside a writer of usage: run', off / 1000, 's');
    print(`  ${String(quiet.total)} usage rows alone: longest`, quiet.longestMs, 'ms');
    print(
      `  ${String(busy.total)} usage rows beside previews and changes: longest`,
      busy.longestMs,
      'ms',
      100,
    );
    print(`  rows that waited ${String(longestWaitMs)} ms for a lock`, busy.waited, 'rows', 0);
    await client.query('TRUNCATE litemaas_console.outbox');
  } finally {
    await writer.end();
  }
}

/** A page of 100,000 users with and without what changes added to its rows, with and without news for LiteLLM. */
async function listBesideItself(client: pg.Client): Promise<void> {
  await client.query(
    `INSERT INTO users (username, email, oauth_provider, oauth_id)
     SELECT 'more' || n, 'more' || n || '@bench.invalid', 'bench', 'more' || n FROM generate_series(1, $1::int) AS n`,
    [listed - records],
  );
  await client.query('VACUUM ANALYZE');
  const page = Array.from({ length: pageSize }, (_, place) => userId(place));
  const { text: full, values } = await statementOf((connection) => userRows(connection, page));
  const added = [
    [versionOf(usersRecord, 'u'), 'version'],
    [untoldOf('user', sql`u.id`), 'untold'],
  ] as const;
  let bare = full;
  for (const [expression, name] of added) {
    const text = `, ${spelled(expression).text} AS ${name}`;
    if (!bare.includes(text)) throw new Error(`the list has no ${name} of this kind`);
    bare = bare.replace(text, '');
  }
  for (const news of [0, records]) {
    await client.query(
      `INSERT INTO litemaas_console.outbox (change_id, proxy_id, record_kind, record_id, fields)
       SELECT n, 'https://bench.invalid', 'user', '00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'), '{rpmLimit}'
       FROM generate_series(0, $1::int - 1) AS n`,
      [news],
    );
    await client.query('VACUUM ANALYZE litemaas_console.outbox');
    const times = { full: [] as number[], bare: [] as number[] };
    for (let round = 0; round < repeats + 4; round += 1) {
      // In turns: whoever comes second finds warmer caches.
      for (const which of round % 2 === 0 ? (['full', 'bare'] as const) : (['bare', 'full'] as const)) {
        const text = which === 'full' ? full : bare;
        const milliseconds = await millisecondsOf(() => client.query(text, values));
        if (round >= 4) times[which].push(milliseconds);
      }
    }
    print(`rows of a page of users, ${String(news)} wait for LiteLLM`, quantile(times.full), 'ms');
    print('  the same without version and untold', quantile(times.bare), 'ms');
  }
}

const dialect = new PgDialect();
const withoutBreaks = (text: string): string => text.replace(/\s+/g, ' ');

function spelled(statement: SQL): { readonly text: string; readonly values: unknown[] } {
  const { sql: text, params } = dialect.sqlToQuery(inDialect(statement, ownDialect));
  return { text: withoutBreaks(text), values: params };
}

/** What a reader sends; it gets no rows. */
async function statementOf(
  read: (connection: Connection) => Promise<unknown>,
): Promise<ReturnType<typeof spelled>> {
  const sent: ReturnType<typeof spelled>[] = [];
  const select = (_row: unknown, statement: SQL): Promise<never[]> => {
    sent.push(spelled(statement));
    return Promise.resolve([]);
  };
  await read({ select } as unknown as Connection);
  const [first] = sent;
  if (first === undefined) throw new Error('nothing was asked');
  return first;
}

const userId = (index: number): string => `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;

async function fill(client: pg.Client): Promise<void> {
  const id = `('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  const all = `generate_series(0, ${String(records - 1)}) AS n`;
  await client.query(`
    INSERT INTO models (id, name, provider) VALUES ('m', 'm', 'p');
    INSERT INTO users (id, username, email, oauth_provider, oauth_id, rpm_limit)
    SELECT ${id}, 'bulk' || lpad(n::text, 6, '0'), 'bulk' || n || '@bench.invalid', 'bench', n::text, 60 FROM ${all};
    INSERT INTO subscriptions (id, user_id, model_id, status, quota_requests, quota_tokens)
    SELECT ${id}, ${id}, 'm', 'active', NULL, NULL FROM ${all};
    INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix)
    SELECT ${id}, ${id}, 'key', encode(sha256(n::text::bytea), 'hex'), 'sk-' || left(md5(n::text), 4) FROM ${all};
    INSERT INTO users (username, email, oauth_provider, oauth_id, roles)
    VALUES ('keeper', 'keeper@bench.invalid', 'bench', 'keeper', '{admin}')`);
  await client.query('VACUUM ANALYZE');
}
