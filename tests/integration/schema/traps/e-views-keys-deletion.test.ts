import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { expect, it } from 'vitest';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertTeam,
  insertUser,
} from '../../../support/builders';
import { migrationsFolder } from '../../../support/postgres-cluster';
import { describeTraps, one, outcomeOf, valueOf } from './describe-traps';
import { repairedDocumentSql } from './document-schema';
import { subscribe, use, useMany } from './trap-data';

describeTraps('views, keys and deletion', (traps) => {
  it('E1: a column can be added to a table, and the views over it written again', async () => {
    const { document, ours } = traps;
    const addColumn = 'ALTER TABLE subscriptions ADD COLUMN note TEXT';
    await document.query(addColumn);
    // The document's own way: CREATE OR REPLACE with the same text, in which s.* has grown.
    const written = repairedDocumentSql('updated-active-subscriptions-view');
    expect(await outcomeOf(document, written)).toBe('42P16');

    const definition = String(await valueOf(ours, `SELECT pg_get_viewdef('active_subscriptions'::regclass)`));
    await ours.query(addColumn);
    const routine = await readFile(
      join(migrationsFolder, 'routines', '200_active_subscriptions.sql'),
      'utf8',
    );
    expect(await outcomeOf(ours, routine)).toBe('succeeded');
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

  it('E14: no query of the console answers with the value of a key', async () => {
    const value = 'sk-the-whole-key';
    const { id } = await insertUser(traps.document);
    await insertApiKey(traps.document, { user_id: id, lite_llm_key_value: value });
    expect(await one(traps.document, 'SELECT * FROM api_keys')).toMatchObject({ lite_llm_key_value: value });

    await insertApiKey(traps.ours, { user_id: (await insertUser(traps.ours)).id, lite_llm_key_value: value });
    for (const view of ['api_keys_with_models', 'active_subscriptions', 'usage_statistics'])
      expect(JSON.stringify((await traps.ours.query(`SELECT * FROM ${view}`)).rows)).not.toContain(value);

    // In the console's own source the column is written as NULL or at a person's wish, asked whether it is there or may be read, hashed in SQL,
    // or left out.
    const harmless = [
      /lite_llm_key_value: sql`NULL`/,
      /lite_llm_key_value IS NOT NULL/,
      /has_column_privilege\(\$\{tables\.api_keys\}, 'lite_llm_key_value', 'SELECT'\)/,
      /sha256\(convert_to\((?:k\.)?lite_llm_key_value, 'UTF8'\)\)/,
      /liteLlmKeyValue: varchar\('lite_llm_key_value'/,
      // Written for whoever makes a key and wants LiteMaaS to be able to show it.
      /INSERT INTO \$\{table\('api_keys'\)\} \(.*key_prefix, lite_llm_key_value,$/,
      // The one command that shows it, with a line in the audit log.
      /^\s*SELECT k\.lite_llm_key_value AS secret FROM/,
      // Left out of what is kept of a deleted row.
      /\[apiKeys\.liteLlmKeyValue\.name\]/,
    ];
    const source = new URL('../../../../src/main/', import.meta.url);
    const mentions: string[] = [];
    for (const path of await readdir(source, { recursive: true })) {
      // The expected catalogue describes the schema and queries nothing.
      if (!path.endsWith('.ts') || /(?:\.test|expected-catalogue)\.ts$/.test(path)) continue;
      const lines = (await readFile(new URL(path, source), 'utf8')).split('\n');
      mentions.push(...lines.filter((line) => /lite_?llm_?key_?value/i.test(line)));
    }
    expect(mentions.length).toBeGreaterThan(0);
    expect(mentions.filter((line) => !harmless.some((form) => form.test(line)))).toEqual([]);
  });
});
