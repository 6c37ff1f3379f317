import { nobodyIsTold } from '../../support/nobody-is-told';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChangesHandlers } from '../../../src/main/changes/index';
import { type Database, openDatabase } from '../../../src/main/postgres/database';
import { usersChange } from '../../../src/main/users/users-change';
import { usersHandlers } from '../../../src/main/users/index';
import type { OpenWorkspace } from '../../../src/main/workspace/open-workspace';
import type { ChangePreview, ChangeResult } from '../../../src/shared/contract/changes';
import type { UserChanges } from '../../../src/shared/contract/users';
import { AppError } from '../../../src/shared/errors';
import { insertApiKey, insertUser } from '../../support/builders';
import { isLong } from '../../support/long-runs';
import { type ChangeCalls, openChangeCalls } from './change-calls';

const people = 3;

const limit = fc.constantFrom('0', '60', '90', null);
const wanted = fc
  .record(
    {
      rpmLimit: limit,
      maxBudget: fc.constantFrom('0', '10.5', '0.000001', null),
      fullName: fc.constantFrom('Ana', 'Zoë', null),
      isActive: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .filter((changes) => Object.keys(changes).length > 0);

const action = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      whom: fc.uniqueArray(fc.nat(people - 1), { minLength: 1, maxLength: people }),
      changes: wanted,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), which: fc.nat() }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

interface Done {
  readonly preview: ChangePreview;
  readonly result: ChangeResult;
}

interface Row {
  readonly id: string;
  readonly record_id: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly undoes: string | null;
}

describe('two consoles that change the same people', () => {
  let calls: ChangeCalls;
  let second: Database;
  beforeAll(async () => {
    calls = await openChangeCalls();
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    second = openDatabase({ config: calls.workspace.database.config, readOnly: false, checkRows: true });
  });
  afterAll(async () => {
    await second.close();
    await calls.close();
  });

  const consoleOf = (workspace: OpenWorkspace) => {
    const kernel = createChangesHandlers([usersChange], [], nobodyIsTold);
    const call = { signal: new AbortController().signal, report: () => undefined, workspace };
    return {
      see: async (id: string) => ({ id, version: (await usersHandlers.get({ id }, call)).version }),
      preview: (selected: { id: string; version: string }[], changes: UserChanges) =>
        usersHandlers.previewUpdate({ targets: { selected }, changes }, call),
      /** NULL where all of it was taken back already. */
      previewUndo: (batchId: string) =>
        kernel.previewUndo({ batchId, recordId: null }, call).catch((error: unknown) => {
          if (error instanceof AppError && error.code === 'conflict') return null;
          throw error;
        }),
      run: ({ plan }: ChangePreview) => kernel.run({ plan, reason: 'as agreed' }, call),
    };
  };
  type Console = ReturnType<typeof consoleOf>;

  /** People with a key each, as data has them: fields by record. */
  const stateOf = async (users: readonly string[]) => {
    const rows = (await calls.rows(
      `SELECT id::text, jsonb_build_object('rpmLimit', rpm_limit::text, 'maxBudget', trim_scale(max_budget)::text,
         'fullName', full_name, 'isActive', is_active) AS image
       FROM public.users WHERE id = ANY($1::uuid[])
       UNION ALL SELECT id::text, jsonb_build_object('isActive', is_active, 'teamId', team_id) FROM public.api_keys WHERE user_id = ANY($1::uuid[])`,
      [users],
    )) as { id: string; image: Record<string, unknown> }[];
    return new Map(rows.map(({ id, image }) => [id, image]));
  };

  const journalOf = async (records: readonly string[]) =>
    (await calls.rows(
      `SELECT id::text, record_id, before, after, undoes::text FROM litemaas_console.changes
       WHERE record_id = ANY($1) ORDER BY changes.id`,
      [records],
    )) as unknown as Row[];

  /** From the state at the beginning the journal leads to the data, step by step, and each step has its audit entry. */
  const checkAgreement = async (users: readonly string[], initial: Awaited<ReturnType<typeof stateOf>>) => {
    const journal = await journalOf([...initial.keys()]);
    const replayed = new Map([...initial].map(([id, image]) => [id, { ...image }]));
    const byId = new Map(journal.map((row) => [row.id, row]));
    for (const { record_id: record, before, after, undoes } of journal) {
      const now = replayed.get(record) ?? {};
      expect(now).toMatchObject(before);
      Object.assign(now, after);
      const taken = undoes === null ? undefined : byId.get(undoes);
      if (taken !== undefined)
        expect({ before, after }).toEqual({ before: taken.after, after: taken.before });
    }
    expect(replayed).toEqual(await stateOf(users));
    const [audit] = await calls.rows(
      `SELECT (SELECT count(*)::int FROM public.audit_logs WHERE resource_id = ANY($1)) AS entries,
         count(*)::int AS agreeing
       FROM litemaas_console.changes c JOIN public.audit_logs a
         ON a.metadata ->> 'changeId' = c.id::text AND a.resource_id = c.record_id AND a.action = c.action
         AND a.metadata -> 'before' = c.before AND a.metadata -> 'after' = c.after
       WHERE c.record_id = ANY($1)`,
      [[...initial.keys()]],
    );
    expect(audit).toEqual({ entries: journal.length, agreeing: journal.length });
  };

  /** What a console is about to do, looked at before either begins. */
  const look = async (
    from: Console,
    what: Action,
    users: readonly string[],
    batches: readonly string[],
  ): Promise<ChangePreview | null> => {
    if (what.kind === 'edit') {
      const selected = await Promise.all(what.whom.map((index) => from.see(users[index] ?? '')));
      return from.preview(selected, what.changes);
    }
    const batch = batches[what.which % Math.max(1, batches.length)];
    return batch === undefined ? null : from.previewUndo(batch);
  };

  it('never disagree with journal and audit trail, and never both win', async () => {
    const [a, b] = [consoleOf(calls.workspace), consoleOf({ ...calls.workspace, database: second })] as const;
    let collisions = 0;
    let undone = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(action, action), { minLength: 1, maxLength: 6 }), async (steps) => {
        const users: string[] = [];
        for (let made = 0; made < people; made += 1) {
          const { id } = await insertUser(calls.client, { rpm_limit: '60', max_budget: '10.5' });
          await insertApiKey(calls.client, { user_id: id });
          users.push(id);
        }
        const initial = await stateOf(users);
        const batches: string[] = [];
        const runOne = async (from: Console, preview: ChangePreview | null): Promise<Done | null> =>
          preview === null ? null : { preview, result: await from.run(preview) };
        for (const [ofA, ofB] of steps) {
          const previews = [await look(a, ofA, users, batches), await look(b, ofB, users, batches)] as const;
          const [doneA, doneB] = await Promise.all([runOne(a, previews[0]), runOne(b, previews[1])]);
          for (const done of [doneA, doneB])
            if (done && done.result.done > 0) batches.push(done.result.batchId);
          await checkAgreement(users, initial);
          if (ofA.kind === 'undo' && doneA) undone += doneA.result.done;
          if (ofA.kind !== 'edit' || ofB.kind !== 'edit' || !doneA || !doneB) continue;
          const planned = (done: Done) => done.preview.records.map(({ id }) => id);
          const lost = (done: Done) =>
            done.result.problems.filter(({ outcome }) => outcome === 'changed_since').map(({ id }) => id);
          const both = planned(doneA).filter((id) => planned(doneB).includes(id));
          // Both saw the same version of these: one has each, and the other is told.
          expect([...lost(doneA), ...lost(doneB)].sort()).toEqual(both.sort());
          expect(doneA.result.problemCount + doneB.result.problemCount).toBe(both.length);
          collisions += both.length;
        }
      }),
      { numRuns: isLong ? 100 : 10 },
    );
    // It was tried at all.
    expect(collisions).toBeGreaterThan(0);
    expect(undone).toBeGreaterThan(0);
  }, 540_000);
});
