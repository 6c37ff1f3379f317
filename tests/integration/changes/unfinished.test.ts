import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it, vi } from 'vitest';
import { insertUser } from '../../support/builders';
import { openChangeCalls } from './change-calls';
import { callOf, deletionRules, inSlices, previewDeletion } from './deletion-in-slices';

it('unfinished deletions are shown within seconds, where counting would take longer for each', async () => {
  const calls = await openChangeCalls();
  try {
    for (const batchId of [randomUUID(), randomUUID(), randomUUID()]) {
      const { id } = await insertUser(calls.client);
      await calls.client.query(
        `INSERT INTO litemaas_console.moved_aside (record_kind, record_id, batch_id, way, action, label, reason, actor)
         VALUES ('user', $1, $2, 'delete', 'USER_DELETE', 'many', 'has left', 'test')`,
        [id, batchId],
      );
    }
    const counting = vi
      .spyOn(deletionRules, 'amounts')
      .mockImplementation(async ({ run }) => {
        await run(sql`SELECT pg_sleep(60)`);
        throw new Error('it was to be stopped');
      })
      .mockResolvedValueOnce({ aside: 1, left: 2 });
    const begun = performance.now();
    const { items } = await inSlices.unfinished({}, callOf(calls.workspace));
    expect(performance.now() - begun).toBeLessThan(12_000);
    expect(items.map(({ toMove }) => toMove)).toEqual([3, null, null]);
    expect(counting).toHaveBeenCalledTimes(2);
    // Whoever leaves meanwhile waits for none of it.
    const leaving = new AbortController();
    const left = inSlices.unfinished({}, callOf(calls.workspace, leaving.signal));
    await vi.waitUntil(() => counting.mock.calls.length === 3, { timeout: 10_000 });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  } finally {
    await calls.close();
  }
}, 60_000);

it('an unfinished deletion says how many of the same batch are through', async () => {
  const calls = await openChangeCalls();
  try {
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    const ids: string[] = [];
    for (let made = 0; made < 3; made += 1) ids.push((await insertUser(calls.client)).id);
    const { plan } = await previewDeletion(calls.workspace, ids.slice(1));
    const { batchId } = await inSlices.run({ plan, reason: 'have left' }, callOf(calls.workspace));
    // The next slice of it was being moved when the console was killed.
    await calls.client.query(
      `INSERT INTO litemaas_console.moved_aside (record_kind, record_id, batch_id, way, action, label, reason, actor)
       VALUES ('user', $1, $2, 'delete', 'USER_DELETE', 'last', 'have left', 'test')`,
      [ids[0], batchId],
    );
    const { items } = await inSlices.unfinished({}, callOf(calls.workspace));
    expect(items).toMatchObject([{ batchId, total: 1, through: 2 }]);
    // Whoever is gone on with is not counted twice.
    await inSlices.finish({ batchId, how: 'go_on' }, callOf(calls.workspace));
    expect(await inSlices.unfinished({}, callOf(calls.workspace))).toEqual({ items: [] });
    expect(await calls.rows('SELECT FROM public.users WHERE id = ANY($1)', [ids])).toEqual([]);
  } finally {
    await calls.close();
  }
}, 60_000);
