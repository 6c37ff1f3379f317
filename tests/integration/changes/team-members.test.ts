import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTeamDefaults } from '../../../src/shared/contract/teams';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertTeam,
  insertTeamMember,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTeamCalls, type TeamCalls } from './team-calls';

describeOnEachPostgres('new teams and members', (major) => {
  let calls: TeamCalls;
  let ana: string;
  let bo: string;
  beforeAll(async () => {
    calls = await openTeamCalls({ major });
    ana = (await insertUser(calls.client, { username: 'ana' })).id;
    bo = (await insertUser(calls.client, { username: 'bo' })).id;
    await insertModel(calls.client, { id: 'gpt' });
  });
  afterAll(() => calls.close());

  const membersOf = async (teamId: string) =>
    (await calls.ask('teams', 'members', { filters: { teamId } })).rows.map(
      ({ id, version, user, role }) => ({
        ...{ id, version, name: user.label, role },
      }),
    );
  const targetsOf = async (teamId: string) =>
    (await membersOf(teamId)).map(({ id, version }) => ({ id, version }));
  const rolesOf = async (teamId: string) =>
    (await membersOf(teamId)).map(({ name, role }) => `${name} ${String(role)}`);
  const trailOf = async (teamId: string) =>
    (await calls.rows(
      'SELECT id, action, metadata FROM public.audit_logs WHERE resource_id = $1 ORDER BY created_at',
      [teamId],
    )) as { id: string; action: string; metadata: unknown }[];
  const keyNow = (id: string) =>
    calls.rows('SELECT team_id, is_active FROM public.api_keys WHERE id = $1', [id]);
  const textsOf = ({ findings }: { readonly findings: readonly { readonly text: string }[] }): string[] =>
    findings.map(({ text }) => text);

  it('says that a team or a person is switched off, wherever somebody joins', async () => {
    const [off, on] = [
      await insertTeam(calls.client, { name: 'Shut', is_active: false }),
      await insertTeam(calls.client, {}),
    ];
    const gone = (await insertUser(calls.client, { username: 'gone', is_active: false })).id;
    const members = [{ userId: gone, role: 'member' as const }];
    const both = [
      'The team Shut is switched off: its keys are refused until it is reactivated.',
      'Switched off: gone.',
    ];
    const added = await calls.ask('teams', 'previewAddMembers', { teamId: off.id, members });
    expect(textsOf(added)).toEqual(expect.arrayContaining(both));
    await insertTeamMember(calls.client, { team_id: on.id, user_id: gone });
    const moved = await calls.ask('teams', 'previewMoveMembers', {
      members: await targetsOf(on.id),
      to: off.id,
    });
    expect(textsOf(moved)).toEqual(expect.arrayContaining(both));
    const team = { name: 'With one', alias: null, description: null, ...newTeamDefaults };
    const made = await calls.ask('teams', 'previewCreate', {
      team: { ...team, allowedModels: 'all' as const },
      members,
    });
    expect(textsOf(made)).toContain('Switched off: gone.');
    expect(
      textsOf(
        await calls.ask('teams', 'previewAddMembers', {
          teamId: on.id,
          members: [{ userId: ana, role: 'member' }],
        }),
      ),
    ).not.toContain(both[0]);
  });

  it('makes a team with its members at once, and takes it back while nothing else belongs to it', async () => {
    const team = {
      name: 'New crew',
      alias: null,
      description: null,
      allowedModels: ['gpt'],
      ...newTeamDefaults,
    };
    const members = [
      { userId: ana, role: 'admin' as const },
      { userId: bo, role: 'member' as const },
    ];
    const preview = await calls.ask('teams', 'previewCreate', { team, members });
    expect(preview).toMatchObject({
      ...{ action: 'TEAM_CREATE', grade: 'reversible', toChange: 1 },
      parts: [{ kind: 'team_member', way: 'create', count: 2 }],
    });
    const { batchId } = await calls.run(preview);
    const id = preview.records[0]?.id ?? '';
    expect(await calls.team(id)).toMatchObject({
      name: 'New crew',
      max_budget: '1000.000000',
      allowed_models: ['gpt'],
    });
    expect(await rolesOf(id)).toEqual(['ana admin', 'bo member']);
    expect(await calls.ask('teams', 'previewCreate', { team })).toMatchObject({ toChange: 0, refused: 1 });
    const reviewed = await calls.ask('changes', 'previewUndo', { batchId });
    const key = await insertApiKey(calls.client, { user_id: ana, team_id: id });
    // Also where the review was read before.
    expect(await calls.run(reviewed)).toMatchObject({ done: 0, problems: [{ outcome: 'refused' }] });
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({ toChange: 0 });
    await calls.client.query('DELETE FROM public.api_keys WHERE id = $1', [key.id]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.team(id)).toEqual({});
    await expect(
      calls.ask('teams', 'previewCreate', { team: { ...team, allowedModels: [] } }),
    ).rejects.toThrow();
  });

  it('adds people by name, says who is there already, and gives another role; both are taken back', async () => {
    const { id: teamId } = await insertTeam(calls.client);
    await insertTeamMember(calls.client, { team_id: teamId, user_id: bo });
    const members = [
      { userId: ana, role: 'member' as const },
      { userId: bo, role: 'admin' as const },
    ];
    const preview = await calls.ask('teams', 'previewAddMembers', { teamId, members });
    expect(preview).toMatchObject({
      action: 'TEAM_MEMBER_ADD',
      total: 1,
      records: [{ label: 'ana', way: 'create' }],
    });
    expect(textsOf(preview)).toEqual(['Already in the team: bo.']);
    const again = await calls.ask('teams', 'previewAddMembers', { teamId, members });
    const added = await calls.run(preview);
    expect(await rolesOf(teamId)).toEqual(['ana member', 'bo member']);
    // Whoever was added meanwhile cannot be added twice.
    expect(await calls.run(again)).toMatchObject({
      done: 0,
      problems: [{ label: 'ana', outcome: 'failed' }],
    });
    const [first] = await targetsOf(teamId);
    const role = await calls.run(
      await calls.ask('teams', 'previewMemberRoles', { members: first ? [first] : [], role: 'admin' }),
    );
    expect(await rolesOf(teamId)).toEqual(['ana admin', 'bo member']);
    const trail = await trailOf(teamId);
    expect(trail).toMatchObject([
      { action: 'TEAM_MEMBER_ADD', metadata: { teamId, userId: ana } },
      {
        action: 'TEAM_MEMBER_UPDATE',
        metadata: { teamId, userId: ana, before: { role: 'member' }, after: { role: 'admin' } },
      },
    ]);
    // The entry is about the team; what can be taken back is the membership.
    const [, changed] = trail;
    expect(await calls.ask('audit', 'get', { id: changed?.id ?? '' })).toMatchObject({
      ...{ record: { id: teamId, area: 'teams' }, undoRecordId: first?.id },
    });
    expect(
      await calls.ask('teams', 'previewMemberRoles', { members: first ? [first] : [], role: 'member' }),
    ).toMatchObject({ toChange: 0, conflictCount: 1, conflicts: [{ label: 'ana' }] });
    await calls.run(
      await calls.ask('changes', 'previewUndo', { batchId: role.batchId, recordId: first?.id ?? '' }),
      'not yet',
    );
    expect(await calls.ask('audit', 'get', { id: changed?.id ?? '' })).toMatchObject({ undoRecordId: null });
    await calls.undo(added.batchId);
    expect(await rolesOf(teamId)).toEqual(['bo member']);
    expect((await trailOf(teamId)).map(({ action }) => action)).toEqual([
      ...['TEAM_MEMBER_ADD', 'TEAM_MEMBER_UPDATE', 'TEAM_MEMBER_UPDATE_UNDO', 'TEAM_MEMBER_ADD_UNDO'],
    ]);
  });

  it('names the keys that end with a membership, keeps those that get no wider, and brings all back', async () => {
    const { id: teamId } = await insertTeam(calls.client, { allowed_models: ['gpt'], max_budget: '50' });
    await insertTeamMember(calls.client, { team_id: teamId, user_id: ana, role: 'admin' });
    const key = (name: string) =>
      insertApiKey(calls.client, { user_id: ana, team_id: teamId, name, max_budget: null });
    const [ends, stays] = [await key('ends'), await key('stays')];
    await insertApiKeyModel(calls.client, { api_key_id: stays.id, model_id: 'gpt' });
    const members = await targetsOf(teamId);
    const { keys } = await calls.ask('teams', 'memberKeys', { members: members.map(({ id }) => id) });
    expect(keys.map(({ label, mayBeKept }) => [label, mayBeKept])).toEqual([
      ['ends', false],
      ['stays', true],
    ]);
    await expect(
      calls.ask('teams', 'previewRemoveMembers', { members, keepKeys: [ends.id] }),
    ).rejects.toMatchObject({ code: 'validation' });
    const preview = await calls.ask('teams', 'previewRemoveMembers', { members, keepKeys: [stays.id] });
    expect(preview).toMatchObject({
      ...{ action: 'TEAM_MEMBER_REMOVE', grade: 'reaches_people' },
      records: [{ label: 'ana', way: 'delete' }],
      parts: [{ kind: 'api_key', way: 'update', count: 2 }],
    });
    expect(textsOf(preview).map((text) => text.slice(text.lastIndexOf(':')))).toEqual([
      ': ends.',
      ': stays.',
      ': stays.',
    ]);
    await expect(calls.run(preview)).rejects.toMatchObject({ code: 'validation' });
    const { batchId } = await calls.run(preview, 'has left');
    expect(await rolesOf(teamId)).toEqual([]);
    expect(await keyNow(ends.id)).toEqual([{ team_id: teamId, is_active: false }]);
    expect(await keyNow(stays.id)).toEqual([{ team_id: null, is_active: true }]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await rolesOf(teamId)).toEqual(['ana admin']);
    expect(await keyNow(ends.id)).toEqual([{ team_id: teamId, is_active: true }]);
    expect(await keyNow(stays.id)).toEqual([{ team_id: teamId, is_active: true }]);
  });

  it('keeps no key that could use more than the team: it lists what the team does not', async () => {
    await insertModel(calls.client, { id: 'llama' });
    const { id: teamId } = await insertTeam(calls.client, { allowed_models: ['gpt', 'beta-models'] });
    await insertTeamMember(calls.client, { team_id: teamId, user_id: ana });
    const key = async (name: string, models: readonly string[], raw: readonly string[] = []) => {
      const { id } = await insertApiKey(calls.client, {
        ...{ user_id: ana, team_id: teamId, name },
        metadata: raw.length === 0 ? {} : { litellm_models_raw: raw },
      });
      for (const model_id of models) await insertApiKeyModel(calls.client, { api_key_id: id, model_id });
      return id;
    };
    const [first] = [
      await key('1 another model', ['gpt', 'llama']),
      await key('2 a wildcard', ['gpt'], ['openai/*']),
      await key('3 another group', [], ['other-models']),
      await key('4 the same group', ['gpt'], ['beta-models']),
      await key('5 the same model', ['gpt']),
    ];
    const members = await targetsOf(teamId);
    const read = async () =>
      (await calls.ask('teams', 'memberKeys', { members: members.map(({ id }) => id) })).keys.map(
        ({ mayBeKept }) => mayBeKept,
      );
    expect(await read()).toEqual([false, false, false, true, true]);
    await expect(
      calls.ask('teams', 'previewRemoveMembers', { members, keepKeys: [first] }),
    ).rejects.toMatchObject({ code: 'validation' });
    await calls.client.query(
      `UPDATE public.teams SET allowed_models = '["all-proxy-models"]' WHERE id = $1`,
      [teamId],
    );
    expect(await read()).toEqual([true, true, true, true, true]);
  });

  it('leaves the membership where a key was made in the team since the review', async () => {
    const { id: teamId } = await insertTeam(calls.client);
    await insertTeamMember(calls.client, { team_id: teamId, user_id: ana });
    const preview = await calls.ask('teams', 'previewRemoveMembers', { members: await targetsOf(teamId) });
    await insertApiKey(calls.client, { user_id: ana, team_id: teamId, name: 'fresh' });
    expect(await calls.run(preview, 'has left')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'refused' }],
    });
    expect(await rolesOf(teamId)).toEqual(['ana member']);
  });

  it('leaves a membership that belongs to another person since the review', async () => {
    const { id: teamId } = await insertTeam(calls.client);
    await insertTeamMember(calls.client, { team_id: teamId, user_id: ana });
    const preview = await calls.ask('teams', 'previewRemoveMembers', { members: await targetsOf(teamId) });
    // As a merge in another console does.
    await calls.client.query('UPDATE public.team_members SET user_id = $2 WHERE team_id = $1', [teamId, bo]);
    expect(await calls.run(preview, 'has left')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'changed_since' }],
    });
    expect(await rolesOf(teamId)).toEqual(['bo member']);
  });

  it('does not take back a move after which a key was made in the other team', async () => {
    const { id: teamId } = await insertTeam(calls.client);
    const { id: to } = await insertTeam(calls.client);
    await insertTeamMember(calls.client, { team_id: teamId, user_id: ana });
    const moving = { members: await targetsOf(teamId), to };
    const { batchId } = await calls.run(await calls.ask('teams', 'previewMoveMembers', moving), 'moves');
    const reviewed = await calls.ask('changes', 'previewUndo', { batchId });
    await insertApiKey(calls.client, { user_id: ana, team_id: to, name: 'fresh' });
    const undo = await calls.ask('changes', 'previewUndo', { batchId });
    expect(undo).toMatchObject({ toChange: 0, findings: [{ severity: 'error' }] });
    expect(await calls.run(reviewed, 'taken back')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'refused' }],
    });
    expect([await rolesOf(teamId), await rolesOf(to)]).toEqual([[], ['ana member']]);
  });

  it('moves a member with role and keys, and takes it back', async () => {
    const { id: teamId } = await insertTeam(calls.client);
    const { id: to } = await insertTeam(calls.client);
    await insertTeamMember(calls.client, { team_id: teamId, user_id: ana, role: 'admin' });
    const key = await insertApiKey(calls.client, { user_id: ana, team_id: teamId, name: 'laptop' });
    const members = await targetsOf(teamId);
    await expect(calls.ask('teams', 'previewMoveMembers', { members, to: teamId })).rejects.toMatchObject({
      code: 'validation',
    });
    const preview = await calls.ask('teams', 'previewMoveMembers', { members, to });
    expect(textsOf(preview)).toEqual(['Keys that move along, under the limits of the other team: laptop.']);
    const { batchId } = await calls.run(preview, 'other project');
    expect([await rolesOf(teamId), await rolesOf(to)]).toEqual([[], ['ana admin']]);
    expect([await trailOf(teamId), await trailOf(to)]).toMatchObject([
      [{ action: 'TEAM_MEMBER_REMOVE', metadata: { teamId, userId: ana } }],
      [{ action: 'TEAM_MEMBER_ADD', metadata: { teamId: to, userId: ana } }],
    ]);
    expect(await keyNow(key.id)).toEqual([{ team_id: to, is_active: true }]);
    await calls.undo(batchId);
    expect([await rolesOf(teamId), await rolesOf(to)]).toEqual([['ana admin'], []]);
    expect(await keyNow(key.id)).toEqual([{ team_id: teamId, is_active: true }]);
  });
});
