import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertApiKey, insertTeam, insertTeamMember, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTeamCalls, type TeamCalls } from './team-calls';

describeOnEachPostgres('keys that a deactivation took', (major) => {
  let calls: TeamCalls;
  let user: string;
  let team: string;
  let key: string;
  beforeAll(async () => {
    calls = await openTeamCalls({ major });
  });
  afterAll(() => calls.close());

  const makeKey = async (): Promise<void> => {
    user = (await insertUser(calls.client)).id;
    team = (await insertTeam(calls.client)).id;
    await insertTeamMember(calls.client, { team_id: team, user_id: user });
    key = (await insertApiKey(calls.client, { user_id: user, team_id: team, name: 'laptop' })).id;
  };
  const keyNow = async () => {
    const [row] = await calls.rows('SELECT team_id, is_active FROM public.api_keys WHERE id = $1', [key]);
    return row;
  };
  const targetsOf = async (teamId: string) =>
    (await calls.ask('teams', 'members', { filters: { teamId } })).rows.map(({ id, version }) => ({
      id,
      version,
    }));
  const removeMember = async () =>
    calls.run(
      await calls.ask('teams', 'previewRemoveMembers', { members: await targetsOf(team) }),
      'has left',
    );
  const deleteTeam = async () => calls.run(await calls.previewDeletion([team]), 'over');
  const switchUser = (isActive: boolean) => calls.change([user], { isActive });
  const switchTeam = (isActive: boolean) => calls.changeTeams([team], { isActive });
  const previewUser = async () => calls.preview([await calls.seen(user)], { isActive: true });
  const stayOff: unknown = expect.objectContaining({
    severity: 'warning',
    text: expect.stringContaining('1 API key that a deactivation took stays off') as unknown,
  });

  it('stay off where the team was deleted meanwhile, until it is back', async () => {
    await makeKey();
    await switchUser(false);
    const { batchId } = await deleteTeam();
    const preview = await previewUser();
    expect(preview.findings).toEqual([stayOff]);
    await calls.run(preview, 'as agreed');
    expect(await keyNow()).toEqual({ team_id: null, is_active: false });
    await calls.undo(batchId);
    await switchUser(false);
    expect((await previewUser()).findings).toEqual([]);
    await switchUser(true);
    expect(await keyNow()).toEqual({ team_id: team, is_active: true });
  });

  it('are not switched on by an undo where the team was deleted meanwhile', async () => {
    await makeKey();
    const { batchId } = await switchUser(false);
    await deleteTeam();
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({ toChange: 0 });
    expect(await calls.undo(batchId)).toMatchObject({ done: 0 });
    expect(await keyNow()).toEqual({ team_id: null, is_active: false });
  });

  it.each(['user', 'team'] as const)(
    'stay off where the membership ended while the %s was off, until that is taken back',
    async (owner) => {
      await makeKey();
      const switchOwner = owner === 'user' ? switchUser : switchTeam;
      const off = await switchOwner(false);
      const ended = await removeMember();
      const undo = await calls.ask('changes', 'previewUndo', { batchId: off.batchId });
      expect(undo).toMatchObject({ toChange: 0, refused: 1, findings: [{ severity: 'error' }] });
      await switchOwner(true);
      expect(await keyNow()).toEqual({ team_id: team, is_active: false });
      await switchOwner(false);
      await calls.undo(ended.batchId);
      await switchOwner(true);
      expect(await keyNow()).toEqual({ team_id: team, is_active: true });
    },
  );

  it('are not switched on by an undo that was reviewed before the membership ended', async () => {
    await makeKey();
    const { batchId } = await switchUser(false);
    const undo = await calls.ask('changes', 'previewUndo', { batchId });
    expect(undo).toMatchObject({ toChange: 1 });
    await removeMember();
    expect(await calls.run(undo, 'taken back')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'refused' }],
    });
    expect(await keyNow()).toEqual({ team_id: team, is_active: false });
  });

  it.each(['user', 'team'] as const)(
    'are not switched on by an undo of what switched the %s off while the other owner is off',
    async (owner) => {
      await makeKey();
      const [switchOwner, switchOther] =
        owner === 'user' ? [switchUser, switchTeam] : [switchTeam, switchUser];
      const { batchId } = await switchOwner(false);
      const reviewed = await calls.ask('changes', 'previewUndo', { batchId });
      await switchOther(false);
      const undo = await calls.ask('changes', 'previewUndo', { batchId });
      expect(undo.findings).toEqual([
        expect.objectContaining({
          severity: 'error',
          text: '1 key would work again although its person or team was switched off since: laptop.',
        }),
      ]);
      await expect(calls.run(undo, 'taken back')).rejects.toMatchObject({ code: 'validation' });
      // Also where the review was read before.
      expect(await calls.run(reviewed, 'taken back')).toMatchObject({
        done: 0,
        problems: [{ outcome: 'refused' }],
      });
      expect(await keyNow()).toEqual({ team_id: team, is_active: false });
      await switchOther(true);
      expect(await keyNow()).toMatchObject({ is_active: false });
      expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
      expect(await keyNow()).toMatchObject({ is_active: true });
    },
  );

  it('stay off where the person came back to the team as a new member: LiteLLM has deleted them', async () => {
    await makeKey();
    await switchUser(false);
    await removeMember();
    const members = [{ userId: user, role: 'member' as const }];
    await calls.run(await calls.ask('teams', 'previewAddMembers', { teamId: team, members }));
    const preview = await previewUser();
    expect(preview.findings).toEqual([stayOff]);
    await calls.run(preview, 'as agreed');
    expect(await keyNow()).toEqual({ team_id: team, is_active: false });
  });

  it('come back in the team that they moved to', async () => {
    await makeKey();
    await switchUser(false);
    const { id: to } = await insertTeam(calls.client);
    const moving = { members: await targetsOf(team), to };
    await calls.run(await calls.ask('teams', 'previewMoveMembers', moving), 'other project');
    await switchUser(true);
    expect(await keyNow()).toEqual({ team_id: to, is_active: true });
  });

  it('come back with the last one of person and team, whoever took them', async () => {
    await makeKey();
    await switchUser(false);
    await switchTeam(false);
    const preview = await previewUser();
    expect(preview.findings).toEqual([stayOff]);
    await calls.run(preview, 'as agreed');
    expect(await keyNow()).toMatchObject({ is_active: false });
    await switchTeam(true);
    expect(await keyNow()).toMatchObject({ is_active: true });
    // What was switched off elsewhere since is none of theirs.
    await calls.client.query('UPDATE public.api_keys SET is_active = false WHERE id = $1', [key]);
    await switchUser(false);
    expect((await previewUser()).findings).toEqual([]);
    await switchUser(true);
    expect(await keyNow()).toMatchObject({ is_active: false });
  });
});
