import { describe, expect, it, onTestFinished } from 'vitest';
import { createDemoHandlers } from '../../../src/main/demo/demo-handlers';
import { changeReportingTimeZone } from '../../../src/main/settings/reporting-time-zone';
import { readReportingTimeZone } from '../../../src/main/usage-log/rebuild-usage';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
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
    undoRecordId: null,
    noUndo: expect.stringMatching(/^Cannot be undone: usage may have been written/) as string,
  });
});

describe('the reporting time zone', () => {
  const change = (calls: AreaCalls, timeZone: string) =>
    changeReportingTimeZone({ timeZone }, { signal, workspace: calls.workspace, report: () => undefined });
  const zoneOf = (calls: AreaCalls): Promise<string> => readReportingTimeZone(calls.client);
  const batchOf = async (calls: AreaCalls): Promise<string> => {
    const { rows } = await calls.client.query<{ batch: string }>(
      'SELECT batch_id AS batch FROM litemaas_console.changes ORDER BY id DESC LIMIT 1',
    );
    return rows[0]?.batch ?? '';
  };
  const run = (calls: AreaCalls, { plan }: { readonly plan: string }, reason: string | null = 'as it was') =>
    calls.ask('changes', 'run', { plan, reason });

  async function logOneRequest({ client }: AreaCalls): Promise<void> {
    const user = await insertUser(client);
    const model = await insertModel(client);
    const subscription = await insertSubscription(client, { user_id: user.id, model_id: model.id });
    // 1 February in Kathmandu.
    const createdAt = '2026-01-31T20:00:00Z';
    await insertUsageLog(client, {
      subscription_id: subscription.id,
      model_id: model.id,
      created_at: createdAt,
    });
  }
  const dayOf = async ({ client }: AreaCalls): Promise<string | undefined> =>
    (
      await client.query<{ day: string }>(
        `SELECT to_char(day, 'MM-DD') AS day FROM litemaas_console.usage_daily WHERE requests > 0`,
      )
    ).rows[0]?.day;

  it('is taken back from its entry, and the undo as well, with all figures', async () => {
    const calls = await open();
    await logOneRequest(calls);
    await change(calls, 'Asia/Kathmandu');
    expect(await entryOf(calls, 'REPORTING_TIME_ZONE_UPDATE')).toMatchObject({
      undoRecordId: 'reporting_time_zone',
      noUndo: null,
    });

    const preview = await calls.ask('changes', 'previewUndo', { batchId: await batchOf(calls) });
    expect(preview).toMatchObject({
      action: 'REPORTING_TIME_ZONE_UPDATE_UNDO',
      toChange: 1,
      findings: [{ severity: 'warning' }],
      records: [
        {
          label: 'Reporting time zone',
          fields: [{ field: 'timeZone', before: 'Asia/Kathmandu', after: 'UTC' }],
        },
      ],
      statements: [`SELECT litemaas_console.rebuild_usage('UTC');`],
    });
    expect(await zoneOf(calls)).toBe('Asia/Kathmandu');
    await expect(run(calls, preview, null)).rejects.toMatchObject({ code: 'validation' });
    expect(await run(calls, preview)).toMatchObject({ batchId: preview.plan, done: 1, problems: [] });
    expect([await zoneOf(calls), await dayOf(calls)]).toEqual(['UTC', '01-31']);
    // The answer was lost, and it is asked for once more.
    expect(await run(calls, preview)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await entryOf(calls, 'REPORTING_TIME_ZONE_UPDATE')).toMatchObject({ undoRecordId: null });
    expect(await entryOf(calls, 'REPORTING_TIME_ZONE_UPDATE_UNDO')).toMatchObject({
      batchId: preview.plan,
      reason: 'as it was',
      changes: [{ field: 'timeZone', before: '"Asia/Kathmandu"', after: '"UTC"' }],
      undoRecordId: 'reporting_time_zone',
    });

    const again = await calls.ask('changes', 'previewUndo', { batchId: preview.plan });
    expect(again.action).toBe('REPORTING_TIME_ZONE_UPDATE');
    await run(calls, again);
    expect([await zoneOf(calls), await dayOf(calls)]).toEqual(['Asia/Kathmandu', '02-01']);
    await expect(calls.ask('changes', 'previewUndo', { batchId: preview.plan })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('that somebody else changed since is left alone, before and after the preview', async () => {
    const calls = await open();
    await change(calls, 'Asia/Kathmandu');
    const batchId = await batchOf(calls);
    const preview = await calls.ask('changes', 'previewUndo', { batchId });
    await change(calls, 'Europe/Berlin');
    expect(await run(calls, preview)).toMatchObject({
      done: 0,
      problems: [{ outcome: 'changed_since', label: 'Reporting time zone' }],
    });
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({
      toChange: 0,
      conflicts: [
        {
          now: { timeZone: 'Europe/Berlin' },
          expected: { timeZone: 'Asia/Kathmandu' },
          wanted: { timeZone: 'UTC' },
        },
      ],
    });
    expect(await zoneOf(calls)).toBe('Europe/Berlin');
  });

  it('is not taken back once part of the log is archived', async () => {
    const calls = await open();
    await change(calls, 'Asia/Kathmandu');
    const batchId = await batchOf(calls);
    const seenBefore = await calls.ask('changes', 'previewUndo', { batchId });
    await calls.client.query(
      `INSERT INTO litemaas_console.usage_ranges (range_start, range_end, state)
       VALUES ('2025-01-01', '2025-02-01', 'log_archived')`,
    );
    await expect(run(calls, seenBefore)).rejects.toThrow(/archived/);
    const preview = await calls.ask('changes', 'previewUndo', { batchId });
    expect(preview).toMatchObject({ toChange: 0, refused: 1, findings: [{ severity: 'error' }] });
    await expect(run(calls, preview)).rejects.toMatchObject({ code: 'validation' });
    expect(await zoneOf(calls)).toBe('Asia/Kathmandu');
  });

  it('is set back with journal and audit log, or not at all', async () => {
    const calls = await open();
    await change(calls, 'Asia/Kathmandu');
    const preview = await calls.ask('changes', 'previewUndo', { batchId: await batchOf(calls) });
    await calls.client.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'The trail is closed.'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON audit_logs FOR EACH ROW EXECUTE FUNCTION refuse()`);
    await expect(run(calls, preview)).rejects.toThrow(/The trail is closed/);
    expect(await zoneOf(calls)).toBe('Asia/Kathmandu');
    expect((await calls.client.query('SELECT FROM litemaas_console.changes')).rowCount).toBe(1);
  });
});

it('demo data leaves both lines, when it is loaded and when it is removed, and each says what takes it back', async () => {
  const calls = await open();
  const demo = createDemoHandlers({ demoFolder: 'src/main/demo/data' });
  const call = { signal, workspace: calls.workspace, report: () => undefined };
  await demo.load({}, call);
  await demo.remove({}, call);
  for (const action of ['DEMO_LOAD', 'DEMO_REMOVE']) {
    expect(await entryOf(calls, action)).toMatchObject({
      resourceType: 'DATABASE',
      resourceId: 'demo',
      undoRecordId: null,
      noUndo: expect.stringMatching(/^Cannot be undone/) as string,
    });
  }
  const { rows } = await calls.client.query(`
    SELECT c.action, c.record_kind, c.record_id, c.before IS NULL AS appears, c.after IS NULL AS goes
    FROM litemaas_console.changes c
    JOIN audit_logs a ON a.metadata ->> 'batchId' = c.batch_id::text AND a.xmin = c.xmin ORDER BY c.id`);
  const demoData = { record_kind: 'database', record_id: 'demo' };
  expect(rows).toEqual([
    { action: 'DEMO_LOAD', ...demoData, appears: true, goes: false },
    { action: 'DEMO_REMOVE', ...demoData, appears: false, goes: true },
  ]);
});
