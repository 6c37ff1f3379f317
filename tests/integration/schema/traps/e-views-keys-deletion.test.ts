import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgDialect } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { expect, it } from 'vitest';
import { findings } from '../../../../src/main/overview/findings';
import { migrate } from '../../../../src/main/postgres/migrate';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertTeam,
  insertUser,
} from '../../../support/builders';
import { migrationsFolder } from '../../../support/postgres-cluster';
import { createTestDatabase } from '../../../support/postgres';
import { describeTraps, one, outcomeOf, valueOf } from './describe-traps';
import { repairedDocumentSql } from './document-schema';
import { subscribe, use, useMany } from './trap-data';

/** What the overview says about the database. */
const countOfFinding = (client: pg.Client, kind: string): Promise<unknown> => {
  const found = findings.find((finding) => finding.kind === kind);
  if (!found) throw new Error(`There is no finding ${kind}`);
  const { sql, params } = new PgDialect().sqlToQuery(found.count);
  return valueOf(client, sql, params);
};

describeTraps('views, keys and deletion', (traps, major) => {
  it('E1: a column can be added to a table, and the views over it written again', async () => {
    const { document, ours } = traps;
    const addColumn = 'ALTER TABLE subscriptions ADD COLUMN note TEXT';
    await document.query(addColumn);
    // The document's own way: CREATE OR REPLACE with the same text, in which s.* has grown.
    const written = repairedDocumentSql('updated-active-subscriptions-view');
    expect(await outcomeOf(document, written)).toBe('42P16');

    const definition = String(await valueOf(ours, `SELECT pg_get_viewdef('active_subscriptions'::regclass)`));
    await ours.query(addColumn);
    const migration = await readFile(join(migrationsFolder, '0003_views.sql'), 'utf8');
    expect(await outcomeOf(ours, migration.replaceAll('CREATE VIEW', 'CREATE OR REPLACE VIEW'))).toBe(
      'succeeded',
    );
    expect(await valueOf(ours, `SELECT pg_get_viewdef('active_subscriptions'::regclass)`)).toBe(definition);
  });

  it('E2: a key that is tied to its subscription and listed for its model counts once', async () => {
    const keysOf = async (client: pg.Client): Promise<unknown> => {
      const { userId, modelId, subscriptionId } = await subscribe(client);
      const key = await insertApiKey(client, { user_id: userId, subscription_id: subscriptionId });
      // What the document's migration 002 does to every key of old.
      await insertApiKeyModel(client, { api_key_id: key.id, model_id: modelId });
      return valueOf(client, 'SELECT total_api_keys::int FROM active_subscriptions');
    };
    expect(await keysOf(traps.document)).toBe(2);
    expect(await keysOf(traps.ours)).toBe(1);
  });

  it('E3: a key without models has empty lists', async () => {
    const lists = async (client: pg.Client): Promise<unknown> => {
      await insertApiKey(client, { user_id: (await insertUser(client)).id });
      return one(
        client,
        'SELECT model_ids, model_names, model_providers, model_count::int FROM api_keys_with_models',
      );
    };
    expect(await lists(traps.document)).toEqual({
      model_ids: [null],
      model_names: [null],
      model_providers: [null],
      model_count: 0,
    });
    expect(await lists(traps.ours)).toEqual({
      model_ids: [],
      model_names: [],
      model_providers: [],
      model_count: 0,
    });
  });

  it('E4: usage is shown under the model that was called', async () => {
    for (const [client, shown] of [
      [traps.document, 'subscribed'],
      [traps.ours, 'called'],
    ] as const) {
      const subscribed = await subscribe(client);
      const called = await insertModel(client);
      await use(client, { ...subscribed, modelId: called.id });
      expect(await valueOf(client, 'SELECT model_id FROM usage_statistics')).toBe(
        shown === 'called' ? called.id : subscribed.modelId,
      );
    }
  });

  it('E5: deleting a subscription keeps its usage', async () => {
    const cancel = async (client: pg.Client): Promise<string> => {
      const subscribed = await subscribe(client);
      await useMany(client, subscribed, 3);
      await client.query('DELETE FROM subscriptions WHERE id = $1', [subscribed.subscriptionId]);
      return subscribed.subscriptionId;
    };
    const left = `SELECT (SELECT count(*)::int FROM usage_logs) AS logged,
      (SELECT count(*)::int FROM usage_summaries) AS summaries`;
    await cancel(traps.document);
    expect(await one(traps.document, left)).toEqual({ logged: 0, summaries: 0 });

    const { ours } = traps;
    const subscriptionId = await cancel(ours);
    expect(
      await one(
        ours,
        `SELECT count(*)::int AS requests, min(reason) AS reason FROM litemaas_console.unattributed_usage
         WHERE subscription_id = $1`,
        [subscriptionId],
      ),
    ).toEqual({ requests: 3, reason: 'subscription_deleted' });
    for (const rollup of ['usage_daily', 'usage_monthly']) {
      const sum = `SELECT sum(requests)::int FROM litemaas_console.${rollup} WHERE subscription_id = $1`;
      expect(await valueOf(ours, sum, [subscriptionId])).toBe(3);
    }
  });

  it('E6: deleting a model never leaves an active key without models, which could call all of them', async () => {
    const keyWithOneModel = async (
      client: pg.Client,
      columns: Readonly<Record<string, unknown>> = {},
    ): Promise<{ modelId: string; keyId: string }> => {
      const user = await insertUser(client);
      const model = await insertModel(client);
      const key = await insertApiKey(client, { user_id: user.id, ...columns });
      await insertApiKeyModel(client, { api_key_id: key.id, model_id: model.id });
      return { modelId: model.id, keyId: key.id };
    };
    const deleteModel = 'DELETE FROM models WHERE id = $1';
    const modelsOf = 'SELECT count(*)::int FROM api_key_models WHERE api_key_id = $1';
    const inDocument = await keyWithOneModel(traps.document);
    expect(await outcomeOf(traps.document, deleteModel, [inDocument.modelId])).toBe('succeeded');
    expect(await valueOf(traps.document, modelsOf, [inDocument.keyId])).toBe(0);

    const { ours } = traps;
    const inUse = await keyWithOneModel(ours);
    expect(await outcomeOf(ours, deleteModel, [inUse.modelId])).toBe('23503');
    expect(await valueOf(ours, modelsOf, [inUse.keyId])).toBe(1);
    const second = await insertModel(ours);
    await insertApiKeyModel(ours, { api_key_id: inUse.keyId, model_id: second.id });
    expect(await outcomeOf(ours, deleteModel, [inUse.modelId])).toBe('succeeded');
    const inactive = await keyWithOneModel(ours, { is_active: false });
    expect(await outcomeOf(ours, deleteModel, [inactive.modelId])).toBe('succeeded');
    expect(await outcomeOf(ours, deleteModel, [(await subscribe(ours)).modelId])).toBe('23503');
  });

  it('E7: whoever created a team can be deleted, and the audit trail keeps who acted', async () => {
    const remove = async (client: pg.Client): Promise<{ id: string; outcomes: string[] }> => {
      const creator = await insertUser(client);
      await insertTeam(client, { created_by: creator.id });
      const { id } = await insertUser(client);
      await client.query(
        `INSERT INTO audit_logs (user_id, action, metadata) VALUES ($1, 'USER_UPDATE', '{"kept": 1}')`,
        [id],
      );
      const statement = 'DELETE FROM users WHERE id = $1';
      return {
        id,
        outcomes: [
          await outcomeOf(client, statement, [creator.id]),
          await outcomeOf(client, statement, [id]),
        ],
      };
    };
    const trail = `SELECT user_id, metadata FROM audit_logs`;
    expect((await remove(traps.document)).outcomes).toEqual(['23503', 'succeeded']);
    expect(await one(traps.document, trail)).toEqual({ user_id: null, metadata: { kept: 1 } });

    const { id, outcomes } = await remove(traps.ours);
    expect(outcomes).toEqual(['succeeded', 'succeeded']);
    expect(await one(traps.ours, trail)).toEqual({
      user_id: null,
      metadata: { kept: 1, former_user_id: id },
    });
  });

  it('E8: a migration can add a status, and the next one use it', async () => {
    const { document, ours } = traps;
    const add = `ALTER TYPE subscription_status ADD VALUE 'archived'`;
    await subscribe(document);
    const useIt = `UPDATE subscriptions SET status = 'archived'`;
    expect(await outcomeOf(document, useIt)).toBe('22P02');
    await document.query(add);
    expect(await outcomeOf(document, useIt)).toBe('55P04');
    expect(await outcomeOf(ours, useIt)).toBe('22P02');

    const folder = await mkdtemp(join(tmpdir(), 'litemaas-migrations-'));
    const database = await createTestDatabase({ major });
    try {
      await cp(migrationsFolder, folder, { recursive: true });
      await writeFile(
        join(folder, '9998_add.sql'),
        `-- Adds a status.\n-- litemaas: no-transaction\n${add};\n`,
      );
      await writeFile(
        join(folder, '9999_use.sql'),
        `-- Uses it.\nALTER TABLE subscriptions ALTER COLUMN status SET DEFAULT 'archived';\n`,
      );
      const path = join(folder, 'meta', '_journal.json');
      const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: { when: number }[] };
      const added = ['9998_add', '9999_use'].map((tag, index) => ({
        idx: 9998 + index,
        version: '7',
        when: Math.max(...journal.entries.map(({ when }) => when)) + 1 + index,
        tag,
        breakpoints: true,
      }));
      await writeFile(path, JSON.stringify({ ...journal, entries: [...journal.entries, ...added] }));
      expect((await migrate(database.config, { folder })).applied).toEqual(['9998_add', '9999_use']);
    } finally {
      await database.drop();
      await rm(folder, { recursive: true });
    }
  });

  it('E9: changing a team moves its time of change', async () => {
    const isMoved = async (client: pg.Client): Promise<unknown> => {
      const { id } = await insertTeam(client, { updated_at: '2024-01-01T00:00:00Z' });
      await client.query(`UPDATE teams SET description = 'changed' WHERE id = $1`, [id]);
      return valueOf(client, `SELECT updated_at > '2024-01-01T00:00:00Z' FROM teams WHERE id = $1`, [id]);
    };
    expect(await isMoved(traps.document)).toBe(false);
    expect(await isMoved(traps.ours)).toBe(true);

    // The document's function on a table without the column makes every update of it fail.
    const key = await insertApiKey(traps.document, { user_id: (await insertUser(traps.document)).id });
    await traps.document.query(`CREATE TRIGGER update_api_keys_updated_at BEFORE UPDATE ON api_keys
      FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()`);
    expect(await outcomeOf(traps.document, `UPDATE api_keys SET name = 'n' WHERE id = $1`, [key.id])).toBe(
      '42703',
    );
    const { rows } = await traps.ours.query(`
      SELECT t.tgrelid::regclass::text AS "table" FROM pg_trigger t
      WHERE t.tgfoid = 'update_updated_at_column'::regproc AND NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = t.tgrelid AND a.attname = 'updated_at')`);
    expect(rows).toEqual([]);
  });

  it('E10: states, roles and counters are never NULL, and no word beyond those that exist', async () => {
    const attempts: readonly (readonly [string, string])[] = [
      [`UPDATE users SET sync_status = 'banana'`, '23514'],
      [`UPDATE teams SET sync_status = 'banana'`, '23514'],
      [`UPDATE subscriptions SET sync_status = 'banana'`, '23514'],
      [`UPDATE api_keys SET sync_status = 'banana'`, '23514'],
      [`UPDATE team_members SET role = 'banana'`, '23514'],
      [`UPDATE usage_summaries SET period_type = 'banana'`, '23514'],
      [`UPDATE users SET sync_status = NULL`, '23502'],
      [`UPDATE users SET roles = NULL`, '23502'],
      [`UPDATE users SET is_active = NULL`, '23502'],
      [`UPDATE subscriptions SET status = NULL`, '23502'],
      [`UPDATE subscriptions SET used_requests = NULL`, '23502'],
      [`UPDATE subscriptions SET used_tokens = NULL`, '23502'],
      [`UPDATE api_keys SET is_active = NULL`, '23502'],
      [`UPDATE models SET is_active = NULL`, '23502'],
    ];
    for (const client of [traps.document, traps.ours]) {
      const subscribed = await subscribe(client);
      await insertApiKey(client, { user_id: subscribed.userId });
      const team = await insertTeam(client);
      await client.query('INSERT INTO team_members (team_id, user_id) VALUES ($1, $2)', [
        team.id,
        subscribed.userId,
      ]);
      await use(client, subscribed);
      for (const [statement, refusal] of attempts) {
        const expected = client === traps.ours ? refusal : 'succeeded';
        expect([statement, await outcomeOf(client, statement)]).toEqual([statement, expected]);
      }
    }
  });

  it('E11: people whose addresses differ only in case are found', async () => {
    const find = `SELECT FROM users WHERE lower(email) = 'a@x.com'`;
    const planOf = async (client: pg.Client): Promise<string> => {
      for (const email of ['A@x.com', 'a@X.com']) await insertUser(client, { email });
      await client.query('SET LOCAL enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${find}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    expect(await planOf(traps.document)).toContain('Filter: (lower(');

    const plan = await planOf(traps.ours);
    expect(plan).toContain('idx_users_email_lower');
    expect(plan).toContain('Index Cond: (lower(');
    expect(await countOfFinding(traps.ours, 'users_same_email')).toBe(2);
  });

  it('E12: a prefix longer than "sk-litellm" fits', async () => {
    const insert = `INSERT INTO api_keys (user_id, key_hash, key_prefix) VALUES ($1, 'hash', 'sk-litellm-1')`;
    const { id } = await insertUser(traps.document);
    expect(await outcomeOf(traps.document, insert, [id])).toBe('22001');
    expect(await outcomeOf(traps.ours, insert, [(await insertUser(traps.ours)).id])).toBe('succeeded');
  });

  it('E13: no index repeats a unique one, and every index of the document is there by its name', async () => {
    const repeated = `
      SELECT c.relname AS name FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
      JOIN pg_index u ON u.indrelid = i.indrelid AND u.indisunique
      WHERE NOT i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AND u.indpred IS NULL AND u.indexprs IS NULL
        AND starts_with(u.indkey::text || ' ', i.indkey::text || ' ')
        AND starts_with(u.indclass::text || ' ', i.indclass::text || ' ')
        AND starts_with(u.indcollation::text || ' ', i.indcollation::text || ' ')
      ORDER BY 1`;
    const names = async (client: pg.Client, query: string): Promise<string[]> => {
      const { rows } = await client.query<{ name: string }>(query);
      return rows.map(({ name }) => name);
    };
    expect(await names(traps.document, repeated)).toEqual([
      'idx_api_key_models_key',
      'idx_api_keys_hash',
      'idx_team_members_team',
      'idx_usage_summaries_subscription',
      'idx_users_email',
      'idx_users_oauth',
      'idx_users_username',
    ]);
    expect(await names(traps.ours, repeated)).toEqual([]);

    const named = `SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'idx\\_%'`;
    const documented = await names(traps.document, named);
    expect(documented.length).toBeGreaterThan(30);
    expect(await names(traps.ours, named)).toEqual(expect.arrayContaining(documented));
  });

  it('E14: no query of the console answers with the value of a key', async () => {
    const value = 'sk-the-whole-key';
    const { id } = await insertUser(traps.document);
    await insertApiKey(traps.document, { user_id: id, lite_llm_key_value: value });
    expect(await one(traps.document, 'SELECT * FROM api_keys')).toMatchObject({ lite_llm_key_value: value });

    await insertApiKey(traps.ours, { user_id: (await insertUser(traps.ours)).id, lite_llm_key_value: value });
    for (const view of ['api_keys_with_models', 'active_subscriptions', 'usage_statistics'])
      expect(JSON.stringify((await traps.ours.query(`SELECT * FROM ${view}`)).rows)).not.toContain(value);

    // In the console's own source the column is written as NULL, asked whether it is there, or hashed in SQL.
    const harmless = [
      /lite_llm_key_value: sql`NULL`/,
      /lite_llm_key_value IS NOT NULL/,
      /sha256\(convert_to\(lite_llm_key_value, 'UTF8'\)\)/,
      /liteLlmKeyValue: varchar\('lite_llm_key_value'/,
    ];
    const source = new URL('../../../../src/main/', import.meta.url);
    const mentions: string[] = [];
    for (const path of await readdir(source, { recursive: true })) {
      if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
      const lines = (await readFile(new URL(path, source), 'utf8')).split('\n');
      mentions.push(...lines.filter((line) => /lite_?llm_?key_?value/i.test(line)));
    }
    expect(mentions.length).toBeGreaterThan(0);
    expect(mentions.filter((line) => !harmless.some((form) => form.test(line)))).toEqual([]);
  });
});
