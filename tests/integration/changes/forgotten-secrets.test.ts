import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertModel, insertTeam } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type ModelCalls, openModelCalls } from './model-calls';

const secrets = [
  ['a key of LiteLLM', 'ask with sk-1234567890abcdef', '1234567890abcdef'],
  ['a password in an address', 'postgresql://app:hunter2@db/litellm', 'hunter2'],
  ['a header', 'Authorization: Bearer abc.def.ghi', 'abc.def.ghi'],
  ['JSON', '{"api_key": "qwertz-secret"}', 'qwertz-secret'],
] as const;

describeOnEachPostgres('a secret in a text of old', (major) => {
  let calls: ModelCalls;
  beforeAll(async () => {
    calls = await openModelCalls({ major });
  });
  afterAll(() => calls.close());

  /** Where a change is written down. */
  const written = async (): Promise<string> => {
    const rows = await calls.rows(
      `SELECT jsonb_build_array(to_jsonb(c))::text AS text FROM litemaas_console.changes AS c
       UNION ALL SELECT metadata::text FROM public.audit_logs`,
    );
    return JSON.stringify(rows);
  };

  it.each(secrets)('goes without being kept: %s', async (what, description, secret) => {
    const id = await insertModel(calls.client, { id: `of ${what}`, name: 'Old', description }).then(
      (row) => row.id,
    );
    const preview = await calls.previewModels([id], { description: 'none', name: 'New' });
    expect(JSON.stringify(preview)).not.toContain(secret);
    expect(preview.findings).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        text: expect.stringContaining('no undo brings it back') as string,
      }),
    );
    const { batchId } = await calls.run(preview, 'tidied up');
    expect(await written()).not.toContain(secret);
    // The rest comes back.
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.model(id)).toMatchObject({ name: 'Old', description: 'none' });
    expect(await written()).not.toContain(secret);
  });

  it('makes no record go that was only rid of it', async () => {
    const { id } = await insertModel(calls.client, { id: 'rid of it', description: 'sk-1234567890abcdef' });
    const { batchId } = await calls.changeModels([id], { description: null });
    expect(await calls.ask('changes', 'previewUndo', { batchId, recordId: null })).toMatchObject({
      toChange: 0,
      unchanged: 1,
    });
    expect(await calls.model(id)).toMatchObject({ id, description: null });
  });

  it('is not in what a deletion writes down', async () => {
    const { id } = await insertTeam(calls.client, { name: 'Old crew', description: 'sk-1234567890abcdef' });
    const { rows } = await calls.ask('teams', 'list', { search: 'Old crew', filters: {} });
    const targets = { selected: [{ id, version: rows[0]?.version ?? '' }] };
    await calls.run(await calls.ask('teams', 'previewDelete', { targets }), 'ashore');
    expect(await written()).not.toContain('1234567890abcdef');
  });
});
