import type * as Timers from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { planWith } from '../../../src/main/changes/plans';
import { previewChange } from '../../../src/main/changes/preview';
import { runPlan } from '../../../src/main/changes/run';
import { usersChange } from '../../../src/main/users/users-change';
import type { ChangeResult } from '../../../src/shared/contract/changes';
import { insertApiKey, insertUser } from '../../support/builders';
import { interceptStatements, type SentStatement } from '../../support/faults/statement-faults';
import { type ChangeCalls, openChangeCalls } from './change-calls';

// The kernel rests before it tries again; here the server is back at once.
vi.mock('node:timers/promises', async (original) => {
  const timers = await original<typeof Timers>();
  return {
    ...timers,
    setTimeout: (_ms: number, ...rest: [unknown?, object?]) => timers.setTimeout(1, ...rest),
  };
});

const proxy = 'https://litellm.test';
const reason = 'left the company';
/** The session ends just before a statement, or just after it with its answer lost. */
const moments = ['before', 'after'] as const;
type Moment = (typeof moments)[number];

interface Shape {
  readonly name: string;
  readonly users: number;
  readonly keysEach: number;
  readonly sliceSize: number;
  /** How many statements the change sends at least: were they fewer, less would be tried. */
  readonly statements: number;
}
const shapes: readonly Shape[] = [
  { name: 'one user with two keys', users: 1, keysEach: 2, sliceSize: 1_000, statements: 13 },
  { name: 'three slices of two', users: 6, keysEach: 1, sliceSize: 2, statements: 39 },
];

/** A record that is changed, with all that says so; nothing says so of one that is not. */
interface Written {
  readonly kind: 'user' | 'api_key';
  readonly id: string;
  readonly owner: string;
  readonly now: object;
  readonly journal: readonly object[];
  readonly audit: readonly object[];
  readonly outbox: readonly object[];
}

describe.each(shapes)('a change whose server goes away: $name', (shape) => {
  let calls: ChangeCalls;
  let stop: () => void = () => undefined;
  beforeAll(async () => {
    calls = await openChangeCalls();
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    await calls.client.query(
      `INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`,
      [JSON.stringify({ baseUrl: proxy, headerName: 'Authorization', linkedAt: '2026-11-01T00:00:00.000Z' })],
    );
  });
  afterEach(() => stop());
  afterAll(() => calls.close());

  /** Users who work, a plan that switches them off with their keys, and a way to run it. */
  const prepare = async () => {
    const users: string[] = [];
    for (let made = 0; made < shape.users; made += 1) {
      const { id } = await insertUser(calls.client, { rpm_limit: '60' });
      for (let key = 0; key < shape.keysEach; key += 1) await insertApiKey(calls.client, { user_id: id });
      users.push(id);
    }
    const { workspace } = calls;
    const { signal } = new AbortController();
    const seen = await Promise.all(users.map(calls.seen));
    const { plan } = await workspace.database.read(signal, (connection) =>
      previewChange(
        connection,
        workspace,
        { ...usersChange, sliceSize: shape.sliceSize },
        usersChange.actions.update,
        seen.map(({ id, version }) => ({
          id,
          way: 'update' as const,
          label: id,
          expected: { version },
          set: { isActive: false, rpmLimit: '1' },
          undoes: null,
          parts: null,
        })),
      ),
    );
    const run = (): Promise<ChangeResult> =>
      runPlan(planWith(workspace, plan), reason, { workspace, signal, report: () => undefined });
    return { users, plan, run };
  };

  const intercept = (handle: (statement: SentStatement) => Promise<unknown>): void => {
    stop();
    stop = interceptStatements(handle);
  };

  const kill = async (statement: SentStatement, moment: Moment): Promise<unknown> => {
    if (moment === 'after') await statement.send();
    await calls.client.query('SELECT pg_terminate_backend($1)', [statement.processId]);
    // pg_terminate_backend itself would look only ten times a second whether it is gone.
    await vi.waitUntil(
      async () =>
        (await calls.rows('SELECT FROM pg_stat_get_activity($1)', [statement.processId])).length === 0,
      { interval: 2, timeout: 10_000 },
    );
    return moment === 'after' ? statement.sendInstead('SELECT 1') : statement.send();
  };

  /** Every record of the change, with what journal, audit trail and outbox say of it under this batch. */
  const written = async (plan: string, users: readonly string[]): Promise<Written[]> =>
    (await calls.rows(
      `WITH record AS (
         SELECT 'user' AS kind, u.id::text AS id, u.id::text AS owner,
           jsonb_build_object('isActive', u.is_active, 'rpmLimit', u.rpm_limit::text) AS now
         FROM public.users AS u WHERE u.id = ANY($2)
         UNION ALL
         SELECT 'api_key', k.id::text, k.user_id::text, jsonb_build_object('isActive', k.is_active, 'teamId', k.team_id)
         FROM public.api_keys AS k WHERE k.user_id = ANY($2)
       )
       SELECT r.*,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('action', c.action, 'before', c.before, 'after', c.after,
             'reason', c.reason, 'partOf', (SELECT p.record_id FROM litemaas_console.changes AS p WHERE p.id = c.part_of))), '[]')
          FROM litemaas_console.changes AS c
          WHERE c.batch_id = $1::uuid AND c.record_kind = r.kind AND c.record_id = r.id) AS journal,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('action', a.action, 'before', a.metadata -> 'before',
             'after', a.metadata -> 'after', 'reason', a.metadata -> 'reason', 'change', c.record_id)), '[]')
          FROM public.audit_logs AS a LEFT JOIN litemaas_console.changes AS c ON c.id = (a.metadata ->> 'changeId')::bigint
          WHERE a.metadata ->> 'batchId' = $1::text AND a.resource_id = r.id) AS audit,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('fields', o.fields, 'taken', o.taken, 'state', o.state,
             'change', c.record_id)), '[]')
          FROM litemaas_console.outbox AS o LEFT JOIN litemaas_console.changes AS c ON c.id = o.change_id
          WHERE o.record_kind = r.kind AND o.record_id = r.id) AS outbox
       FROM record AS r ORDER BY r.kind, r.id`,
      [plan, users],
    )) as unknown as Written[];

  const untouched = ({ kind, id, owner }: Written): Written => ({
    ...{ kind, id, owner, journal: [], audit: [], outbox: [] },
    now: kind === 'user' ? { isActive: true, rpmLimit: '60' } : { isActive: true, teamId: null },
  });

  const changed = ({ kind, id, owner }: Written): Written => {
    const isUser = kind === 'user';
    const action = isUser ? 'USER_UPDATE' : 'API_KEY_UPDATE';
    // Of a key it is kept in which team it was switched off.
    const before = isUser ? { isActive: true, rpmLimit: '60' } : { isActive: true, teamId: null };
    const now = isUser ? { isActive: false, rpmLimit: '1' } : { isActive: false, teamId: null };
    return {
      ...{ kind, id, owner, now },
      journal: [{ action, before, after: now, reason, partOf: isUser ? null : owner }],
      audit: [{ action, before, after: now, reason, change: id }],
      outbox: [
        {
          ...{ fields: isUser ? ['isActive', 'rpmLimit'] : ['isActive'], taken: ['isActive'] },
          ...{ state: 'waiting', change: id },
        },
      ],
    };
  };

  /** Each slice is done or not, and of each record everything says the same. Answers how many slices are done. */
  const agreed = async (plan: string, users: readonly string[]): Promise<number> => {
    const records = await written(plan, users);
    let slicesDone = 0;
    for (let from = 0; from < users.length; from += shape.sliceSize) {
      const slice = users.slice(from, from + shape.sliceSize);
      const ofSlice = records.filter(({ owner }) => slice.includes(owner));
      const isDone = ofSlice.some(({ journal }) => journal.length > 0);
      expect(ofSlice).toEqual(ofSlice.map(isDone ? changed : untouched));
      if (isDone) slicesDone += 1;
    }
    return slicesDone;
  };

  const slices = Math.ceil(shape.users / shape.sliceSize);
  const whole = { done: shape.users, unchanged: 0, problemCount: 0, problems: [] };

  /** How many statements a change sends that nothing disturbs. */
  const statementsOfAll = async (): Promise<number> => {
    const { users, plan, run } = await prepare();
    let sent = 0;
    intercept((statement) => {
      sent += 1;
      return statement.send();
    });
    expect(await run()).toMatchObject(whole);
    stop();
    expect(await agreed(plan, users)).toBe(slices);
    expect(sent).toBeGreaterThanOrEqual(shape.statements);
    return sent;
  };

  it.each(moments)(
    'stays away, %s each statement: whole slices are left, and the next run goes on',
    async (moment) => {
      const total = await statementsOfAll();
      const found = new Set<number>();
      for (let n = 1; n <= total; n += 1) {
        const { users, plan, run } = await prepare();
        let sent = 0;
        intercept((statement) => {
          sent += 1;
          return sent < n ? statement.send() : kill(statement, moment);
        });
        await expect(run()).rejects.toMatchObject({ code: 'db_unreachable' });
        stop();
        found.add(await agreed(plan, users));
        expect(await run()).toMatchObject(whole);
        expect(await agreed(plan, users)).toBe(slices);
      }
      // Some had nothing done, some one slice, and so on.
      const most = moment === 'before' ? slices - 1 : slices;
      expect([...found].sort()).toEqual(Array.from({ length: most + 1 }, (_, done) => done));
    },
    300_000,
  );

  it.each(moments)(
    'is back at once, %s each statement: the run itself goes on',
    async (moment) => {
      const total = await statementsOfAll();
      for (let n = 1; n <= total; n += 1) {
        const { users, plan, run } = await prepare();
        let sent = 0;
        intercept((statement) => {
          sent += 1;
          return sent === n ? kill(statement, moment) : statement.send();
        });
        expect(await run()).toMatchObject(whole);
        stop();
        expect(sent).toBeGreaterThan(n);
        expect(await agreed(plan, users)).toBe(slices);
      }
    },
    300_000,
  );

  it('goes on without its console while it commits: what it did counts, and is not done again', async () => {
    const { users, plan, run } = await prepare();
    await calls.client.query(`
      CREATE FUNCTION public.commit_slowly() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER commit_slowly AFTER UPDATE ON public.users DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION public.commit_slowly()`);
    let commits = 0;
    intercept(async (statement) => {
      if (statement.text !== 'COMMIT') return statement.send();
      commits += 1;
      if (commits > 1) return statement.send();
      const answer = statement.send();
      await vi.waitUntil(
        async () =>
          (
            await calls.rows(`SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'`, [
              statement.processId,
            ])
          ).length > 0,
        { interval: 2, timeout: 10_000 },
      );
      statement.hangUp();
      return answer;
    });
    try {
      expect(await run()).toMatchObject(whole);
    } finally {
      stop();
      await calls.client.query('DROP FUNCTION public.commit_slowly() CASCADE');
    }
    // One more to find that it is done already, and perhaps some that found its records still held.
    expect(commits).toBeGreaterThan(slices);
    expect(await agreed(plan, users)).toBe(slices);
  });
});
