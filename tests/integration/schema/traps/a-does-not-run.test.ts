import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { expect, it } from 'vitest';
import { migrate, preflight, readMigrations } from '../../../../src/main/postgres/migrate';
import { importUsage } from '../../../../src/main/usage-log/import-usage';
import { insertApiKey, insertApiKeyModel, insertUser } from '../../../support/builders';
import { asAdmin, migrationsFolder } from '../../../support/postgres-cluster';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres';
import { openTestSession } from '../../../support/test-session';
import { describeTraps, one, outcomeOf, valueOf } from './describe-traps';
import { documentSql, repairedDocumentParts, repairedDocumentSql } from './document-schema';
import { importRow, requestTime, subscribe, use } from './trap-data';

/** Work as a role that may connect and nothing else. The role is gone afterwards. */
async function asVisitor<T>(
  database: TestDatabase,
  work: (client: pg.Client, visitor: string) => Promise<T>,
): Promise<T> {
  const client = await openTestSession(database.adminConfig);
  const visitor = `visitor_${randomBytes(4).toString('hex')}`;
  try {
    await client.query(`BEGIN; CREATE ROLE ${visitor}; SET LOCAL ROLE ${visitor}`);
    return await work(client, visitor);
  } finally {
    await client.end();
  }
}

describeTraps('what of the document does not run', (traps, major) => {
  it('A1: a user has one active subscription to a model and any number of others', async () => {
    expect(await outcomeOf(traps.document, documentSql('subscriptions'))).toBe('42601');

    const { ours } = traps;
    const { userId, modelId } = await subscribe(ours);
    const again = `INSERT INTO subscriptions (user_id, model_id, status) VALUES ($1, $2, $3)`;
    expect(await outcomeOf(ours, again, [userId, modelId, 'active'])).toBe('23505');
    expect(await outcomeOf(ours, again, [userId, modelId, 'pending'])).toBe('succeeded');
    expect(await outcomeOf(ours, again, [userId, modelId, 'pending'])).toBe('succeeded');
    const activate = `UPDATE subscriptions SET status = 'active' WHERE status = 'pending' AND user_id = $1`;
    expect(await outcomeOf(ours, activate, [userId])).toBe('23505');
    await ours.query(`UPDATE subscriptions SET status = 'cancelled' WHERE status = 'active'`);
    expect(await outcomeOf(ours, activate, [userId])).toBe('23505');
  });

  it('A2: the usage log is partitioned by time and has a primary key', async () => {
    await traps.document.query('DROP TABLE usage_logs CASCADE');
    expect(await outcomeOf(traps.document, documentSql('usage-logs'))).toBe('0A000');

    const { ours } = traps;
    const key = `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'usage_logs'::regclass AND contype = 'p'`;
    expect(await valueOf(ours, key)).toBe('PRIMARY KEY (id, created_at)');
    expect(await valueOf(ours, `SELECT relkind FROM pg_class WHERE oid = 'usage_logs'::regclass`)).toBe('p');
    const subscribed = await subscribe(ours);
    const id = await use(ours, subscribed);
    expect(
      await outcomeOf(
        ours,
        `INSERT INTO usage_logs (id, subscription_id, model_id, request_tokens, response_tokens, created_at)
         VALUES ($1, $2, $3, 1, 1, $4)`,
        [id, subscribed.subscriptionId, subscribed.modelId, requestTime],
      ),
    ).toBe('23505');
  });

  it("A3: an active subscription counts its subscriber's keys and nobody else's", async () => {
    expect(await outcomeOf(traps.document, documentSql('updated-active-subscriptions-view'))).toBe('42P01');

    const { ours } = traps;
    const { userId, modelId, subscriptionId } = await subscribe(ours);
    const other = await insertUser(ours);
    for (const owner of [userId, userId, other.id]) {
      const key = await insertApiKey(ours, { user_id: owner });
      await insertApiKeyModel(ours, { api_key_id: key.id, model_id: modelId });
    }
    expect(
      await valueOf(ours, 'SELECT total_api_keys::int FROM active_subscriptions WHERE id = $1', [
        subscriptionId,
      ]),
    ).toBe(2);
  });

  it('A4: no migration creates a table that exists already', async () => {
    expect(await outcomeOf(traps.document, documentSql('migration-001'))).toBe('42P07');

    const texts = (await readMigrations(migrationsFolder)).flatMap(({ statements }) => statements);
    expect(texts.join('\n').match(/CREATE TABLE public\.api_key_models/g)).toHaveLength(1);
    expect(await outcomeOf(traps.ours, 'SELECT FROM api_key_models')).toBe('succeeded');
  });

  it('A5: creating the schema again changes nothing', async () => {
    const outcomes: Record<string, string> = {};
    for (const part of repairedDocumentParts) {
      const outcome = await outcomeOf(traps.document, repairedDocumentSql(part));
      if (outcome !== 'succeeded') outcomes[part] = outcome;
    }
    expect(outcomes).toEqual({
      users: '42P07',
      models: '42P07',
      teams: '42P07',
      'team-members': '42P07',
      subscriptions: '42710',
      'api-keys': '42P07',
      'api-key-models': '42P07',
      'usage-logs': '42P07',
      'usage-logs-partition': '42P07',
      'usage-logs-indexes': '42P07',
      'usage-summaries': '42P07',
      'audit-logs': '42P07',
      'updated-at-trigger': '42710',
      'quota-trigger': '42710',
      'usage-summary-trigger': '42710',
      'active-subscriptions-view': '42P07',
      'usage-statistics-view': '42P07',
    });

    expect(await migrate(traps.ourDatabase.config, { folder: migrationsFolder })).toEqual({
      applied: [],
      changed: [],
    });
  });

  it('A6: a request of today, of the coming months and of any other time can be logged', async () => {
    const subscribedInDocument = await subscribe(traps.document);
    const log = `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
      VALUES ($1, $2, 1, 1, CURRENT_TIMESTAMP + $3::interval)`;
    const { subscriptionId, modelId } = subscribedInDocument;
    expect(await outcomeOf(traps.document, log, [subscriptionId, modelId, '0'])).toBe('23514');

    const { ours } = traps;
    const subscribed = await subscribe(ours);
    for (const distance of ['0', '3 months', '-36 months', '5 years', '-30 years'])
      await ours.query(log, [subscribed.subscriptionId, subscribed.modelId, distance]);
    const { rows } = await ours.query(`
      SELECT CASE WHEN tableoid = 'usage_logs_default'::regclass THEN 'default'
        WHEN tableoid::regclass::text = 'usage_logs_' || to_char(created_at AT TIME ZONE 'UTC', 'YYYY_MM') THEN 'month'
        END AS partition, count(*)::int AS requests
      FROM usage_logs GROUP BY 1 ORDER BY 1`);
    expect(rows).toEqual([
      { partition: 'default', requests: 2 },
      { partition: 'month', requests: 3 },
    ]);
  });

  it('A7: a request of a multi-model key is kept, also while no subscription is known for it', async () => {
    const keyless = await subscribe(traps.document);
    const multiModel = await insertApiKey(traps.document, { user_id: keyless.userId });
    expect(
      await outcomeOf(
        traps.document,
        `INSERT INTO usage_logs (subscription_id, api_key_id, model_id, request_tokens, response_tokens, created_at)
         SELECT ak.subscription_id, ak.id, $2, 1, 1, $3 FROM api_keys ak WHERE ak.id = $1`,
        [multiModel.id, keyless.modelId, requestTime],
      ),
    ).toBe('23502');

    const { ours } = traps;
    const subscribed = await subscribe(ours);
    const { userId, subscriptionId } = subscribed;
    const key = await insertApiKey(ours, { user_id: userId });
    const row = importRow(subscribed, { apiKeyId: key.id });
    const recorded = `SELECT subscription_id, sum(requests)::int AS requests FROM litemaas_console.usage_daily
      WHERE user_id = $1 GROUP BY 1 HAVING sum(requests) > 0`;
    expect(await importUsage(ours, [{ ...row, subscriptionId: null }], { countUsage: true })).toMatchObject({
      unattributed: 1,
    });
    expect(await one(ours, recorded, [userId])).toEqual({ subscription_id: null, requests: 1 });
    expect(await importUsage(ours, [row], { countUsage: true })).toMatchObject({
      inserted: 1,
    });
    expect(await one(ours, recorded, [userId])).toEqual({ subscription_id: subscriptionId, requests: 1 });
  });

  it('A8: the schema needs no extension', async () => {
    const refused = await asVisitor(traps.documentDatabase, (client) =>
      outcomeOf(client, documentSql('initial-setup')),
    );
    expect(refused).toBe('42501');

    const empty = await createTestDatabase({ major, migrated: false });
    try {
      // A server on which no extension can be created, whoever asks.
      await asAdmin(
        empty.cluster,
        (client) =>
          client.query(`
            CREATE SCHEMA host; CREATE FUNCTION host.refuse() RETURNS event_trigger LANGUAGE plpgsql AS
              $$BEGIN RAISE EXCEPTION 'not here' USING ERRCODE = 'insufficient_privilege'; END$$;
            CREATE EVENT TRIGGER no_extensions ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION')
              EXECUTE FUNCTION host.refuse()`),
        empty.name,
      );
      const { applied } = await migrate(empty.config, { folder: migrationsFolder });
      expect(applied).toEqual(expect.arrayContaining(['0009_list_indexes', 'routines/110_contains_indexes']));
      const client = await openTestSession(empty.config);
      try {
        expect((await client.query('SELECT extname FROM pg_extension')).rows).toEqual([
          { extname: 'plpgsql' },
        ]);
        expect((await insertUser(client)).id).toMatch(/^[0-9a-f-]{36}$/);
      } finally {
        await client.end();
      }
    } finally {
      await empty.drop();
    }
  });

  it('A9: a role that may not create tables is told which right is missing', async () => {
    const refused = await asVisitor(traps.documentDatabase, (client) =>
      outcomeOf(client, documentSql('users')),
    );
    expect(refused).toBe('42501');

    const hint = await asVisitor(traps.documentDatabase, async (client, visitor) => {
      const checks = await preflight(client);
      return checks.find(({ check }) => check === 'schema_privilege')?.hint?.replace(visitor, 'visitor');
    });
    expect(hint).toBe('GRANT USAGE, CREATE ON SCHEMA public TO visitor;');
  });
});
