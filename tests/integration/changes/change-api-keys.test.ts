import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiKeysChange } from '../../../src/main/api-keys/api-keys-change';
import type { ApiKeyChanges } from '../../../src/shared/contract/api-keys';
import {
  insertApiKey,
  insertApiKeyModel,
  insertLiteLlmObject,
  insertModel,
  insertTeam,
  insertTeamMember,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openAreaCalls } from '../areas/area-calls';
import { type KeyCalls, openKeyCalls } from './key-calls';

const value = 'sk-0123456789abcdefghijklmnop';

describeOnEachPostgres('changing API keys', (major) => {
  let calls: KeyCalls;
  let ana: string;
  beforeAll(async () => {
    calls = await openKeyCalls({ major });
    ana = (await insertUser(calls.client, { username: 'ana' })).id;
    for (const model of ['gpt', 'llama', 'mistral']) await insertModel(calls.client, { id: model });
  });
  afterAll(() => calls.close());

  const makeKey = async (
    columns: Readonly<Record<string, unknown>> & { readonly value?: string } = {},
    models: readonly string[] = ['gpt'],
  ): Promise<string> => {
    const { id } = await insertApiKey(calls.client, { user_id: ana, ...columns });
    for (const model of models) await insertApiKeyModel(calls.client, { api_key_id: id, model_id: model });
    return id;
  };
  const makeTeam = async (columns: Readonly<Record<string, unknown>>, members: readonly string[] = []) => {
    const { id } = await insertTeam(calls.client, columns);
    for (const user of members) await insertTeamMember(calls.client, { team_id: id, user_id: user });
    return id;
  };
  const textsOf = ({ findings }: { readonly findings: readonly { readonly text: string }[] }): string[] =>
    findings.map(({ text }) => text);

  it('writes what was previewed, and journal, audit trail and result agree; an undo takes it back', async () => {
    const id = await makeKey({
      ...{ value, lite_llm_key_value: value, name: 'Laptop', litellm_key_alias: 'laptop' },
      ...{ max_budget: '10', rpm_limit: '60', metadata: { note: 'kept' } },
    });
    const changes: ApiKeyChanges = {
      ...{ name: 'Notebook', litellmKeyAlias: null, maxBudget: null, rpmLimit: '0', budgetDuration: '7d' },
      models: ['llama', 'azure/*', 'gpt'],
    };
    const preview = await calls.previewKeys([id], changes);
    expect(preview).toMatchObject({
      ...{ action: 'API_KEY_UPDATE', grade: 'reaches_people', total: 1, toChange: 1, litellm: null },
      records: [{ id, label: 'Laptop', way: 'update' }],
    });
    expect(textsOf(preview)).toEqual([
      'The budget becomes unlimited.',
      'The limit of requests per minute of 0 lets nothing through.',
    ]);
    expect(preview.statements.join('\n')).toContain('INSERT INTO public.api_key_models');
    const before = { name: 'Laptop', litellmKeyAlias: 'laptop', maxBudget: '10', models: ['gpt'] };
    const after = {
      ...{ name: 'Notebook', litellmKeyAlias: null, maxBudget: null, rpmLimit: '0', budgetDuration: '7d' },
      models: ['azure/*', 'gpt', 'llama'],
    };
    const { batchId } = await calls.run(preview, 'rests');
    expect(await calls.modelsOf(id)).toEqual(['gpt', 'llama']);
    expect(await calls.key(id)).toMatchObject({
      ...{ name: 'Notebook', max_budget: null, rpm_limit: '0', budget_duration: '7d' },
      metadata: { note: 'kept', litellm_models_raw: ['azure/*'] },
    });
    const journal = await calls.rows('SELECT * FROM litemaas_console.changes WHERE batch_id = $1', [batchId]);
    expect(journal).toMatchObject([{ record_kind: 'api_key', record_id: id, before, after }]);
    const audit = await calls.rows(`SELECT * FROM public.audit_logs WHERE resource_id = $1`, [id]);
    expect(audit).toMatchObject([
      { action: 'API_KEY_UPDATE', resource_type: 'API_KEY', metadata: { before, after, batchId } },
    ]);
    // Neither the key nor what stands for it is anywhere.
    const hash = String((await calls.key(id))['key_hash']);
    const said = JSON.stringify([preview, journal, audit]);
    expect(said).not.toContain(value);
    expect(said).not.toContain(hash);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.modelsOf(id)).toEqual(['gpt']);
    expect(await calls.key(id)).toMatchObject({
      ...{ name: 'Laptop', litellm_key_alias: 'laptop', max_budget: '10.000000', rpm_limit: '60' },
      ...{ budget_duration: 'monthly', metadata: { note: 'kept' }, lite_llm_key_value: value },
    });
  });

  it('keeps “all models” a choice of its own, and takes no empty list', async () => {
    const id = await makeKey({}, ['gpt', 'llama']);
    for (const models of [[], [''], ['gpt', 'gpt']]) {
      await expect(calls.previewKeys([id], { models })).rejects.toThrow();
    }
    const fewer = await calls.previewKeys([id], { models: ['gpt'] });
    expect(fewer).toMatchObject({ grade: 'reaches_people' });
    expect(textsOf(fewer)).toEqual(['May no longer use llama: calls to it are refused.']);
    await expect(calls.run(fewer)).rejects.toMatchObject({ code: 'validation' });
    const all = await calls.previewKeys([id], { models: 'all' });
    expect(all).toMatchObject({ grade: 'reversible', toChange: 1 });
    expect(textsOf(all)).toEqual(['May use every model, including those added later.']);
    const { batchId } = await calls.run(all);
    expect(await calls.ask('apiKeys', 'get', { id })).toMatchObject({ allModels: true, modelCount: 0 });
    expect(textsOf(await calls.previewKeys([id], { models: ['gpt'] }))).toEqual([
      'May no longer use every model: calls to those that are not in the list are refused.',
    ]);
    await calls.undo(batchId);
    expect(await calls.modelsOf(id)).toEqual(['gpt', 'llama']);
    // An empty list that LiteLLM knows is all of them: that is said, and an undo gives back no less.
    const known = await makeKey({}, []);
    await insertLiteLlmObject(calls.client, { kind: 'key', local_id: known });
    expect(await calls.previewKeys([known], { models: 'all' })).toMatchObject({ unchanged: 1 });
    const named = await calls.changeKeys([known], { models: ['gpt'] });
    expect(await calls.ask('apiKeys', 'get', { id: known })).toMatchObject({ allModels: false });
    await calls.undo(named.batchId);
    expect(await calls.ask('apiKeys', 'get', { id: known })).toMatchObject({ allModels: true });
  });

  it('ends on a day with the end of that day in the reporting zone, and never before now', async () => {
    const zone = (name: string) =>
      calls.client.query(
        `UPDATE litemaas_console.settings SET value = to_jsonb($1::text) WHERE key = 'reporting_time_zone'`,
        [name],
      );
    const id = await makeKey({ expires_at: null });
    await zone('America/Los_Angeles');
    try {
      const preview = await calls.previewKeys([id], { expiresAt: '2099-12-31' });
      expect(preview).toMatchObject({ grade: 'reaches_people' });
      expect(textsOf(preview)).toEqual(['Works until 2100-01-01 07:59:59 UTC.']);
      const { batchId } = await calls.run(preview, 'the project ends');
      expect(await calls.ask('apiKeys', 'get', { id })).toMatchObject({
        expiresAt: '2100-01-01T07:59:59.000000Z',
      });
      // Another reader's zone changes the display, not the instant.
      await zone('Asia/Tokyo');
      expect(await calls.ask('apiKeys', 'get', { id })).toMatchObject({
        expiresAt: '2100-01-01T07:59:59.000000Z',
      });
      await calls.undo(batchId);
      expect(await calls.key(id)).toMatchObject({ expires_at: null });
      const [{ today } = {}] = await calls.rows(
        `SELECT to_char(CURRENT_TIMESTAMP AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD') AS today`,
      );
      expect(await calls.changeKeys([id], { expiresAt: String(today) })).toMatchObject({ done: 1 });
      expect(await calls.ask('apiKeys', 'get', { id })).toMatchObject({ state: 'active' });
      await expect(calls.previewKeys([id], { expiresAt: '2020-01-01' })).rejects.toMatchObject({
        code: 'validation',
      });
      const past = '2020-01-01T00:00:00.000000Z';
      const seen = await calls.seenKey(id);
      const edits = [{ ...seen, changes: { expiresAt: past } }];
      await expect(calls.ask('apiKeys', 'previewEdits', { edits })).rejects.toMatchObject({
        code: 'validation',
      });
    } finally {
      await zone('UTC');
    }
  });

  it('moves nothing that was not asked for: an edit without a period or an end sends and writes none', async () => {
    const id = await makeKey({ budget_duration: 'monthly', expires_at: '2099-01-01T00:00:00Z' });
    const { batchId } = await calls.changeKeys([id], { rpmLimit: '7' });
    expect(
      await calls.rows('SELECT before, after FROM litemaas_console.changes WHERE batch_id = $1', [batchId]),
    ).toEqual([{ before: { rpmLimit: '60', teamId: null }, after: { rpmLimit: '7', teamId: null } }]);
  });

  it('blocks and unblocks, and switches nothing on for whom it is off', async () => {
    const { id: leaver } = await insertUser(calls.client, { username: 'leaver' });
    const [own, lost] = [await makeKey(), await makeKey({ user_id: leaver })];
    const off = await calls.previewKeys([own, lost], { isActive: false });
    expect(off).toMatchObject({ grade: 'reaches_people', toChange: 2 });
    const { batchId } = await calls.run(off, 'leaked');
    expect(await calls.ask('apiKeys', 'get', { id: own })).toMatchObject({ state: 'inactive' });
    await calls.change([leaver], { isActive: false });
    // The one whose owner is off is refused, and no other.
    const on = await calls.previewKeys([own, lost], { isActive: true });
    expect(on).toMatchObject({ toChange: 1, refused: 1 });
    expect(textsOf(on)).toEqual(['Its owner is switched off: reactivate the owner first.']);
    expect(await calls.ask('changes', 'previewUndo', { batchId, recordId: null })).toMatchObject({
      ...{ toChange: 1, refused: 1 },
    });
    expect(await calls.run(on, 'was a mistake')).toMatchObject({ done: 1 });
    // Whoever comes back gets no key back that was blocked by hand.
    await calls.change([leaver], { isActive: true });
    expect(await calls.ask('apiKeys', 'get', { id: lost })).toMatchObject({ state: 'inactive' });
    // What was switched off between looking and running stays off.
    const late = await calls.previewKeys([lost], { isActive: true });
    await calls.client.query('UPDATE public.users SET is_active = false WHERE id = $1', [leaver]);
    expect(await calls.run(late, 'was a mistake')).toMatchObject({
      ...{ done: 0, problems: [{ outcome: 'refused' }] },
    });
  });

  it('revokes for good: the row stays, is never switched on, and only an undo takes it back', async () => {
    const id = await makeKey({ name: 'Leaked' });
    const preview = await calls.previewRevoke([id]);
    expect(preview).toMatchObject({ action: 'API_KEY_REVOKE', grade: 'reaches_people', toChange: 1 });
    expect(textsOf(preview)[0]).toContain('Ends for good');
    const { batchId } = await calls.run(preview, 'leaked');
    expect(await calls.ask('apiKeys', 'get', { id })).toMatchObject({ state: 'revoked', isActive: false });
    expect(
      await calls.rows(`SELECT action FROM public.audit_logs WHERE resource_id = $1`, [id]),
    ).toMatchObject([{ action: 'API_KEY_REVOKE' }]);
    const on = await calls.previewKeys([id], { isActive: true });
    expect(on).toMatchObject({ toChange: 0, refused: 1 });
    expect(textsOf(on)[0]).toContain('cannot be switched on');
    expect(await calls.previewRevoke([id])).toMatchObject({ toChange: 0, refused: 1 });
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.ask('apiKeys', 'get', { id })).toMatchObject({ state: 'active', revokedAt: null });
  });

  it('moves a key only where its owner is, and never to where it could use more', async () => {
    const narrow = await makeTeam({ name: 'Narrow', allowed_models: ['gpt'], max_budget: '50' }, [ana]);
    const wide = await makeTeam({ name: 'Wide', allowed_models: [], max_budget: null }, [ana]);
    const strange = await makeTeam({ name: 'Strange' });
    const off = await makeTeam({ name: 'Off', is_active: false }, [ana]);
    const own = await makeKey({ team_id: narrow, max_budget: null }, ['gpt']);
    const open = await makeKey({ team_id: narrow }, ['gpt', 'llama']);
    expect(textsOf(await calls.previewKeys([own], { teamId: strange }))).toEqual([
      'Its owner is not a member of Strange.',
    ]);
    expect(textsOf(await calls.previewKeys([own], { teamId: off }))).toEqual([
      'The team Off is switched off: reactivate the team first.',
    ]);
    // Of two, one could use more outside: it alone is kept.
    const out = await calls.previewKeys([own, open], { teamId: null });
    expect(out).toMatchObject({ grade: 'reaches_people', toChange: 1, refused: 1 });
    expect(textsOf(out)).toEqual([
      'Could use more models than its team allows now: name its models in the same change.',
      'The budget of its team no longer limits it, and it has none of its own.',
    ]);
    expect(await calls.previewKeys([open], { teamId: wide })).toMatchObject({ refused: 1 });
    expect(await calls.previewKeys([open], { teamId: null, models: ['gpt'] })).toMatchObject({ refused: 0 });
    const { batchId } = await calls.run(out, 'a project of its own');
    expect(await calls.key(own)).toMatchObject({ team_id: null });
    const back = await calls.previewKeys([own], { teamId: narrow, models: ['gpt', 'mistral'] });
    expect(textsOf(back)).toEqual(['Narrow does not allow mistral: calls to it are refused.']);
    // The undo would bring it into a team that its owner has left since.
    await calls.client.query('DELETE FROM public.team_members WHERE team_id = $1', [narrow]);
    expect(await calls.ask('changes', 'previewUndo', { batchId, recordId: null })).toMatchObject({
      ...{ toChange: 0, refused: 1 },
    });
    expect(await calls.run(back, 'back')).toMatchObject({ done: 0, problems: [{ outcome: 'refused' }] });
  });

  it('never undoes a key’s models to none, which LiteLLM takes for all of them', async () => {
    const id = await makeKey({}, []);
    const { batchId } = await calls.changeKeys([id], { models: ['gpt'] });
    await insertLiteLlmObject(calls.client, { kind: 'key', local_id: id });
    const undo = await calls.ask('changes', 'previewUndo', { batchId, recordId: null });
    expect(undo).toMatchObject({ toChange: 0, refused: 1 });
    expect(textsOf(undo)[0]).toContain('LiteLLM takes for every model');
    expect(await calls.ask('apiKeys', 'get', { id })).toMatchObject({ allModels: false });
  });

  it('brings a key back by an undo to where it could use more, and says so', async () => {
    const wide = await makeTeam({ name: 'Wide again', allowed_models: [] }, [ana]);
    const narrow = await makeTeam({ name: 'Narrow again', allowed_models: ['gpt'] }, [ana]);
    const id = await makeKey({ team_id: wide }, ['gpt', 'llama']);
    const { batchId } = await calls.run(await calls.previewKeys([id], { teamId: narrow }), 'a try');
    const undo = await calls.ask('changes', 'previewUndo', { batchId, recordId: null });
    expect(undo).toMatchObject({ toChange: 1, refused: 0 });
    expect(textsOf(undo)).toEqual(['May use models that it may not use now.']);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.key(id)).toMatchObject({ team_id: wide });
  });

  it('says where “all models” is more outside a team than in it', async () => {
    const narrow = await makeTeam({ name: 'Narrow for all', allowed_models: ['gpt'] }, [ana]);
    const id = await makeKey(
      { team_id: narrow, max_budget: '5', metadata: { litellm_models_raw: ['all-team-models'] } },
      [],
    );
    expect(textsOf(await calls.previewKeys([id], { models: 'all', teamId: null }))).toEqual([
      'May use models that it may not use now.',
    ]);
    expect(textsOf(await calls.previewKeys([id], { models: 'all' }))).toEqual([]);
  });

  it('takes access away by a limit of 0, and by a move into a team', async () => {
    const team = await makeTeam({ name: 'Taker', allowed_models: ['gpt'], max_budget: null }, [ana]);
    const id = await makeKey({ max_budget: '5', tpm_limit: 5, rpm_limit: 5 }, ['gpt', 'llama']);
    for (const field of ['maxBudget', 'tpmLimit', 'rpmLimit', 'teamId'] as const) {
      const [before, after] = field === 'teamId' ? [null, team] : ['5', '0'];
      expect(apiKeysChange.grade({ [field]: before }, { [field]: after }), field).toBe('reaches_people');
      expect(apiKeysChange.news({ [field]: before }, { [field]: after })).toEqual({
        ...{ fields: [field], taken: [field] },
      });
      // The way back takes nothing away.
      expect(apiKeysChange.news({ [field]: after }, { [field]: before })).toMatchObject({ taken: [] });
      if (field === 'teamId') continue;
      const zero = await calls.previewKeys([id], { [field]: '0' });
      expect(zero, field).toMatchObject({ grade: 'reaches_people' });
      expect(textsOf(zero)[0]).toContain('lets nothing through');
      expect(await calls.previewKeys([id], { [field]: '4' })).toMatchObject({ grade: 'reversible' });
    }
  });

  it('refuses an alias that another key has, and says who has spent the new budget already', async () => {
    await makeKey({ litellm_key_alias: 'taken' });
    const [one, two] = [await makeKey({ current_spend: '7.5' }), await makeKey()];
    expect(await calls.previewKeys([one], { litellmKeyAlias: ' taken\u200B' })).toMatchObject({
      ...{ toChange: 0, refused: 1 },
      findings: [{ text: 'Another key has the alias “taken”, and LiteLLM knows each only once.' }],
    });
    expect(await calls.previewKeys([one, two], { litellmKeyAlias: 'both' })).toMatchObject({ refused: 2 });
    expect(textsOf(await calls.previewKeys([one], { name: 'lаptop' }))[0]).toContain('U+0430');
    expect(textsOf(await calls.previewKeys([one, two], { maxBudget: '5' }))).toEqual([
      'Has spent 7.5 USD already, as much as the new budget or more: it may be refused at once.',
    ]);
  });

  it('leaves alone what somebody else changed since, the models among it', async () => {
    const id = await makeKey({ name: 'Contested', max_budget: '100' }, ['gpt']);
    const seen = await calls.seenKey(id);
    await calls.client.query(
      `INSERT INTO public.api_key_models (api_key_id, model_id) VALUES ($1, 'llama')`,
      [id],
    );
    const stale = await calls.ask('apiKeys', 'previewUpdate', {
      targets: { selected: [seen] },
      changes: { rpmLimit: '90' },
    });
    expect(stale).toMatchObject({
      ...{ toChange: 0, conflictCount: 1 },
      conflicts: [{ id, label: 'Contested', now: { models: ['gpt', 'llama'] }, wanted: { rpmLimit: '90' } }],
    });
    const version = stale.conflicts[0]?.version ?? '';
    const edits = [{ id, version, changes: { rpmLimit: '90' } }];
    await calls.run(await calls.ask('apiKeys', 'previewEdits', { edits }));
    expect(await calls.key(id)).toMatchObject({ rpm_limit: '90' });
    expect(await calls.modelsOf(id)).toEqual(['gpt', 'llama']);
    // Usage moves what is spent: that is no change of the key.
    const preview = await calls.previewKeys([id], { rpmLimit: '91' });
    await calls.client.query(
      'UPDATE public.api_keys SET current_spend = 9, last_used_at = now() WHERE id = $1',
      [id],
    );
    expect(await calls.run(preview)).toMatchObject({ done: 1 });
  });

  it('changes all that a filter finds, and refuses values that are none', async () => {
    const ids = [await makeKey({ name: 'Filter one' }), await makeKey({ name: 'Filter two' })];
    const targets = { filter: { filters: {}, search: 'Filter ' } };
    const preview = await calls.ask('apiKeys', 'previewUpdate', { targets, changes: { tpmLimit: '12' } });
    expect(preview).toMatchObject({ total: 2, toChange: 2 });
    const { batchId } = await calls.run(preview);
    expect(await calls.rows('SELECT id FROM public.api_keys WHERE tpm_limit = 12')).toHaveLength(2);
    expect(await calls.undo(batchId, ids[0])).toMatchObject({ done: 1 });
    expect(await calls.key(ids[1] ?? '')).toMatchObject({ tpm_limit: '12' });
    expect(await calls.ask('apiKeys', 'previewRevoke', { targets })).toMatchObject({ toChange: 2 });
    for (const changes of [
      ...[{}, { name: '\u200B' }, { name: 'x'.repeat(256) }, { name: value }, { litellmKeyAlias: value }],
      ...[{ maxBudget: '-1' }, { rpmLimit: '1.5' }, { budgetDuration: '1w' }],
      ...[{ expiresAt: '2099-02-30' }, { expiresAt: 'infinity' }, { expiresAt: '2099-12-31T00:00:00Z' }],
    ]) {
      await expect(calls.previewKeys(ids.slice(0, 1), changes), JSON.stringify(changes)).rejects.toThrow();
    }
  });

  it('tells LiteLLM field by field, and what takes access away', async () => {
    const id = await makeKey({ expires_at: null }, ['gpt', 'llama']);
    await calls.client.query(
      `INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`,
      [
        JSON.stringify({
          ...{ baseUrl: 'https://litellm.test', headerName: 'Authorization' },
          linkedAt: '2026-11-01T00:00:00.000000Z',
        }),
      ],
    );
    try {
      const waiting = () =>
        calls.rows('SELECT fields, taken FROM litemaas_console.outbox WHERE record_id = $1', [id]);
      expect(await calls.changeKeys([id], { name: 'Only here' })).toMatchObject({ waiting: 0 });
      await calls.changeKeys([id], { maxBudget: '3', models: ['gpt'] });
      expect(await waiting()).toEqual([{ fields: ['maxBudget', 'models'], taken: ['models'] }]);
      await calls.changeKeys([id], { expiresAt: '2099-12-31' });
      const preview = await calls.previewRevoke([id]);
      expect(preview.litellm).toEqual({ waiting: 1, takesAway: 1 });
      await calls.run(preview, 'leaked');
      expect(await waiting()).toEqual([
        {
          fields: ['expiresAt', 'isActive', 'maxBudget', 'models', 'revokedAt'],
          taken: ['expiresAt', 'isActive', 'models', 'revokedAt'],
        },
      ]);
      const [said] = await calls.rows(
        'SELECT jsonb_agg(o)::text AS text FROM litemaas_console.outbox AS o WHERE record_id = $1',
        [id],
      );
      expect(String(said?.['text'])).not.toContain(String((await calls.key(id))['key_hash']));
    } finally {
      await calls.client.query(`DELETE FROM litemaas_console.settings WHERE key = 'litellm_link'`);
    }
  });

  it('can be looked at and not done in a read-only workspace', async () => {
    const readOnly = await openAreaCalls({ major, access: 'read-only' });
    try {
      const { id: owner } = await insertUser(readOnly.client);
      const { id } = await insertApiKey(readOnly.client, { user_id: owner });
      const { version } = await readOnly.ask('apiKeys', 'get', { id });
      const { plan, toChange } = await readOnly.ask('apiKeys', 'previewUpdate', {
        targets: { selected: [{ id, version }] },
        changes: { rpmLimit: '7' },
      });
      expect(toChange).toBe(1);
      await expect(readOnly.ask('changes', 'run', { plan })).rejects.toMatchObject({ code: 'read_only' });
    } finally {
      await readOnly.close();
    }
  });
});
