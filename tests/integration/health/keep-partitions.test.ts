import { hostname, userInfo } from 'node:os';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/main/postgres/database';
import { createPartition, missingPartitionMonths } from '../../../src/main/postgres/ensure-partitions';
import { keepPartitionsAhead } from '../../../src/main/usage-log/keep-partitions';
import type { OpenWorkspace } from '../../../src/main/workspace/open-workspace';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { createHarness } from '../litellm/harness';
import { type HealthCalls, openHealthCalls } from './health-calls';

const now = new Date();
const monthFromNow = (months: number): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months)).toISOString().slice(0, 7);
const partitionOf = (month: string): string => `usage_logs_${month.replace('-', '_')}`;
const { signal } = new AbortController();
const keep = (workspace: OpenWorkspace): Promise<void> =>
  keepPartitionsAhead(workspace, 'opening', { now, signal });

describeOnEachPostgres('the months of the usage log that opening a workspace keeps ready', (major) => {
  let calls: HealthCalls;
  const drop = async (...months: string[]): Promise<void> => {
    for (const month of months) await calls.client.query(`DROP TABLE ${partitionOf(month)}`);
  };
  const missing = (): Promise<string[]> => missingPartitionMonths(calls.client, now);
  /** Why Health says that they are not there. */
  const reason = async (): Promise<string | undefined> =>
    (await calls.finding('partitions', 'partitions:due')).facts[1]?.value;
  const records = async (): Promise<unknown[]> =>
    (
      await calls.client.query<object>(`
        SELECT c.actor, c.record_kind, c.record_id, c.before, c.after, a.resource_type, a.resource_id, a.metadata,
          a.xmin = c.xmin AS in_one_transaction
        FROM audit_logs a JOIN litemaas_console.changes c ON c.batch_id = (a.metadata ->> 'batchId')::uuid
        WHERE a.action = 'PARTITIONS_CREATE' AND c.action = a.action ORDER BY c.id`)
    ).rows;

  beforeAll(async () => {
    calls = await openHealthCalls({ major });
  });
  afterEach(async () => {
    for (const month of await missing()) await createPartition(calls.client, month);
    await calls.client.query('DELETE FROM audit_logs; DELETE FROM litemaas_console.changes');
  });
  afterAll(() => calls.close());

  it('are created with their lines in journal and audit log; those of the past are left to a person', async () => {
    await drop(monthFromNow(0), monthFromNow(3), monthFromNow(-1));
    await keep(calls.workspace);
    expect(await missing()).toEqual([monthFromNow(-1)]);
    const operator = { osUser: userInfo().username, host: hostname() };
    const found = await records();
    expect(found).toEqual(
      [monthFromNow(0), monthFromNow(3)].map((month) => {
        const after = { partitions: [partitionOf(month)] };
        return {
          actor: `${operator.osUser}@${operator.host}`,
          record_kind: 'database',
          record_id: 'public.usage_logs',
          before: null,
          after,
          resource_type: 'DATABASE',
          resource_id: 'public.usage_logs',
          metadata: expect.objectContaining({ before: null, after, occasion: 'opening', operator }) as object,
          in_one_transaction: true,
        };
      }),
    );
    await keep(calls.workspace);
    expect(await records()).toHaveLength(2);
  });

  it('are created once by two consoles that open at the same time', async () => {
    const other = openDatabase({ config: calls.workspace.database.config, readOnly: false, checkRows: true });
    onTestFinished(() => other.close());
    await drop(monthFromNow(1), monthFromNow(2));
    await Promise.all([keep(calls.workspace), keep({ ...calls.workspace, database: other })]);
    expect(await missing()).toEqual([]);
    expect(await records()).toHaveLength(2);
    expect(await calls.ids('partitions')).toEqual([]);
  });

  it('wait for nobody for long: usage is written beside, and Health says what was in the way', async () => {
    const { client } = calls;
    const user = await insertUser(client);
    const model = await insertModel(client);
    const subscription = await insertSubscription(client, { user_id: user.id, model_id: model.id });
    await drop(monthFromNow(2));
    const holder = await openTestSession(calls.workspace.database.config);
    onTestFinished(() => holder.end());
    await holder.query('BEGIN; LOCK TABLE subscriptions IN ROW EXCLUSIVE MODE');
    const keeping = keep(calls.workspace);
    await insertUsageLog(client, {
      subscription_id: subscription.id,
      model_id: model.id,
      created_at: now.toISOString(),
    });
    await keeping;
    expect(await missing()).toEqual([monthFromNow(2)]);
    expect(await reason()).toBe('Another session holds the rows or tables this needs.');
    expect(await records()).toEqual([]);

    await holder.query('ROLLBACK');
    await keep(calls.workspace);
    expect(await missing()).toEqual([]);
    await client.query('DELETE FROM usage_logs');
  });

  it('are left to a person while their rows lie in DEFAULT', async () => {
    const { client } = calls;
    await drop(monthFromNow(1));
    await client.query(`
      INSERT INTO usage_logs_default (subscription_id, model_id, request_tokens, response_tokens, created_at)
      SELECT id, model_id, 1, 1, '${monthFromNow(1)}-10Z' FROM subscriptions LIMIT 1`);
    await keep(calls.workspace);
    expect(await missing()).toEqual([monthFromNow(1)]);
    expect(await reason()).toBe(
      'Rows lie in the DEFAULT partition: while they are read and moved, usage cannot be written.',
    );
    await client.query('TRUNCATE usage_logs');
    await keep(calls.workspace);
    expect(await missing()).toEqual([]);
  });

  it('are not created where the log is another role’s: its code would run unasked', async () => {
    const asAdmin = openDatabase({ config: calls.adminConfig, readOnly: false, checkRows: true });
    onTestFinished(() => asAdmin.close());
    await drop(monthFromNow(1));
    await keep({ ...calls.workspace, database: asAdmin });
    expect(await missing()).toEqual([monthFromNow(1)]);
  });

  it('are not created where the routine is another role’s', async () => {
    const giveTo = (owner: string): Promise<void> =>
      calls.asAdmin(`ALTER FUNCTION litemaas_console.create_usage_partition(date) OWNER TO ${owner}`);
    await giveTo('CURRENT_USER');
    await drop(monthFromNow(1));
    await keep(calls.workspace);
    expect(await missing()).toEqual([monthFromNow(1)]);
    expect(await reason()).toMatch(/belongs to another role/);
    await giveTo('litemaas');
  });

  it('are created by a pull as well, which goes on where they cannot be', async () => {
    const harness = await createHarness({ major });
    onTestFinished(() => harness.close());
    const dropNext = `DROP TABLE public.${partitionOf(monthFromNow(1))}`;
    await harness.link();
    await harness.rows(dropNext);
    expect(await harness.pull()).toMatchObject({ state: 'succeeded' });
    expect(
      await harness.rows(
        `SELECT metadata ->> 'occasion' AS occasion FROM audit_logs WHERE action = 'PARTITIONS_CREATE'`,
      ),
    ).toEqual([{ occasion: 'pull' }]);

    await harness.rows(dropNext);
    await harness.rows(
      'ALTER FUNCTION litemaas_console.create_usage_partition(date) RENAME TO not_there_any_more',
    );
    expect(await harness.pull()).toMatchObject({ state: 'succeeded' });
  });

  it('stay as they are in a workspace that is open read-only', async () => {
    const readOnly = openDatabase({ config: calls.workspace.database.config, readOnly: true });
    onTestFinished(() => readOnly.close());
    await drop(monthFromNow(1));
    await keep({ ...calls.workspace, database: readOnly });
    expect(await missing()).toEqual([monthFromNow(1)]);
  });
});
