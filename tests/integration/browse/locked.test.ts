import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectAsOther } from '../../support/postgres';
import { openTestSession, testSessions } from '../../support/test-session';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

/** What a person is told of a relation that somebody else keeps from being read; each waits for five seconds. */
let calls: BrowseCalls;
let owner: pg.Pool;

beforeAll(async () => {
  calls = await openBrowseCalls();
  owner = testSessions({ ...calls.config, max: 2 });
});
afterAll(async () => {
  await owner.end();
  await calls.close();
});

/** Makes a partitioned table with one row, and a session that holds something of it until `work` has ended. */
async function whileHeld(
  name: string,
  statement: string,
  work: (processId: number, release: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await owner.query(`
    CREATE TABLE ${name} (id BIGINT PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE ${name}_part PARTITION OF ${name} DEFAULT;
    CREATE VIEW ${name}_view AS SELECT * FROM ${name};
    INSERT INTO ${name} VALUES (1)`);
  const holder = await openTestSession({ ...calls.config, application_name: 'night job' });
  try {
    const { rows } = await holder.query<{ id: number }>('SELECT pg_backend_pid() AS id');
    await holder.query(`BEGIN; ${statement}`);
    await work(rows[0]?.id ?? 0, () => holder.query('ROLLBACK'));
  } finally {
    await holder.end();
  }
}

const rowsOf = (relation: string) => calls.ask('browse', 'rows', { schema: 'public', relation });

/** The whole answer, with the session that is in the way. */
const named = (name: string, processId: number) => ({
  code: 'db_timeout',
  message: `public.${name} can’t be read now: session ${String(processId)} has locked it (litemaas, night job).`,
  hint: expect.stringContaining(`pg_terminate_backend(${String(processId)})`) as string,
});

describe.concurrent('a relation that another session has locked', { timeout: 30_000 }, () => {
  it('is said to be locked, by whom, and what to do', async () => {
    await whileHeld('whole', 'LOCK TABLE whole', async (processId, release) => {
      const asked = { schema: 'public', relation: 'whole', filters: [] };
      await Promise.all([
        expect(rowsOf('whole')).rejects.toMatchObject(named('whole', processId)),
        expect(calls.ask('browse', 'count', asked)).rejects.toMatchObject(named('whole', processId)),
        expect(calls.download('browse', 'exportCsv', asked)).rejects.toMatchObject(named('whole', processId)),
      ]);
      await release();
      expect((await rowsOf('whole')).rows).toHaveLength(1);
    });
  });

  it('is said to be locked where only a partition is', async () => {
    await whileHeld('one', 'LOCK TABLE one_part', async (processId) => {
      await expect(rowsOf('one')).rejects.toMatchObject(named('one', processId));
    });
  });

  it('is said to be locked where only an index is', async () => {
    await whileHeld('indexed', 'REINDEX INDEX indexed_part_pkey', async (processId) => {
      await expect(rowsOf('indexed')).rejects.toMatchObject(named('indexed', processId));
    });
  });

  it('is said to be waited for where the lock is not even had yet', async () => {
    await whileHeld('queued', 'SELECT FROM queued', async (_, release) => {
      // Without the time limits of a session of ours.
      const next = await connectAsOther({ ...calls.config, application_name: 'rewriter' });
      await next.query('BEGIN');
      const waiting = next.query('LOCK TABLE queued');
      await vi.waitFor(
        async () => {
          const { rowCount } = await owner.query(
            `SELECT FROM pg_locks WHERE relation = 'queued'::regclass AND NOT granted`,
          );
          expect(rowCount).toBe(1);
        },
        { timeout: 20_000 },
      );
      await expect(rowsOf('queued')).rejects.toMatchObject({
        message: expect.stringMatching(/waits to lock it.*\(litemaas, rewriter\)/) as string,
      });
      await release();
      await waiting;
      await next.end();
    });
  });

  it('is said to be locked behind a view, without a name', async () => {
    await whileHeld('viewed', 'LOCK TABLE viewed', async () => {
      await expect(rowsOf('viewed_view')).rejects.toMatchObject({
        code: 'db_timeout',
        message:
          'public.viewed_view can’t be read now: another session has locked it, or a table that it reads.',
      });
    });
  });
});
