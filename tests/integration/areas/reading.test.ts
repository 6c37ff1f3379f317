import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSession } from '../../support/test-session';
import { type AreaCalls, csvRecords, openAreaCalls } from './area-calls';

let areas: AreaCalls;

beforeAll(async () => {
  areas = await openAreaCalls({ access: 'read-only' });
  await areas.client.query(`
    INSERT INTO users (username, email, oauth_provider, oauth_id)
    SELECT 'mass-' || n, 'mass-' || n || '@example.com', 'test', 'mass-' || n FROM generate_series(1, 2400) AS n`);
  await areas.client.query(`
    INSERT INTO api_keys (user_id, name, key_hash, key_prefix)
    SELECT id, 'key of ' || right(oauth_id, -5), 'hash ' || oauth_id, 'sk-mass' FROM users;
    INSERT INTO models (id, name, provider) VALUES ('gpt', 'GPT', 'openai');
    INSERT INTO subscriptions (user_id, model_id, status) SELECT id, 'gpt', 'active' FROM users`);
});
afterAll(() => areas.close());

/** What the console's own connections are doing. */
async function activity(): Promise<{ state: string; query: string }[]> {
  const { rows } = await areas.client.query<{ state: string; query: string }>(
    `SELECT state, query FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'litemaas-console'`,
  );
  return rows;
}

describe('reading', () => {
  it('works in a read-only workspace, exports included', async () => {
    const answer = await areas.ask('users', 'list', { filters: {}, search: 'mass-240' });
    expect(answer.rows.map((row) => row.username)).toEqual(['mass-240', 'mass-2400']);
    const { text } = await areas.download('users', { filters: {}, search: 'mass-24' });
    expect(csvRecords(text)).toHaveLength(12);
    expect(await areas.ask('overview', 'counts', {})).toMatchObject({ users: { active: 2400, all: 2400 } });
  });

  it('finds keys and subscriptions of more users than fit a list of ids', async () => {
    const sort = { field: 'user', direction: 'desc' } as const;
    for (const area of ['apiKeys', 'subscriptions'] as const) {
      const answer = await areas.ask(area, 'list', { filters: {}, search: 'MASS-', sort, pageSize: 2 });
      expect(answer.rows.map((row) => row.user.label)).toEqual(['mass-999', 'mass-998']);
      // A lower bound: counting on would compare row by row.
      expect(answer).toMatchObject({ total: 1000, totalIsExact: false });
      expect(await areas.ask(area, 'list', { filters: {}, search: 'mass-11' })).toMatchObject({ total: 111 });
      expect(csvRecords((await areas.download(area, { filters: {}, search: 'mass' })).text)).toHaveLength(
        2400,
      );
    }
    const { options } = await areas.ask('apiKeys', 'options', { search: 'mass' });
    expect(options[0]?.label).toBe('key of 1');
  });

  it('says when a total is a lower bound', async () => {
    expect(await areas.ask('users', 'list', { filters: {}, search: 'ma' })).toMatchObject({
      total: 1000,
      totalIsExact: false,
    });
    expect(await areas.ask('users', 'list', { filters: {}, search: 'mas' })).toMatchObject({
      total: 2400,
      totalIsExact: true,
    });
  });

  it('writes an export of many batches whole and in order', async () => {
    const { text } = await areas.download('users', {
      filters: {},
      sort: { field: 'createdAt', direction: 'desc' },
    });
    expect(new Set(csvRecords(text).map((record) => record['id'])).size).toBe(2400);
  });

  it('stops the running query in PostgreSQL when the call is cancelled', async () => {
    const blocker = await blockUsers();
    const controller = new AbortController();
    const answer = areas
      .ask('users', 'list', { filters: {} }, controller.signal)
      .catch((error: unknown) => error);
    await untilActive('FROM public.users');
    const startedAt = performance.now();
    controller.abort();
    expect(await answer).toMatchObject({ code: 'cancelled' });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect((await activity()).filter((one) => one.state === 'active')).toEqual([]);
    await blocker.release();
    // The connection was given back in order: the next call finds it working.
    expect(await areas.ask('users', 'list', { filters: {}, pageSize: 1 })).toMatchObject({ total: 2400 });
  });

  it('does not begin when the call was cancelled before', async () => {
    await expect(
      areas.ask(
        'usage',
        'totals',
        { range: { from: '2026-11-01', to: '2026-11-02' }, filters: {} },
        AbortSignal.abort(),
      ),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('ends an export between batches when it is cancelled, and frees its connection', async () => {
    const content = await areas.fileOf('users', { filters: {} });
    const controller = new AbortController();
    let received = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        received += chunk.length;
        setTimeout(done, 5);
      },
    });
    const written = content.write(slow, controller.signal).catch((error: unknown) => error);
    while (received < 50_000) await delay(5);
    controller.abort();
    expect(await written).toMatchObject({ code: 'cancelled' });
    expect(slow.destroyed).toBe(true);
    expect((await activity()).filter((one) => one.state !== 'idle')).toEqual([]);
  });

  it('ends an export whose reader went away', async () => {
    const content = await areas.fileOf('users', { filters: {} });
    const target = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        done(new Error('the disk is full'));
      },
    });
    await expect(content.write(target, new AbortController().signal)).rejects.toThrow('the disk is full');
    expect((await activity()).filter((one) => one.state !== 'idle')).toEqual([]);
  });
});

/** Holds a lock that reading users waits for. */
async function blockUsers(): Promise<{ release(): Promise<void> }> {
  const blocker = await openTestSession(areas.workspace.database.config);
  await blocker.query('SET default_transaction_read_only = off; SET application_name = blocker');
  await blocker.query('BEGIN; LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE');
  return { release: () => blocker.end() };
}

async function untilActive(text: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await activity()).some((one) => one.state === 'active' && one.query.includes(text))) return;
    await delay(20);
  }
  throw new Error(`no query with ${text} became active`);
}
