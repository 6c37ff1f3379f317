import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultTeamId } from '../../../src/shared/default-team';
import { insertApiKey, insertTeam, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openAreaCalls } from '../areas/area-calls';
import { openTeamCalls, type TeamCalls } from './team-calls';

describeOnEachPostgres('changing teams', (major) => {
  let calls: TeamCalls;
  beforeAll(async () => {
    calls = await openTeamCalls({ major });
  });
  afterAll(() => calls.close());

  const makeTeam = async (columns: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    (await insertTeam(calls.client, columns)).id;
  const textsOf = ({ findings }: { readonly findings: readonly { readonly text: string }[] }): string[] =>
    findings.map(({ text }) => text);
  const keysNow = async (team: string): Promise<unknown[]> =>
    (await calls.rows('SELECT is_active FROM public.api_keys WHERE team_id = $1 ORDER BY name', [team])).map(
      (row) => row['is_active'],
    );

  it('writes what was previewed, and journal, audit trail and result agree; an undo takes it back', async () => {
    const id = await makeTeam({ name: 'Crew', max_budget: '100', rpm_limit: '60', alias: 'crew' });
    const preview = await calls.previewTeams([id], {
      maxBudget: null,
      rpmLimit: '0',
      budgetDuration: '7d',
      alias: null,
      description: 'Those at sea',
    });
    expect(preview).toMatchObject({
      ...{ action: 'TEAM_UPDATE', grade: 'reversible', total: 1, toChange: 1, litellm: null },
      records: [{ id, label: 'Crew', way: 'update' }],
    });
    expect(textsOf(preview)).toEqual([
      'The budget becomes unlimited.',
      'The limit of requests per minute of 0 lets nothing through.',
    ]);
    const before = {
      ...{ alias: 'crew', maxBudget: '100', rpmLimit: '60' },
      ...{ budgetDuration: 'monthly', description: null },
    };
    const after = {
      ...{ alias: null, maxBudget: null, rpmLimit: '0' },
      ...{ budgetDuration: '7d', description: 'Those at sea' },
    };
    const { batchId } = await calls.run(preview);
    expect(await calls.team(id)).toMatchObject({
      ...{ alias: null, max_budget: null, rpm_limit: '0', budget_duration: '7d', allowed_models: [] },
    });
    expect(
      await calls.rows('SELECT * FROM litemaas_console.changes WHERE batch_id = $1', [batchId]),
    ).toMatchObject([{ action: 'TEAM_UPDATE', record_kind: 'team', record_id: id, before, after }]);
    expect(
      await calls.rows(
        `SELECT action, resource_type, metadata FROM public.audit_logs WHERE resource_id = $1`,
        [id],
      ),
    ).toMatchObject([{ action: 'TEAM_UPDATE', resource_type: 'TEAM', metadata: { before, after, batchId } }]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.team(id)).toMatchObject({
      ...{ alias: 'crew', max_budget: '100.000000', rpm_limit: '60', budget_duration: 'monthly' },
      description: null,
    });
  });

  it('tells zero, unlimited and unchanged apart, and says what a budget of 0 lets through', async () => {
    const [zero, none, some] = [
      await makeTeam({ max_budget: '0' }),
      await makeTeam({ max_budget: null }),
      await makeTeam({ max_budget: '5', current_spend: '7.5' }),
    ];
    expect(await calls.previewTeams([zero, none, some], { maxBudget: null })).toMatchObject({
      toChange: 2,
      unchanged: 1,
    });
    const preview = await calls.previewTeams([zero, none, some], { maxBudget: '0' });
    expect(preview).toMatchObject({ toChange: 2, unchanged: 1 });
    expect(textsOf(preview)).toEqual([
      'Has spent 7.5 USD already, more than the new budget: its calls may be refused at once.',
      'LiteLLM lets calls of a team with a budget of 0 through as long as nothing was spent. To keep calls out, deactivate the team.',
    ]);
    const { batchId } = await calls.run(preview);
    expect(await calls.team(none)).toMatchObject({ max_budget: '0.000000' });
    await calls.undo(batchId);
    expect(await calls.team(none)).toMatchObject({ max_budget: null });
    expect(await calls.team(some)).toMatchObject({ max_budget: '5.000000' });
  });

  it('keeps “all models” a choice of its own, and an undo gives back any list, whatever stood there', async () => {
    const id = await makeTeam({ allowed_models: ['gpt', 'llama/*'] });
    const odd = await makeTeam({ allowed_models: ['gpt', 7, { wild: true }] });
    for (const allowedModels of [[], [''], ['gpt', 'gpt']]) {
      await expect(calls.previewTeams([id], { allowedModels })).rejects.toThrow();
    }
    const fewer = await calls.previewTeams([id], { allowedModels: ['gpt'] });
    expect(fewer).toMatchObject({ grade: 'reaches_people' });
    expect(textsOf(fewer)).toEqual(['May no longer use llama/*: calls to it are refused.']);
    await expect(calls.run(fewer)).rejects.toMatchObject({ code: 'validation' });
    const all = await calls.previewTeams([id, odd], { allowedModels: 'all' });
    expect(all).toMatchObject({ grade: 'reversible', toChange: 2 });
    expect(textsOf(all)).toEqual(['May use every model, including those added later.']);
    const { batchId } = await calls.run(all);
    expect(await calls.team(id)).toMatchObject({ allowed_models: [] });
    expect(await calls.ask('teams', 'get', { id })).toMatchObject({ allModels: true });
    expect(textsOf(await calls.previewTeams([id], { allowedModels: ['gpt'] }))).toEqual([
      'May no longer use every model: calls to those that are not in the list are refused.',
    ]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 2 });
    expect(await calls.team(id)).toMatchObject({ allowed_models: ['gpt', 'llama/*'] });
    expect(await calls.team(odd)).toMatchObject({ allowed_models: ['gpt', 7, { wild: true }] });
  });

  it('switches off the keys that work, and on again those that it took, unless their owner left', async () => {
    const id = await makeTeam({ name: 'Switched' });
    const { id: ana } = await insertUser(calls.client, { username: 'ana' });
    const { id: leaver } = await insertUser(calls.client, { username: 'leaver' });
    await insertApiKey(calls.client, { name: '1', user_id: ana, team_id: id });
    await insertApiKey(calls.client, { name: '2', user_id: ana, team_id: id, is_active: false });
    await insertApiKey(calls.client, { name: '3', user_id: leaver, team_id: id });
    const preview = await calls.previewTeams([id], { isActive: false });
    expect(preview).toMatchObject({
      grade: 'reaches_people',
      parts: [{ kind: 'api_key', way: 'update', count: 2 }],
    });
    await expect(calls.run(preview)).rejects.toMatchObject({ code: 'validation' });
    const { batchId } = await calls.run(preview, 'over the budget');
    expect(await keysNow(id)).toEqual([false, false, false]);
    await calls.undo(batchId);
    expect(await keysNow(id)).toEqual([true, false, true]);
    await calls.changeTeams([id], { isActive: false });
    await calls.change([leaver], { isActive: false });
    await calls.changeTeams([id], { isActive: true });
    expect(await keysNow(id)).toEqual([true, false, false]);
    // And a person who comes back gets no key back in a team that is switched off.
    await calls.change([ana], { isActive: false });
    await calls.changeTeams([id], { isActive: false });
    await calls.change([ana], { isActive: true });
    expect(await keysNow(id)).toEqual([false, false, false]);
    // But with the team, once nobody else is in the way.
    await calls.changeTeams([id], { isActive: true });
    expect(await keysNow(id)).toEqual([true, false, false]);
    await calls.change([leaver], { isActive: true });
    expect(await keysNow(id)).toEqual([true, false, true]);
  });

  it('leaves alone what somebody else changed since, field by field', async () => {
    const id = await makeTeam({ name: 'Contested', max_budget: '100', rpm_limit: '60' });
    const seen = await calls.seenTeam(id);
    await calls.changeTeams([id], { maxBudget: '50' });
    const targets = { selected: [seen] };
    const stale = await calls.ask('teams', 'previewUpdate', { targets, changes: { rpmLimit: '90' } });
    expect(stale).toMatchObject({
      ...{ toChange: 0, conflictCount: 1 },
      conflicts: [{ id, label: 'Contested', now: { maxBudget: '50' }, wanted: { rpmLimit: '90' } }],
    });
    expect(stale.conflicts[0]?.changedBy).toContain('@');
    const version = stale.conflicts[0]?.version ?? '';
    const edits = [{ id, version, changes: { rpmLimit: '90' } }];
    await calls.run(await calls.ask('teams', 'previewEdits', { edits }));
    expect(await calls.team(id)).toMatchObject({ max_budget: '50.000000', rpm_limit: '90' });
    // Usage moves what is spent: that is no change of the team.
    const preview = await calls.previewTeams([id], { rpmLimit: '91' });
    await calls.client.query('UPDATE public.teams SET current_spend = 9 WHERE id = $1', [id]);
    expect(await calls.run(preview)).toMatchObject({ done: 1 });
  });

  it('shows no key that somebody wrote into a description', async () => {
    const key = 'sk-live-0123456789abcdef';
    const id = await makeTeam({ name: 'Talkative', description: `use ${key}` });
    const seen = await calls.seenTeam(id);
    const ask = () =>
      calls.ask('teams', 'previewUpdate', {
        targets: { selected: [seen] },
        changes: { description: 'ask the platform team', rpmLimit: '8' },
      });
    const preview = await ask();
    expect(preview.records[0]?.fields).toContainEqual({
      field: 'description',
      before: 'use sk-…',
      after: 'ask the platform team',
    });
    await calls.client.query('UPDATE public.teams SET rpm_limit = 9 WHERE id = $1', [id]);
    const stale = await ask();
    expect(stale.conflicts[0]?.now).toMatchObject({ description: 'use sk-…', rpmLimit: '9' });
    expect(JSON.stringify([preview, stale])).not.toContain(key);
  });

  it('refuses a name that another team has, also where both are given it at the same moment', async () => {
    await makeTeam({ name: 'Infra' });
    const [one, two] = [await makeTeam(), await makeTeam()];
    expect(await calls.previewTeams([one], { name: ' Infra\u200B' })).toMatchObject({
      ...{ toChange: 0, refused: 1 },
      findings: [{ severity: 'error', text: 'Another team is called “Infra”.' }],
    });
    expect(await calls.previewTeams([one], { name: 'INFRA' })).toMatchObject({
      toChange: 1,
      findings: [{ severity: 'warning' }],
    });
    expect(textsOf(await calls.previewTeams([one, two], { name: 'Twice' }))).toEqual([
      'Several teams cannot have the same name.',
    ]);
    expect(textsOf(await calls.previewTeams([one], { name: 'Оps' }))[0]).toContain('U+041E');
    const plans = [
      await calls.previewTeams([one], { name: 'Ops' }),
      await calls.previewTeams([two], { name: 'Ops' }),
    ];
    const results = await Promise.all(plans.map((plan) => calls.run(plan)));
    expect(results.map(({ done }) => done).sort()).toEqual([0, 1]);
    expect(results.flatMap(({ problems }) => problems)).toMatchObject([
      { outcome: 'refused', text: 'Another team is called “Ops”.' },
    ]);
  });

  it('protects the Default Team and leaves the others of a selection to go on', async () => {
    const other = await makeTeam({ name: 'Ordinary' });
    const off = await calls.previewTeams([defaultTeamId, other], { isActive: false });
    expect(off).toMatchObject({ toChange: 1, refused: 1, records: [{ id: other }] });
    expect(textsOf(off)[0]).toContain('is not deactivated');
    expect(await calls.run(off, 'not needed')).toMatchObject({ done: 1 });
    const gone = await calls.previewDeletion([defaultTeamId]);
    expect(gone).toMatchObject({ toChange: 0, refused: 1 });
    expect(textsOf(gone)[0]).toContain('is not deleted');
    expect(textsOf(await calls.previewTeams([defaultTeamId], { rpmLimit: '7' }))).toEqual([
      'LiteMaaS resets the Default Team when it starts: what is changed here may not last.',
    ]);
  });

  it('changes all that a filter finds, and refuses values that are none', async () => {
    const ids = [await makeTeam({ name: 'Filter one' }), await makeTeam({ name: 'Filter two' })];
    const targets = { filter: { filters: {}, search: 'Filter ' } };
    const preview = await calls.ask('teams', 'previewUpdate', { targets, changes: { tpmLimit: '12' } });
    expect(preview).toMatchObject({ total: 2, toChange: 2 });
    const { batchId } = await calls.run(preview);
    expect(await calls.rows('SELECT id FROM public.teams WHERE tpm_limit = 12')).toHaveLength(2);
    expect(await calls.undo(batchId, ids[0])).toMatchObject({ done: 1 });
    expect(await calls.team(ids[1] ?? '')).toMatchObject({ tpm_limit: '12' });
    for (const changes of [
      ...[{}, { name: '\u200B' }, { name: 'x'.repeat(256) }, { maxBudget: '-1' }, { maxBudget: '1e3' }],
      ...[{ rpmLimit: '1.5' }, { tpmLimit: '9223372036854775808' }],
      ...[{ description: 'ask with sk-live-0123456789' }, { description: 'password: tall-ships' }],
      ...[{ budgetDuration: '1w' }, { budgetDuration: '0d' }, { budgetDuration: 'weekly' }],
    ]) {
      await expect(calls.previewTeams(ids.slice(0, 1), changes), JSON.stringify(changes)).rejects.toThrow();
    }
  });

  it('can be looked at and not done in a read-only workspace', async () => {
    const readOnly = await openAreaCalls({ major, access: 'read-only' });
    try {
      const { version } = await readOnly.ask('teams', 'get', { id: defaultTeamId });
      const { plan, toChange } = await readOnly.ask('teams', 'previewUpdate', {
        targets: { selected: [{ id: defaultTeamId, version }] },
        changes: { rpmLimit: '7' },
      });
      expect(toChange).toBe(1);
      await expect(readOnly.ask('changes', 'run', { plan })).rejects.toMatchObject({ code: 'read_only' });
    } finally {
      await readOnly.close();
    }
  });
});
