import { type ChildProcess, spawn } from 'node:child_process';
import type * as Timers from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { takeSessionLock } from '../../../src/main/postgres/session-lock';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import {
  insertApiKey,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { bundledScript } from '../../support/bundled-script';
import { interceptStatements, type SentStatement } from '../../support/faults/statement-faults';
import { isLong } from '../../support/long-runs';
import { type ChangeCalls, openChangeCalls } from './change-calls';
import { callOf, deletionRules, inSlices, previewDeletion, sliceSize } from './deletion-in-slices';

// The kernel rests before it tries again; here the server is back at once, or not at all.
vi.mock('node:timers/promises', async (original) => {
  const timers = await original<typeof Timers>();
  return {
    ...timers,
    setTimeout: (_ms: number, ...rest: [unknown?, object?]) => timers.setTimeout(1, ...rest),
  };
});

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const script = fileURLToPath(new URL('./deletion-process.ts', import.meta.url));
const requests = 3 * sliceSize - 1;

/** Statements that a deletion and its undo send at least: were they fewer, less would be tried. */
const fewest = { delete: 76, undo: 48 };
type Way = keyof typeof fewest;

/** All of them, or so many in between where it has to be quick. */
const chosen = (all: readonly number[], quick: number): readonly number[] => {
  if (isLong) return all;
  const step = Math.floor(all.length / (quick + 1));
  return all.filter((_, place) => (place + 1) % step === 0).slice(0, quick);
};

/** A killed console costs a second or more: every fifth in the long suite, of which the others lose each connection. */
const killed = (all: readonly number[]): readonly number[] =>
  isLong ? all.filter((_, place) => place % 5 === 0) : chosen(all, 1);

/**
 * The statements at which a moment of theirs is one of its own: after any other than COMMIT it is as before the next.
 */
const momentsOf = (statements: readonly string[], moment: 'before' | 'after'): number[] =>
  statements.flatMap((text, index) => (moment === 'before' || text === 'COMMIT' ? [index + 1] : []));

describe('a deletion in slices, and its undo, whose console or server goes away', () => {
  let calls: ChangeCalls;
  let stop: () => void = () => undefined;
  const children = new Set<ChildProcess>();
  beforeAll(async () => {
    calls = await openChangeCalls();
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    await insertModel(calls.client, { id: 'gpt' });
    await calls.client.query(
      `INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`,
      [
        JSON.stringify({
          baseUrl: 'https://litellm.test',
          headerName: 'Authorization',
          linkedAt: '2026-11-01T00:00:00.000Z',
        }),
      ],
    );
  });
  afterEach(() => stop());
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await calls.close();
  });

  const makePerson = async (): Promise<string> => {
    const { client } = calls;
    const { id } = await insertUser(client, { rpm_limit: '60' });
    const team = await insertTeam(client, { created_by: id });
    await insertTeamMember(client, { team_id: team.id, user_id: id, role: 'admin' });
    const subscription = await insertSubscription(client, { user_id: id, model_id: 'gpt' });
    // Off, as it comes back.
    const key = await insertApiKey(client, {
      user_id: id,
      subscription_id: subscription.id,
      is_active: false,
    });
    for (let request = 0; request < requests; request += 1) {
      await insertUsageLog(client, {
        subscription_id: subscription.id,
        api_key_id: key.id,
        model_id: 'gpt',
        created_at: `2026-03-01T10:00:${String(request).padStart(2, '0')}Z`,
      });
    }
    return id;
  };

  const run = ({ plan }: ChangePreview) =>
    inSlices.run({ plan, reason: 'has left' }, callOf(calls.workspace));
  const remove = async (id: string): Promise<string> => {
    const result = await run(await previewDeletion(calls.workspace, [id]));
    expect(result).toMatchObject({ done: 1, problemCount: 0 });
    return result.batchId;
  };
  const previewUndo = (batchId: string) =>
    inSlices.previewUndo({ batchId, recordId: null }, callOf(calls.workspace));
  const undo = async (batchId: string): Promise<void> => {
    expect(await run(await previewUndo(batchId))).toMatchObject({ done: 1, problemCount: 0 });
  };
  const finish = (batchId: string, how: 'go_on' | 'put_back') =>
    inSlices.finish({ batchId, how }, callOf(calls.workspace));
  const lockIsTaken = async (): Promise<boolean> =>
    (
      await calls.rows(
        `SELECT FROM pg_locks WHERE locktype = 'advisory'
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      )
    ).length > 0;
  const unfinished = async (id: string) =>
    (await inSlices.unfinished({}, callOf(calls.workspace))).items.find(({ records }) =>
      records.some((record) => record.id === id),
    );

  /** All that there is of a person, and all that charts say of them. */
  const all = async (id: string): Promise<string[]> => {
    const own = `(SELECT s.id FROM public.subscriptions s WHERE s.user_id = $1)`;
    const texts = [
      'SELECT * FROM public.users WHERE id = $1',
      'SELECT * FROM public.team_members WHERE user_id = $1',
      // Whoever loses the reference, and gets it back, was updated.
      'SELECT id, name, created_by FROM public.teams WHERE created_by = $1',
      'SELECT * FROM public.subscriptions WHERE user_id = $1',
      'SELECT * FROM public.api_keys WHERE user_id = $1',
      'SELECT m.* FROM public.api_key_models m JOIN public.api_keys k ON k.id = m.api_key_id WHERE k.user_id = $1',
      `SELECT * FROM public.usage_logs WHERE subscription_id IN ${own}`,
      `SELECT * FROM public.usage_summaries WHERE subscription_id IN ${own}`,
      'SELECT * FROM litemaas_console.unattributed_usage WHERE user_id = $1',
      'SELECT * FROM litemaas_console.usage_daily WHERE user_id = $1',
      'SELECT * FROM litemaas_console.usage_monthly WHERE user_id = $1',
    ];
    const found: string[] = [];
    for (const text of texts) {
      const rows = await calls.rows(`SELECT to_jsonb(r)::text AS row FROM (${text}) AS r ORDER BY 1`, [id]);
      found.push(`${text}: ${rows.map(({ row }) => String(row)).join('\n')}`);
    }
    return found;
  };

  /** Whether the person is there; everything that speaks of it has to say the same. */
  const isThere = async (id: string): Promise<boolean> => {
    const [row] = await calls.rows(
      `WITH journal AS (
         SELECT c.* FROM litemaas_console.changes c WHERE c.record_kind = 'user' AND c.record_id = $1::text
       ), last AS (SELECT * FROM journal ORDER BY id DESC LIMIT 1), own AS (
         SELECT id FROM public.subscriptions WHERE user_id = $1::uuid
       )
       SELECT EXISTS (SELECT FROM public.users WHERE id = $1::uuid) AS there,
         (SELECT after IS NULL FROM last) IS NOT TRUE AS said,
         (SELECT count(*) FROM own)::int AS subscriptions,
         (SELECT count(*)::int FROM journal) AS changes,
         (SELECT count(*)::int FROM public.audit_logs a JOIN journal j ON a.metadata ->> 'changeId' = j.id::text
           AND a.action = j.action WHERE a.resource_id = $1::text) AS audits,
         (SELECT count(*)::int FROM public.audit_logs a WHERE a.resource_id = $1::text) AS all_audits,
         (SELECT count(*)::int FROM litemaas_console.outbox o WHERE o.record_id = $1::text) AS outbox,
         (SELECT count(*)::int FROM litemaas_console.outbox o JOIN last l ON l.id = o.change_id
           WHERE o.record_id = $1::text) AS outbox_of_last,
         (SELECT count(*)::int FROM litemaas_console.unattributed_usage WHERE user_id = $1::uuid) AS archived,
         (SELECT count(*)::int FROM public.usage_logs WHERE subscription_id IN (SELECT id FROM own)) AS logged,
         (SELECT sum(requests)::int FROM litemaas_console.usage_monthly WHERE user_id = $1::uuid) AS charted,
         (SELECT count(*)::int FROM litemaas_console.moved_aside WHERE record_id = $1::text) AS remembered`,
      [id],
    );
    const { there, changes, archived, logged, remembered } = row as Record<string, number> & {
      there: boolean;
    };
    const isPartly = there && archived !== 0;
    expect(row).toEqual({
      there,
      said: there,
      subscriptions: there ? 1 : 0,
      changes,
      audits: changes,
      all_audits: changes,
      outbox: Math.min(changes ?? 0, 1),
      outbox_of_last: Math.min(changes ?? 0, 1),
      archived,
      logged: requests - (archived ?? 0),
      charted: requests,
      // Whoever has something aside is remembered; who is gone is not.
      remembered: isPartly ? 1 : there ? remembered : 0,
    });
    expect(changes).toBeLessThanOrEqual(2);
    // Whole slices were moved; with the record itself comes or goes what is few enough.
    if (isPartly) expect([archived, logged].some((count) => (count ?? 0) % sliceSize === 0)).toBe(true);
    expect((await unfinished(id)) !== undefined).toBe(remembered === 1);
    return there;
  };

  /** Goes on, or puts back, where a deletion stopped; then it is as it was, exactly. */
  const afterDeletion = async (id: string, before: readonly string[], how: 'go_on' | 'put_back') => {
    const left = await unfinished(id);
    let isGone = !(await isThere(id));
    if (left !== undefined) {
      expect(left).toMatchObject({
        way: 'delete',
        total: 1,
        toMove: requests,
        reason: 'has left',
        isRunning: false,
      });
      expect(await finish(left.batchId, how)).toMatchObject(
        how === 'go_on' ? { done: 1, problemCount: 0 } : { done: 0, unchanged: 1 },
      );
      // Once more finds nothing to do.
      await expect(finish(left.batchId, how)).rejects.toMatchObject({ code: 'conflict' });
      isGone = how === 'go_on';
    }
    expect(await isThere(id)).toBe(!isGone);
    const [change] = await calls.rows(
      `SELECT batch_id::text AS batch FROM litemaas_console.changes WHERE record_id = $1`,
      [id],
    );
    if (left !== undefined && isGone) expect(change?.['batch']).toBe(left.batchId);
    if (isGone) await undo(String(change?.['batch']));
    expect(await all(id)).toEqual(before);
    return left !== undefined;
  };

  /** Where an undo stopped: begun again, or gone on with. */
  const afterUndo = async (id: string, before: readonly string[], batchId: string) => {
    if (!(await isThere(id))) await undo(batchId);
    const left = await unfinished(id);
    if (left !== undefined) {
      expect(left).toMatchObject({ way: 'restore', total: 1, toMove: requests });
      expect(await finish(left.batchId, 'go_on')).toMatchObject({ done: 0, unchanged: 1 });
    }
    expect(await isThere(id)).toBe(true);
    expect(await all(id)).toEqual(before);
    return left !== undefined;
  };

  const intercept = (handle: (statement: SentStatement) => Promise<unknown>): void => {
    stop();
    stop = interceptStatements(handle);
  };

  /** The statements that each sends which nothing disturbs. */
  const statementsOf = async (): Promise<Record<Way, string[]>> => {
    const id = await makePerson();
    const before = await all(id);
    const record = async (preview: ChangePreview): Promise<string[]> => {
      const sent: string[] = [];
      intercept((statement) => {
        sent.push(statement.text);
        return statement.send();
      });
      expect(await run(preview)).toMatchObject({ done: 1, problemCount: 0 });
      stop();
      return sent;
    };
    const deletion = await previewDeletion(calls.workspace, [id]);
    const sent = { delete: await record(deletion), undo: [''] };
    expect(await isThere(id)).toBe(false);
    sent.undo = await record(await previewUndo(deletion.plan));
    expect(await isThere(id)).toBe(true);
    expect(await all(id)).toEqual(before);
    expect(sent.delete.length).toBeGreaterThanOrEqual(fewest.delete);
    expect(sent.undo.length).toBeGreaterThanOrEqual(fewest.undo);
    return sent;
  };

  /** Ends the session of a statement before it, or after it with the answer lost; whatever follows finds no server. */
  const terminate = async (statement: SentStatement, moment: 'before' | 'after'): Promise<unknown> => {
    if (moment === 'after') await statement.send();
    await calls.client.query('SELECT pg_terminate_backend($1)', [statement.processId]);
    await vi.waitUntil(
      async () =>
        (await calls.rows('SELECT FROM pg_stat_get_activity($1)', [statement.processId])).length === 0,
      { interval: 2, timeout: 10_000 },
    );
    return moment === 'after' ? statement.sendInstead('SELECT 1') : statement.send();
  };

  const stayAway = async (preview: ChangePreview, n: number, moment: 'before' | 'after'): Promise<void> => {
    let sent = 0;
    intercept((statement) => {
      sent += 1;
      return sent < n ? statement.send() : terminate(statement, moment);
    });
    await run(preview).catch(() => undefined);
    stop();
  };

  it.each(['before', 'after'] as const)(
    'whose server goes away %s each statement: all or nothing, remembered, and either way leads on',
    async (moment) => {
      const sent = await statementsOf();
      const interrupted = { delete: 0, undo: 0 };
      for (const n of chosen(momentsOf(sent.delete, moment), 4)) {
        const id = await makePerson();
        const before = await all(id);
        await stayAway(await previewDeletion(calls.workspace, [id]), n, moment);
        if (await afterDeletion(id, before, n % 2 === 0 ? 'go_on' : 'put_back')) interrupted.delete += 1;
      }
      for (const n of chosen(momentsOf(sent.undo, moment), 3)) {
        const id = await makePerson();
        const before = await all(id);
        const batchId = await remove(id);
        await stayAway(await previewUndo(batchId), n, moment);
        if (await afterUndo(id, before, batchId)) interrupted.undo += 1;
      }
      expect(interrupted.delete).toBeGreaterThan(0);
      expect(interrupted.undo).toBeGreaterThan(0);
    },
    600_000,
  );

  /** A console that is a process, ready to be told what to do. */
  const startOne = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [await bundledScript(script)], {
      cwd: repository,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] },
    });
    children.add(child);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.stdout?.once('data', () => resolve(child));
    });
  };

  it('whose console is killed at its statements: all or nothing, remembered, and either way leads on', async () => {
    const sent = await statementsOf();
    const { config } = calls.workspace.database;
    let next = startOne();
    const killOne = async (what: object, statement: number): Promise<void> => {
      const child = await next;
      next = startOne();
      const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
      child.stdin?.write(`${JSON.stringify({ config: { ...config, types: undefined }, what, statement })}\n`);
      expect(await ended).toBe('SIGKILL');
      children.delete(child);
      // What the server was told it may still do.
      const others = `SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'litemaas-console' AND NOT pid = ANY($1)`;
      await vi.waitUntil(async () => (await calls.rows(others, [await ownSessions()])).length === 0, {
        interval: 5,
        timeout: 20_000,
      });
    };
    /** The sessions of the test's own pool, which stand idle. */
    const ownSessions = async (): Promise<number[]> =>
      (
        await calls.rows(
          `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
           AND application_name = 'litemaas-console' AND backend_start < $1`,
          [begunAt],
        )
      ).map(({ pid }) => Number(pid));
    let begunAt: unknown;
    const mark = async (): Promise<void> => {
      begunAt = (await calls.rows('SELECT clock_timestamp()::text AS now'))[0]?.['now'];
    };
    let interrupted = 0;
    for (const n of killed(momentsOf(sent.delete, 'before'))) {
      const id = await makePerson();
      const before = await all(id);
      await mark();
      await killOne({ delete: id }, n);
      if (await afterDeletion(id, before, n % 2 === 0 ? 'put_back' : 'go_on')) interrupted += 1;
    }
    for (const n of killed(momentsOf(sent.undo, 'before'))) {
      const id = await makePerson();
      const before = await all(id);
      const batchId = await remove(id);
      await mark();
      await killOne({ undo: batchId }, n);
      if (await afterUndo(id, before, batchId)) interrupted += 1;
    }
    expect(interrupted).toBeGreaterThan(0);
    (await next).kill('SIGKILL');
  }, 600_000);

  it('is not gone on with by two consoles at once, nor over what somebody changed since', async () => {
    const id = await makePerson();
    const before = await all(id);
    let slices = 0;
    intercept((statement) => {
      if (statement.text.includes('DELETE FROM public.usage_logs')) slices += 1;
      return slices < 2 ? statement.send() : terminate(statement, 'before');
    });
    await run(await previewDeletion(calls.workspace, [id])).catch(() => undefined);
    stop();
    const left = await unfinished(id);
    expect(left).toMatchObject({ way: 'delete', moved: sliceSize, toMove: requests, isRunning: false });
    const { batchId } = left ?? { batchId: '' };

    const texts = {
      busy: 'changes.moving',
      busyHint: 'changes.movingHint',
      lost: 'changes.movingLost',
    } as const;
    for (const [what, isRunning] of [
      [randomUUID(), false],
      [batchId, true],
    ] as const) {
      const lock = await takeSessionLock(calls.workspace.database, 'move', texts, what);
      expect(await unfinished(id)).toMatchObject({ isRunning });
      for (const how of ['go_on', 'put_back'] as const) {
        await expect(finish(batchId, how)).rejects.toMatchObject({ code: 'busy' });
      }
      await lock.release();
      await vi.waitUntil(async () => !(await lockIsTaken()), { timeout: 10_000 });
    }
    expect(await unfinished(id)).toMatchObject({ isRunning: false });

    await calls.client.query('UPDATE public.users SET rpm_limit = 61 WHERE id = $1', [id]);
    expect(await finish(batchId, 'go_on')).toMatchObject({
      done: 0,
      problems: [{ id, outcome: 'changed_since' }],
    });
    await calls.client.query('UPDATE public.users SET rpm_limit = 60 WHERE id = $1', [id]);
    // What was moved went back, and with it what was remembered.
    expect(await unfinished(id)).toBeUndefined();
    const withoutTime = (texts: readonly string[]) =>
      texts.map((text) => text.replaceAll(/"updated_at": "[^"]*"/g, ''));
    expect(withoutTime(await all(id))).toEqual(withoutTime(before));
    await expect(finish(batchId, 'put_back')).rejects.toMatchObject({ code: 'conflict' });
  }, 120_000);

  it('says what was done where another console moves meanwhile, and leaves the rest to be gone on with', async () => {
    const id = await makePerson();
    const before = await all(id);
    const batchId = await remove(id);
    const others: string[] = [];
    for (let made = 0; made < 50; made += 1) others.push((await insertUser(calls.client)).id);
    const late = await makePerson();
    const lock = await takeSessionLock(calls.workspace.database, 'move', {
      busy: 'changes.moving',
      busyHint: 'changes.movingHint',
      lost: 'changes.movingLost',
    });
    await undo(batchId);
    expect(await unfinished(id)).toMatchObject({ way: 'restore', moved: sliceSize, toMove: requests });
    // Those of the first slice have nothing to be moved.
    expect(await run(await previewDeletion(calls.workspace, [...others, late]))).toMatchObject({
      done: others.length,
      problems: [
        { id: late, outcome: 'failed', text: expect.stringContaining('A console is moving') as string },
      ],
    });
    await expect(run(await previewDeletion(calls.workspace, [late]))).rejects.toMatchObject({ code: 'busy' });
    await lock.release();
    const { batchId: rest } = (await unfinished(id)) ?? { batchId: '' };
    await vi.waitUntil(async () => !(await lockIsTaken()), { timeout: 10_000 });
    await finish(rest, 'go_on');
    expect(await unfinished(id)).toBeUndefined();
    const withoutTime = (texts: readonly string[]) =>
      texts.map((text) => text.replaceAll(/"updated_at": "[^"]*"/g, ''));
    expect(withoutTime(await all(id))).toEqual(withoutTime(before));
  }, 120_000);

  it('goes through, and is shown, where counting what there is to move takes too long', async () => {
    const id = await makePerson();
    const counting = vi.spyOn(deletionRules, 'amounts').mockImplementation(async ({ run: send }) => {
      await send(sql`SET LOCAL statement_timeout = 20`);
      await send(sql`SELECT pg_sleep(60)`);
      throw new Error('it was to be stopped');
    });
    try {
      let slices = 0;
      intercept((statement) => {
        if (statement.text.includes('DELETE FROM public.usage_logs')) slices += 1;
        return slices < 2 ? statement.send() : terminate(statement, 'before');
      });
      await run(await previewDeletion(calls.workspace, [id])).catch(() => undefined);
      stop();
      const left = await unfinished(id);
      expect(left).toMatchObject({ way: 'delete', moved: null, toMove: null });
      expect(await finish(left?.batchId ?? '', 'go_on')).toMatchObject({ done: 1, problemCount: 0 });
      expect(counting).toHaveBeenCalled();
    } finally {
      counting.mockRestore();
    }
  }, 120_000);
});
