import { expect, it, onTestFinished } from 'vitest';
import { keepPartitionsAhead } from '../../../src/main/usage-log/keep-partitions';
import { type AreaCalls, openAreaCalls } from '../areas/area-calls';

/** Changes of which the kernel writes journal and audit log, and nothing else. */
const { signal } = new AbortController();

async function open(): Promise<AreaCalls> {
  const calls = await openAreaCalls();
  onTestFinished(() => calls.close());
  return calls;
}

/** The one entry of an action, as its page shows it. */
async function entryOf(calls: AreaCalls, action: string) {
  const { rows } = await calls.ask('audit', 'list', { filters: { action } });
  expect(rows).toHaveLength(1);
  return calls.ask('audit', 'get', { id: rows[0]?.id ?? '' });
}

it('months of the usage log cannot be taken back, and their entry says why', async () => {
  const calls = await open();
  const now = new Date();
  await calls.client.query(`DROP TABLE usage_logs_${now.toISOString().slice(0, 7).replace('-', '_')}`);
  await keepPartitionsAhead(calls.workspace, 'opening', { now, signal });
  expect(await entryOf(calls, 'PARTITIONS_CREATE')).toMatchObject({
    resourceType: 'DATABASE',
    changes: [{ field: 'partitions', kind: 'added' }],
    undoable: false,
    noUndo: expect.stringMatching(/^Cannot be undone: usage may have been written/) as string,
  });
});
