import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  changeReportingTimeZone,
  previewReportingTimeZone,
} from '../../../src/main/settings/reporting-time-zone';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
import { type AreaCalls, openAreaCalls } from '../areas/area-calls';

let areas: AreaCalls;
const progress: string[] = [];
const call = (signal = new AbortController().signal) => ({
  signal,
  workspace: areas.workspace,
  report: ({ title, detail }: { title: string; detail?: string | undefined }) => {
    progress.push(`${title}: ${detail ?? ''}`);
  },
});

beforeAll(async () => {
  areas = await openAreaCalls();
  const { client } = areas;
  const user = await insertUser(client);
  const model = await insertModel(client);
  const subscription = await insertSubscription(client, { user_id: user.id, model_id: model.id });
  // 31 January in UTC, 1 February in Kathmandu.
  for (const createdAt of ['2026-01-31T20:00:00Z', '2026-01-31T22:00:00Z', '2026-02-10T00:00:00Z']) {
    await insertUsageLog(client, {
      subscription_id: subscription.id,
      model_id: model.id,
      created_at: createdAt,
      latency_ms: 5,
    });
  }
});
afterAll(() => areas.close());
beforeEach(async () => {
  progress.length = 0;
  await areas.client.query(`
    DELETE FROM litemaas_console.usage_ranges;
    DELETE FROM audit_logs;
    SELECT litemaas_console.rebuild_usage('UTC')`);
});

const days = async (): Promise<string[]> => {
  const { rows } = await areas.client.query<{ day: string }>(
    `SELECT to_char(day, 'MM-DD') || ' ' || sum(requests) AS day FROM litemaas_console.usage_daily
     GROUP BY usage_daily.day ORDER BY usage_daily.day`,
  );
  return rows.map(({ day }) => day);
};
const actions = async (): Promise<unknown[]> =>
  (await areas.client.query<object>('SELECT action, resource_type, resource_id, metadata FROM audit_logs'))
    .rows;
const archiveLog = () =>
  areas.client.query(
    `INSERT INTO litemaas_console.usage_ranges (range_start, range_end, state)
     VALUES ('2025-01-01', '2025-02-01', 'log_archived')`,
  );

describe('the preview of another reporting zone', () => {
  it('says what would be counted anew, and changes nothing', async () => {
    expect(await previewReportingTimeZone({ timeZone: 'Asia/Kathmandu' }, call())).toEqual({
      from: 'UTC',
      to: 'Asia/Kathmandu',
      requests: '3',
      months: 2,
      firstDay: '2026-01-31',
      lastDay: '2026-02-10',
      // Two days and two months of one subscription, and the latency of two days.
      rowsRewritten: '6',
      obstacle: null,
    });
    expect(await days()).toEqual(['01-31 2', '02-10 1']);
  });

  it('names what stands in the way', async () => {
    const obstacle = async (timeZone: string) =>
      (await previewReportingTimeZone({ timeZone }, call())).obstacle;
    expect(await obstacle('UTC')).toContain('already cut in UTC');
    expect(await obstacle('Mars/Olympus')).toContain('Mars/Olympus');
    await archiveLog();
    expect(await obstacle('Asia/Kathmandu')).toContain('archived');
  });
});

describe('changing the reporting zone', () => {
  it('cuts recorded usage into the new days and is recorded', async () => {
    expect(await changeReportingTimeZone({ timeZone: 'Asia/Kathmandu' }, call())).toEqual({
      timeZone: 'Asia/Kathmandu',
    });
    expect(await days()).toEqual(['02-01 2', '02-10 1']);
    expect(progress.at(-1)).toContain('3 requests');
    expect(await actions()).toEqual([
      {
        action: 'REPORTING_TIME_ZONE_UPDATE',
        resource_type: 'SETTING',
        resource_id: 'reporting_time_zone',
        metadata: expect.objectContaining({
          before: { timeZone: 'UTC' },
          after: { timeZone: 'Asia/Kathmandu' },
        }) as unknown,
      },
    ]);
  });

  it('is refused with the reason where the log is archived', async () => {
    await archiveLog();
    await expect(changeReportingTimeZone({ timeZone: 'Asia/Kathmandu' }, call())).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('archived') as string,
    });
    expect(await actions()).toEqual([]);
  });

  it('is refused while usage is aside of a deletion that is not finished', async () => {
    await areas.client.query(`
      INSERT INTO litemaas_console.moved_aside (record_kind, record_id, batch_id, way, action, label, actor)
      VALUES ('user', 'ana', gen_random_uuid(), 'delete', 'USER_DELETE', 'ana', 'somebody')`);
    const before = await days();
    await expect(changeReportingTimeZone({ timeZone: 'Asia/Kathmandu' }, call())).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('put it back') as string,
    });
    expect(await days()).toEqual(before);
    await areas.client.query('DELETE FROM litemaas_console.moved_aside');
    await changeReportingTimeZone({ timeZone: 'Asia/Kathmandu' }, call());
    expect(await days()).not.toEqual(before);
  });

  it('leaves figures, zone and audit log as they were when it is cancelled half-way', async () => {
    // The rebuild waits for this lock and is cancelled while it waits.
    const { client } = areas;
    await client.query('BEGIN');
    await client.query('LOCK TABLE usage_logs IN ROW EXCLUSIVE MODE');
    const controller = new AbortController();
    const changing = changeReportingTimeZone({ timeZone: 'Asia/Kathmandu' }, call(controller.signal));
    const refused = expect(changing).rejects.toMatchObject({ code: 'cancelled' });
    await expect
      .poll(async () => {
        const { rows } = await client.query<{ waiting: boolean }>(
          `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'usage_logs'::regclass) AS waiting`,
        );
        return rows[0]?.waiting;
      })
      .toBe(true);
    controller.abort();
    await refused;
    await client.query('ROLLBACK');
    expect(await days()).toEqual(['01-31 2', '02-10 1']);
    const { rows } = await client.query('SELECT litemaas_console.reporting_time_zone() AS zone');
    expect(rows).toEqual([{ zone: 'UTC' }]);
    expect(await actions()).toEqual([]);
  });
});
