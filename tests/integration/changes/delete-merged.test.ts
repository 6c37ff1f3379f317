import { expect, it } from 'vitest';
import { insertApiKey, insertSubscription } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { callOf, inSlices, previewDeletion, sliceSize } from './deletion-in-slices';
import { belongings, openMergeWorld, usage } from './merge-world';

describeOnEachPostgres('deleting somebody into whom a duplicate was merged', (major) => {
  const { calls, state, makePair, merge, use } = openMergeWorld(major);

  /** Usage by the duplicate's key, which moves; the subscription that holds the usage stays with the duplicate. */
  const makeMerged = async (requests: number) => {
    const pair = await makePair();
    const { client } = calls();
    const subscription = await insertSubscription(client, { user_id: pair.from, model_id: 'claude' });
    // Off, as it comes back.
    const key = await insertApiKey(client, {
      user_id: pair.from,
      subscription_id: subscription.id,
      is_active: false,
    });
    for (let made = 0; made < requests; made += 1) await use(subscription.id, 'claude', key.id);
    expect(await merge(pair)).toMatchObject({ done: 1, problemCount: 0 });
    return { ...pair, key: key.id, subscription: subscription.id };
  };
  const keysOfUsage = (subscription: string) =>
    calls().rows(
      `SELECT api_key_id, former_api_key_id, count(*)::int AS requests FROM public.usage_logs
       WHERE subscription_id = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
      [subscription],
    );
  const everything = async () => ({ people: await state(belongings), recorded: await state(usage) });

  it('takes the keys from the usage that they brought, and an undo gives them back', async () => {
    const { into, key, subscription } = await makeMerged(2);
    const before = await everything();
    const charts = await state(usage.slice(1, 5));
    const preview = await previewDeletion(calls().workspace, [into]);
    expect(preview.cascade).toContainEqual({ table: 'public.usage_logs', fate: 'blanked', rows: 2 });
    const { batchId } = await calls().run(
      await calls().ask('users', 'previewDelete', { targets: { selected: [await calls().seen(into)] } }),
      'has left',
    );
    expect(await keysOfUsage(subscription)).toEqual([
      { api_key_id: null, former_api_key_id: key, requests: 2 },
    ]);
    expect(await state(usage.slice(1, 5))).toEqual(charts);
    expect(await calls().undo(batchId)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await everything()).toEqual(before);
  });

  it('does so in slices where it is much, and puts all back where it is stopped or taken back', async () => {
    const requests = 2 * sliceSize + 1;
    const { into, key, subscription } = await makeMerged(requests);
    const before = await everything();
    const charts = await state(usage.slice(1, 5));
    const { workspace } = calls();
    const preview = await previewDeletion(workspace, [into]);
    const stopped = new AbortController();
    const steps: (number | undefined)[] = [];
    const stoppedRun = inSlices.run(
      { plan: preview.plan, reason: 'has left' },
      {
        ...callOf(workspace, stopped.signal),
        report: ({ title, done = 0, total }) => {
          if (title !== 'Moving recorded usage aside') return;
          steps.push(done, total);
          if (done > 0) stopped.abort();
        },
      },
    );
    await expect(stoppedRun).rejects.toMatchObject({ code: 'cancelled' });
    expect(steps).toEqual([0, requests, sliceSize, requests]);
    expect(await everything()).toEqual(before);

    const run = (plan: string) => inSlices.run({ plan, reason: 'has left' }, callOf(workspace));
    const { batchId } = await run((await previewDeletion(workspace, [into])).plan);
    expect(await keysOfUsage(subscription)).toEqual([{ api_key_id: null, former_api_key_id: key, requests }]);
    expect(await state(usage.slice(1, 5))).toEqual(charts);
    const undo = await inSlices.previewUndo({ batchId, recordId: null }, callOf(workspace));
    expect(await run(undo.plan)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await everything()).toEqual(before);
  });

  it('leaves the usage of the duplicate known by its key where the duplicate goes too, whoever comes back first', async () => {
    const { into, from } = await makeMerged(3);
    const before = await everything();
    const { workspace } = calls();
    const run = (plan: string) => inSlices.run({ plan, reason: 'has left' }, callOf(workspace));
    const remove = async (id: string) => (await run((await previewDeletion(workspace, [id])).plan)).batchId;
    const bringBack = async (batchId: string) => {
      const { plan } = await inSlices.previewUndo({ batchId, recordId: null }, callOf(workspace));
      expect(await run(plan)).toMatchObject({ done: 1, problemCount: 0 });
    };
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const batches = [await remove(into), await remove(from)];
      for (const place of order) await bringBack(batches[place] ?? '');
      expect(await everything()).toEqual(before);
    }
  });
});
