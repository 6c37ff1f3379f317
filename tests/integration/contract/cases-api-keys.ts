import { expect } from 'vitest';
import { type Cases, client, id, sql } from './contract-world';

/** Changing API keys, and why one is refused. */
export const apiKeyCases: Cases = {
  'apiKeys.previewUpdate': async () => {
    const targets = { filter: { filters: {}, search: 'laptop' } };
    expect(
      await client.ask('apiKeys', 'previewUpdate', { targets, changes: { maxBudget: '5' } }),
    ).toMatchObject({
      ...{ action: 'API_KEY_UPDATE', toChange: 1 },
      records: [{ id: id('key'), label: 'laptop', fields: [{ field: 'maxBudget', after: '5' }] }],
    });
  },
  'apiKeys.previewEdits': async () => {
    const { version } = await client.ask('apiKeys', 'get', { id: id('key') });
    const edits = [{ id: id('key'), version, changes: { models: 'all' as const } }];
    expect(await client.ask('apiKeys', 'previewEdits', { edits })).toMatchObject({
      records: [{ fields: [{ field: 'models', before: ['gpt'], after: ['all-proxy-models'] }] }],
    });
  },
  'apiKeys.previewRevoke': async () => {
    const { version } = await client.ask('apiKeys', 'get', { id: id('key') });
    const targets = { selected: [{ id: id('key'), version }] };
    expect(await client.ask('apiKeys', 'previewRevoke', { targets })).toMatchObject({
      ...{ action: 'API_KEY_REVOKE', grade: 'reaches_people', toChange: 1 },
    });
  },
  'apiKeys.previewDelete': async () => {
    const { version } = await client.ask('apiKeys', 'get', { id: id('key') });
    const targets = { selected: [{ id: id('key'), version }] };
    // It works: it is revoked first.
    expect(await client.ask('apiKeys', 'previewDelete', { targets })).toMatchObject({
      ...{ action: 'API_KEY_DELETE', toChange: 0, refused: 1 },
    });
  },
  'apiKeys.reveal': async () => {
    const asked = { id: id('key'), reason: 'its owner lost it' };
    await expect(client.ask('apiKeys', 'reveal', asked)).rejects.toMatchObject({ code: 'not_found' });
    await sql.query(`UPDATE api_keys SET lite_llm_key_value = 'sk-contract-test-key' WHERE id = $1`, [
      asked.id,
    ]);
    expect(await client.ask('apiKeys', 'reveal', asked)).toMatchObject({ secret: 'sk-contract-test-key' });
    await sql.query('UPDATE api_keys SET lite_llm_key_value = NULL WHERE id = $1', [asked.id]);
    const { rows } = await sql.query(
      `SELECT action, metadata->>'reason' AS reason, metadata::text LIKE '%contract-test%' AS told
       FROM audit_logs WHERE resource_id = $1 AND action = 'API_KEY_REVEAL'`,
      [asked.id],
    );
    expect(rows).toEqual([{ action: 'API_KEY_REVEAL', reason: asked.reason, told: false }]);
  },
  'apiKeys.budgets': async () => {
    const { levels } = await client.ask('apiKeys', 'budgets', { id: id('key') });
    expect(levels).toMatchObject([
      { level: 'key', record: { id: id('key'), label: 'laptop' }, enforcement: 'enforced' },
      ...levels.slice(1),
    ]);
    expect(levels.filter(({ isStrictest }) => isStrictest)).toHaveLength(1);
  },
  'apiKeys.explainRefusal': async () => {
    const text = 'sk-contract-test-key: model gpt is refused';
    const answer = await client.ask('apiKeys', 'explainRefusal', { text });
    expect(answer).toMatchObject({ candidates: [{ id: id('key') }], said: { model: 'gpt' } });
    expect(JSON.stringify(answer)).not.toContain('contract-test-key');
  },
};
