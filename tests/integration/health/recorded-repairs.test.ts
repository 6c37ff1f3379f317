import { expect, it } from 'vitest';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { recordWrites } from '../../support/recorded-writes';
import { openHealthCalls } from './health-calls';

describeOnEachPostgres('whatever a repair writes in transactions', (major) => {
  it('is in journal and audit log, in the transaction that writes it', async () => {
    const calls = await openHealthCalls({ major });
    const superuser = await calls.connectAsAdmin();
    const { client } = calls;
    const user = await insertUser(client);
    const model = await insertModel(client);
    const { id } = await insertSubscription(client, { user_id: user.id, model_id: model.id });
    await insertUsageLog(client, {
      subscription_id: id,
      model_id: model.id,
      created_at: '2015-03-01T00:00:00Z',
    });
    const past = new Date();
    past.setUTCMonth(past.getUTCMonth() - 2, 1);
    await client.query(`
      DROP TABLE usage_logs_${past.toISOString().slice(0, 7).replace('-', '_')}; DROP INDEX users_contains;
      ALTER TABLE users DROP CONSTRAINT users_sync_status_check;
      ALTER TABLE users ADD CONSTRAINT users_sync_status_check
        CHECK (sync_status IN ('pending', 'synced', 'error')) NOT VALID`);
    const recorded = await recordWrites(superuser);
    try {
      for (const repair of [
        { kind: 'create_partitions' },
        { kind: 'move_default_rows' },
        {
          kind: 'validate_constraint',
          schema: 'public',
          table: 'users',
          constraint: 'users_sync_status_check',
        },
        { kind: 'create_search_indexes' },
        { kind: 'rebuild_usage' },
      ] as const) {
        await calls.repair(repair);
        const [transaction, ...others] = await recorded.take();
        expect(transaction, repair.kind).toMatchObject({ inJournal: true, inAudit: true });
        expect(transaction?.writes, repair.kind).not.toEqual([]);
        expect(others, repair.kind).toEqual([]);
      }
    } finally {
      await superuser.end();
      await calls.close();
    }
  });
});
