import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { insertApiKey, insertUser } from '../../support/builders';
import { interceptStatements } from '../../support/faults/statement-faults';
import { openTestSession } from '../../support/test-session';
import { type ChangeCalls, openChangeCalls } from './change-calls';

const many = 1_000;

describe('a change beside other sessions', () => {
  let calls: ChangeCalls;
  let other: pg.Client;
  let stop: () => void = () => undefined;
  beforeAll(async () => {
    calls = await openChangeCalls();
    other = await openTestSession(calls.workspace.database.config);
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    await calls.client.query(
      `INSERT INTO public.users (username, email, oauth_provider, oauth_id, rpm_limit)
       SELECT 'many-' || n, 'many-' || n || '@example.com', 'many', n, 60 FROM generate_series(1, $1::int) AS n`,
      [many],
    );
  });
  afterEach(async () => {
    stop();
    await other.query('ROLLBACK');
  });
  afterAll(async () => {
    await other.end();
    await calls.close();
  });

  const idOf = async (username: string): Promise<string> => {
    const [row] = await calls.rows('SELECT id FROM public.users WHERE username = $1', [username]);
    return String(row?.['id']);
  };

  const previewMany = (rpmLimit: string) =>
    calls.ask('users', 'previewUpdate', {
      targets: { filter: { search: 'many-', filters: {} } },
      changes: { rpmLimit },
    });

  /** Records of a batch by what journal and audit trail say of them. */
  const recorded = async (batchId: string) => {
    const [row] = await calls.rows(
      `SELECT count(*)::int AS changes,
         (SELECT count(*)::int FROM public.audit_logs WHERE metadata ->> 'batchId' = $1::text) AS audits
       FROM litemaas_console.changes WHERE batch_id = $1::uuid`,
      [batchId],
    );
    return row;
  };

  it('leaves the one record that another session holds, changes all others at once, and that one afterwards', async () => {
    const locked = await idOf('many-500');
    await other.query('BEGIN');
    await other.query('SELECT FROM public.users WHERE id = $1 FOR UPDATE', [locked]);
    const preview = await previewMany('61');
    const startedAt = performance.now();
    const result = await calls.run(preview);
    // 5 s are for the one; the others are not waited with.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(result).toMatchObject({
      done: many - 1,
      problemCount: 1,
      problems: [{ id: locked, label: 'many-500', outcome: 'failed' }],
    });
    expect(result.problems[0]?.text).toContain('idle in transaction');
    expect(await recorded(result.batchId)).toEqual({ changes: many - 1, audits: many - 1 });
    expect(await calls.user(locked)).toMatchObject({ rpm_limit: '60' });
    await other.query('ROLLBACK');
    expect(await calls.run(preview)).toMatchObject({ done: many, problemCount: 0 });
    expect(await calls.user(locked)).toMatchObject({ rpm_limit: '61' });
    expect(await recorded(result.batchId)).toEqual({ changes: many, audits: many });
  }, 60_000);

  it('holds no record while it waits for another', async () => {
    const [first, last] = (
      (await calls.rows(
        `SELECT id::text FROM public.users WHERE username LIKE 'many-%' ORDER BY id LIMIT 2`,
      )) as { id: string }[]
    ).map(({ id }) => id) as [string, string];
    await other.query('BEGIN');
    await other.query('SELECT FROM public.users WHERE id = $1 FOR UPDATE', [last]);
    const preview = await calls.preview(await Promise.all([first, last].map(calls.seen)), {
      tpmLimit: '77',
    });
    const running = calls.run(preview);
    // The one that is free is done although the run goes on, and whoever wants it next gets it.
    await expect
      .poll(() => calls.user(first), { interval: 20, timeout: 4_000 })
      .toMatchObject({ tpm_limit: '77' });
    await other.query(`SET LOCAL lock_timeout = '500ms'`);
    await other.query('UPDATE public.users SET full_name = $2 WHERE id = $1', [first, 'next']);
    await other.query('COMMIT');
    expect(await running).toMatchObject({ done: 2, problemCount: 0 });
    expect(await calls.user(last)).toMatchObject({ tpm_limit: '77' });
  });

  it('finds what the other session left when it lets go', async () => {
    const { id } = await insertUser(calls.client, { rpm_limit: '60' });
    const preview = await calls.preview([await calls.seen(id)], { rpmLimit: '90' });
    await other.query('BEGIN');
    await other.query('UPDATE public.users SET rpm_limit = 75 WHERE id = $1', [id]);
    let looked = 0;
    stop = interceptStatements(async (statement) => {
      const answer = await statement.send();
      if (statement.text.includes('SKIP LOCKED')) looked += 1;
      return answer;
    });
    const running = calls.run(preview);
    await expect.poll(() => looked, { interval: 10, timeout: 4_000 }).toBeGreaterThan(0);
    await other.query('COMMIT');
    expect(await running).toMatchObject({ done: 0, problems: [{ id, outcome: 'changed_since' }] });
    expect(await calls.user(id)).toMatchObject({ rpm_limit: '75' });
  });

  it('leaves a person whose key another session holds, key and all', async () => {
    const { id } = await insertUser(calls.client, { username: 'ina' });
    const { id: free } = await insertUser(calls.client, { username: 'jan' });
    const key = await insertApiKey(calls.client, { user_id: id });
    await insertApiKey(calls.client, { user_id: id });
    await insertApiKey(calls.client, { user_id: free });
    await other.query('BEGIN');
    await other.query('SELECT FROM public.api_keys WHERE id = $1 FOR UPDATE', [key.id]);
    const preview = await calls.preview(await Promise.all([id, free].map(calls.seen)), { isActive: false });
    const result = await calls.run(preview, 'left');
    expect(result).toMatchObject({ done: 1, problems: [{ id, label: 'ina', outcome: 'failed' }] });
    const working = () =>
      calls.rows('SELECT user_id FROM public.api_keys WHERE is_active AND user_id = ANY($1)', [[id, free]]);
    expect(await working()).toEqual([{ user_id: id }, { user_id: id }]);
    expect(await calls.user(id)).toMatchObject({ is_active: true });
    expect(await recorded(result.batchId)).toEqual({ changes: 2, audits: 2 });
    await other.query('ROLLBACK');
    expect(await calls.run(preview, 'left')).toMatchObject({ done: 2, problemCount: 0 });
    expect(await working()).toEqual([]);
    expect(await recorded(result.batchId)).toEqual({ changes: 5, audits: 5 });
  }, 60_000);

  it('stops at once where a whole table is held, and goes on afterwards', async () => {
    await other.query('BEGIN');
    const preview = await previewMany('62');
    await other.query('LOCK TABLE public.users IN EXCLUSIVE MODE');
    const startedAt = performance.now();
    await expect(calls.run(preview)).rejects.toMatchObject({
      code: 'busy',
      message: 'Another session holds a whole table that this changes.',
    });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(await recorded(preview.plan)).toEqual({ changes: 0, audits: 0 });
    await other.query('ROLLBACK');
    expect(await calls.run(preview)).toMatchObject({ done: many, problemCount: 0 });
  }, 60_000);

  /** The SQLSTATEs with which statements of the console fail from now on. */
  const failures = (): string[] => {
    const states: string[] = [];
    stop = interceptStatements((statement) =>
      statement.send().catch((error: unknown) => {
        states.push(String((error as { readonly code?: unknown }).code));
        throw error;
      }),
    );
    return states;
  };

  it('begins again after a deadlock with another session', async () => {
    const { id } = await insertUser(calls.client, { rpm_limit: '60' });
    await calls.client.query(`
      CREATE TABLE public.tally AS SELECT 0 AS updates;
      CREATE FUNCTION public.keep_tally() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN UPDATE public.tally SET updates = updates + 1; RETURN NULL; END $$;
      CREATE TRIGGER keep_tally AFTER UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.keep_tally()`);
    try {
      const preview = await calls.preview([await calls.seen(id)], { rpmLimit: '90' });
      const states = failures();
      await other.query('BEGIN');
      await other.query('UPDATE public.tally SET updates = updates + 10');
      const running = calls.run(preview);
      await expect
        .poll(
          () =>
            calls.rows(
              `SELECT FROM pg_stat_activity
               WHERE datname = current_database() AND application_name = 'litemaas-console' AND wait_event_type = 'Lock'`,
            ),
          { interval: 10, timeout: 4_000 },
        )
        .toHaveLength(1);
      // Each waits for the other now; whoever waited first is looked at first, and ended.
      await other.query('UPDATE public.users SET last_login_at = now() WHERE id = $1', [id]);
      await other.query('COMMIT');
      expect(await running).toMatchObject({ done: 1, problemCount: 0 });
      expect(states).toEqual(['40P01']);
      expect(await recorded(preview.plan)).toEqual({ changes: 1, audits: 1 });
      expect(await calls.user(id)).toMatchObject({ rpm_limit: '90' });
      expect(await calls.rows('SELECT updates FROM public.tally')).toEqual([{ updates: 12 }]);
    } finally {
      await other.query('ROLLBACK');
      await calls.client.query('DROP FUNCTION public.keep_tally() CASCADE; DROP TABLE public.tally');
    }
  }, 60_000);

  it('begins again where the database could not put it in order with others', async () => {
    const { id } = await insertUser(calls.client, { rpm_limit: '60' });
    // Sequences are not rolled back: the third try finds 3.
    await calls.client.query(`
      CREATE SEQUENCE public.tries;
      CREATE FUNCTION public.collide() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('public.tries') < 3 THEN RAISE serialization_failure; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER collide BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.collide()`);
    try {
      const preview = await calls.preview([await calls.seen(id)], { rpmLimit: '90' });
      const states = failures();
      expect(await calls.run(preview)).toMatchObject({ done: 1, problemCount: 0 });
      expect(states).toEqual(['40001', '40001']);
      expect(await recorded(preview.plan)).toEqual({ changes: 1, audits: 1 });
    } finally {
      await calls.client.query('DROP FUNCTION public.collide() CASCADE; DROP SEQUENCE public.tries');
    }
  });
});
