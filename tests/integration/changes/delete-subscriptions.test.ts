import { expect, it } from 'vitest';
import { nobodyIsTold } from '../../support/nobody-is-told';
import type { Change } from '../../../src/main/changes/change';
import { createChangesHandlers } from '../../../src/main/changes/index';
import { previewChange } from '../../../src/main/changes/preview';
import { nothing } from '../../../src/main/changes/record-table';
import { subscriptionDeletionBy } from '../../../src/main/subscriptions/subscription-deletion';
import { subscriptionsChange } from '../../../src/main/subscriptions/subscriptions-change';
import { insertUsageLog } from '../../support/builders';
import { callOf } from './deletion-in-slices';
import { openSubscriptionCalls } from './subscription-calls';

/** So many requests are moved at once. */
const sliceSize = 4;
const requests = 10;

it('a deletion that was interrupted between slices is gone on with or put back, and no request is lost', async () => {
  const calls = await openSubscriptionCalls();
  try {
    const rules = subscriptionDeletionBy(sliceSize);
    const stopped = new AbortController();
    let slices = 0;
    const change: Change = {
      ...subscriptionsChange,
      deletion: {
        ...rules,
        async archive(connection, ids) {
          slices += 1;
          if (slices === 2) stopped.abort();
          return rules.archive(connection, ids);
        },
      },
    };
    const handlers = createChangesHandlers([change], [], nobodyIsTold);
    const id = await calls.subscribe({ status: 'cancelled' });
    const { model_id: model } = await calls.subscription(id);
    for (let made = 0; made < requests; made += 1) {
      await insertUsageLog(calls.client, {
        ...{ subscription_id: id, model_id: String(model), created_at: '2026-11-01T10:00:00Z' },
      });
    }
    const remove = () =>
      calls.workspace.database.read(new AbortController().signal, (connection) =>
        previewChange(connection, calls.workspace, change, 'SUBSCRIPTION_DELETE', [
          {
            ...{ id, label: id, way: 'delete' as const, expected: 'as it is' as const },
            ...{ set: nothing, undoes: null, parts: null },
          },
        ]),
      );
    const places = async () => {
      const [row] = await calls.rows(
        `SELECT (SELECT count(*)::int FROM public.usage_logs WHERE subscription_id = $1) AS logged,
          (SELECT count(*)::int FROM litemaas_console.unattributed_usage WHERE subscription_id = $1) AS archived,
          (SELECT sum(requests)::int FROM litemaas_console.usage_daily WHERE subscription_id = $1) AS recorded`,
        [id],
      );
      return row;
    };
    const reason = 'not needed';
    const { plan } = await remove();
    await expect(
      handlers.run({ plan, reason }, callOf(calls.workspace, stopped.signal)),
    ).rejects.toMatchObject({ code: 'cancelled' });
    // Stopped by whoever began it: all of it is in the log again.
    expect(await places()).toEqual({ logged: requests, archived: 0, recorded: requests });
    // A console that was killed leaves a slice moved, and written down.
    await calls.workspace.database.write(new AbortController().signal, (connection) =>
      rules.archive(connection, [id]),
    );
    await calls.client.query(
      `INSERT INTO litemaas_console.moved_aside (record_kind, record_id, batch_id, way, action, label, reason, actor)
       VALUES ('subscription', $1, gen_random_uuid(), 'delete', 'SUBSCRIPTION_DELETE', 'somebody · a model', $2, 'test')`,
      [id, reason],
    );
    const unfinished = async () => (await calls.ask('changes', 'unfinished', {})).items;
    const [item] = await unfinished();
    expect(item).toMatchObject({ kind: 'subscription', way: 'delete', moved: sliceSize, toMove: requests });
    const batchId = item?.batchId ?? '';
    await handlers.finish({ batchId, how: 'put_back' }, callOf(calls.workspace));
    expect(await places()).toEqual({ logged: requests, archived: 0, recorded: requests });
    expect(await unfinished()).toEqual([]);
    // Gone through with, more than a slice is moved before the record goes, and comes back with it.
    const again = await handlers.run({ plan: (await remove()).plan, reason }, callOf(calls.workspace));
    expect(again).toMatchObject({ done: 1, problemCount: 0 });
    expect(await places()).toEqual({ logged: 0, archived: requests, recorded: requests });
    const undo = await handlers.previewUndo(
      { batchId: again.batchId, recordId: null },
      callOf(calls.workspace),
    );
    await handlers.run({ plan: undo.plan, reason: 'needed' }, callOf(calls.workspace));
    expect(await places()).toEqual({ logged: requests, archived: 0, recorded: requests });
    expect(await calls.subscription(id)).toMatchObject({ status: 'cancelled' });
  } finally {
    await calls.close();
  }
}, 60_000);
