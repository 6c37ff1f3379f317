import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import type { HandedOn } from '../../../src/shared/contract/users';
import {
  insertApiKey,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type ChangeCalls, openChangeCalls } from './change-calls';
import { belongings } from './merge-world';

const proxy = 'https://litellm.test';

describeOnEachPostgres('people who leave', (major) => {
  let calls: ChangeCalls;
  let people = 0;
  beforeAll(async () => {
    calls = await openChangeCalls({ major });
    await insertUser(calls.client, { username: 'keeper', roles: ['admin', 'user'] });
    for (const id of ['gpt', 'claude', 'qwen'])
      await insertModel(calls.client, { id, name: id.toUpperCase() });
  });
  afterAll(() => calls.close());

  const state = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const text of belongings) {
      const rows = await calls.rows(`SELECT row::text FROM (${text}) AS r ORDER BY 1`);
      found.push(rows.map(({ row }) => String(row)).join('\n'));
    }
    return found;
  };

  /** Somebody with all that one can have: the last admin of a team, a member of another. */
  const makeLeaver = async () => {
    people += 1;
    const n = String(people);
    const { client } = calls;
    const { id } = await insertUser(client, { username: `leaver-${n}`, email: `leaver-${n}@example.com` });
    const heir = await insertUser(client, { username: `heir-${n}` });
    const led = await insertTeam(client, { name: `Led ${n}`, created_by: id });
    const joined = await insertTeam(client, { name: `Joined ${n}` });
    await insertTeamMember(client, { team_id: led.id, user_id: id, role: 'admin' });
    await insertTeamMember(client, { team_id: joined.id, user_id: id });
    const subscriptions: string[] = [];
    for (const [model, status] of [
      ['gpt', 'active'],
      ['claude', 'suspended'],
      ['qwen', 'pending'],
    ] as const) {
      subscriptions.push((await insertSubscription(client, { user_id: id, model_id: model, status })).id);
    }
    const key = await insertApiKey(client, { user_id: id, name: `own-${n}` });
    const teamKey = await insertApiKey(client, { user_id: id, team_id: led.id, name: `team-${n}` });
    const offKey = await insertApiKey(client, { user_id: id, name: `off-${n}`, is_active: false });
    const mate = await insertUser(client, { username: `mate-${n}` });
    await insertTeamMember(client, { team_id: led.id, user_id: mate.id });
    const othersKey = await insertApiKey(client, { user_id: mate.id, team_id: led.id, name: `others-${n}` });
    return {
      ...{
        id,
        name: `leaver-${n}`,
        mate: `mate-${n}`,
        heir: heir.id,
        heirName: `heir-${n}`,
        led: led.id,
        joined: joined.id,
      },
      ...{ subscriptions, key: key.id, teamKey: teamKey.id, offKey: offKey.id, othersKey: othersKey.id },
    };
  };
  type Leaver = Awaited<ReturnType<typeof makeLeaver>>;
  const heirOf = ({ heirName: username }: Leaver) => ({ username, role: 'admin' });
  const mateOf = ({ mate: username }: Leaver) => ({ username, role: 'member' });
  const previewOf = async (ids: readonly string[], handedOn: HandedOn[] = []): Promise<ChangePreview> =>
    calls.ask('users', 'previewOffboard', {
      targets: { selected: await Promise.all(ids.map(calls.seen)) },
      handedOn,
    });
  const textsOf = ({ findings }: ChangePreview) =>
    findings.map(({ severity, text }) => `${severity}: ${text}`);
  const statuses = (ids: readonly string[]) =>
    calls.rows('SELECT status::text FROM public.subscriptions WHERE id = ANY($1) ORDER BY model_id', [ids]);
  const keysOn = async (ids: readonly string[]) =>
    (
      await calls.rows('SELECT name FROM public.api_keys WHERE id = ANY($1) AND is_active ORDER BY 1', [ids])
    ).map(({ name }) => name);
  const rolesIn = (team: string) =>
    calls.rows(
      `SELECT u.username, tm.role FROM public.team_members tm JOIN public.users u ON u.id = tm.user_id
       WHERE tm.team_id = $1 ORDER BY 1`,
      [team],
    );

  it('says what has to be decided, and refuses until it is', async () => {
    const leaver = await makeLeaver();
    expect(await calls.ask('users', 'leaving', { ids: [leaver.id] })).toMatchObject({
      people: [{ id: leaver.id, label: leaver.name }],
      keys: 2,
      subscriptions: 3,
      teams: [{ id: leaver.led, admins: leaver.name }],
      teamCount: 1,
    });
    const undecided = await previewOf([leaver.id]);
    expect(undecided).toMatchObject({ action: 'USER_OFFBOARD', toChange: 0, refused: 1 });
    expect(textsOf(undecided).join()).toContain(`Nobody else who stays is admin of Led`);
    await expect(previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.id }])).rejects.toMatchObject({
      message: `Who is to become admin leaves too: ${leaver.name}.`,
    });
    await calls.change([leaver.heir], { isActive: false });
    await expect(previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.heir }])).rejects.toMatchObject({
      message: `Who is to become admin is switched off: ${leaver.heirName}.`,
    });
  });

  it('ends all that they have at once, hands their team on, and gives all of it back', async () => {
    const leaver = await makeLeaver();
    const before = await state();
    const preview = await previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.heir }]);
    expect(preview).toMatchObject({ toChange: 1, refused: 0, grade: 'reaches_people' });
    const texts = textsOf(preview).join('\n');
    for (const text of [
      `info: ${leaver.heirName} becomes admin of Led`,
      'warning: 2 API keys that are on are blocked',
      'warning: LiteLLM deletes the keys that a member has in the team.',
      'info: 1 key of somebody else in their teams goes on as it is: others-',
      'warning: 2 subscriptions are cancelled: GPT, CLAUDE.',
      'info: 1 request that waits for approval is turned down: QWEN.',
      'info: Stay recorded as made by them: Led',
    ]) {
      expect(texts).toContain(text);
    }
    expect(await state()).toEqual(before);
    await expect(calls.run(preview)).rejects.toMatchObject({ code: 'validation' });

    const result = await calls.run(preview, 'has left');
    expect(result).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.user(leaver.id)).toMatchObject({ is_active: false });
    expect(await statuses(leaver.subscriptions)).toEqual([1, 2, 3].map(() => ({ status: 'cancelled' })));
    expect(await keysOn([leaver.key, leaver.teamKey, leaver.offKey])).toEqual([]);
    expect(await keysOn([leaver.othersKey])).toHaveLength(1);
    expect(await rolesIn(leaver.led)).toEqual([heirOf(leaver), mateOf(leaver)]);
    expect(await rolesIn(leaver.joined)).toEqual([]);
    expect(
      await calls.rows(
        `SELECT to_status::text AS status, cause::text FROM litemaas_console.subscription_events
         WHERE subscription_id = ANY($1) AND to_status = 'cancelled'`,
        [leaver.subscriptions],
      ),
    ).toEqual([1, 2, 3].map(() => ({ status: 'cancelled', cause: 'admin' })));
    const audits = await calls.rows(
      `SELECT action, count(*)::int AS n FROM public.audit_logs WHERE metadata ->> 'batchId' = $1 GROUP BY 1 ORDER BY 1`,
      [result.batchId],
    );
    expect(audits).toMatchObject([
      { action: 'API_KEY_UPDATE', n: 2 },
      { action: 'SUBSCRIPTION_UPDATE', n: 3 },
      { action: 'TEAM_MEMBER_ADD', n: 1 },
      { action: 'TEAM_MEMBER_REMOVE' },
      { action: 'USER_OFFBOARD', n: 1 },
    ]);

    const undo = await calls.ask('changes', 'previewUndo', { batchId: result.batchId });
    expect(undo).toMatchObject({ action: 'USER_OFFBOARD_UNDO', toChange: 1, refused: 0 });
    expect(await calls.run(undo, 'a mistake')).toMatchObject({ done: 1, problemCount: 0 });
    expect(await state()).toEqual(before);
    // And once more: the undo can be taken back.
    expect(await calls.undo(undo.plan)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await keysOn([leaver.key, leaver.teamKey])).toEqual([]);
    expect(await rolesIn(leaver.led)).toEqual([heirOf(leaver), mateOf(leaver)]);
  });

  it('raises a member to admin, or leaves a team without one where that was said', async () => {
    const leaver = await makeLeaver();
    await insertTeamMember(calls.client, { team_id: leaver.led, user_id: leaver.heir });
    const raised = await calls.run(
      await previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.heir }]),
      'has left',
    );
    expect(await rolesIn(leaver.led)).toEqual([heirOf(leaver), mateOf(leaver)]);
    await calls.undo(raised.batchId);
    expect(await rolesIn(leaver.led)).toEqual([
      { username: leaver.heirName, role: 'member' },
      { username: leaver.name, role: 'admin' },
      mateOf(leaver),
    ]);
    const preview = await previewOf([leaver.id], [{ teamId: leaver.led, to: null }]);
    expect(textsOf(preview).join()).toContain('warning: Go on without an admin: Led');
    const result = await calls.run(preview, 'has left');
    expect(result).toMatchObject({ done: 1 });
    expect(await rolesIn(leaver.led)).toEqual([
      { username: leaver.heirName, role: 'member' },
      mateOf(leaver),
    ]);
    expect(await calls.ask('users', 'offboardReport', { batchId: result.batchId })).toMatchObject({
      people: [
        {
          teams: expect.arrayContaining([
            expect.objectContaining({ id: leaver.led, to: null, isWithoutAdmin: true }),
          ]) as unknown,
        },
      ],
    });
  });

  it('lets several leave together, each team handed on once, and asks where two are its only admins', async () => {
    const [one, two] = [await makeLeaver(), await makeLeaver()];
    await insertTeamMember(calls.client, { team_id: one.led, user_id: two.id, role: 'admin' });
    expect(await previewOf([one.id])).toMatchObject({ toChange: 1 });
    expect(await previewOf([one.id, two.id])).toMatchObject({ toChange: 0, refused: 2 });
    const preview = await previewOf(
      [one.id, two.id],
      [
        { teamId: one.led, to: two.heir },
        { teamId: two.led, to: one.heir },
      ],
    );
    expect(await calls.run(preview, 'both left')).toMatchObject({ done: 2, problemCount: 0 });
    expect(await rolesIn(one.led)).toEqual([heirOf(two), mateOf(one)]);
    expect(await rolesIn(two.led)).toEqual([heirOf(one), mateOf(two)]);
  });

  it.each([
    ['was edited', (id: string) => calls.change([id], { fullName: 'Somebody else' }), 'changed_since'],
    ['got a key', (id: string) => insertApiKey(calls.client, { user_id: id, name: 'later' }), 'refused'],
    [
      'has a key blocked meanwhile',
      (id: string) =>
        calls.rows('UPDATE public.api_keys SET name = name || $2 WHERE user_id = $1', [id, '!']),
      'changed_since',
    ],
  ])('leaves everything alone where somebody %s since the review', async (_what, change, outcome) => {
    const leaver = await makeLeaver();
    const preview = await previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.heir }]);
    await change(leaver.id);
    const before = await state();
    expect(await calls.run(preview, 'has left')).toMatchObject({ done: 0, problems: [{ outcome }] });
    expect(await state()).toEqual(before);
  });

  it('leaves everything alone where the successor was switched off since the review', async () => {
    const leaver = await makeLeaver();
    const preview = await previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.heir }]);
    await calls.change([leaver.heir], { isActive: false });
    const before = await state();
    expect(await calls.run(preview, 'has left')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'refused', text: expect.stringContaining('Nobody else who stays') as string }],
    });
    expect(await state()).toEqual(before);
  });

  it('shows who was changed before the review', async () => {
    const leaver = await makeLeaver();
    const seen = await calls.seen(leaver.id);
    await calls.change([leaver.id], { fullName: 'Somebody else' });
    const preview = await calls.ask('users', 'previewOffboard', { targets: { selected: [seen] } });
    expect(preview).toMatchObject({ toChange: 0, conflictCount: 1, conflicts: [{ id: leaver.id }] });
  });

  it('ends what somebody still has who was switched off before', async () => {
    const leaver = await makeLeaver();
    await calls.change([leaver.id], { isActive: false });
    const before = await state();
    const preview = await previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.heir }]);
    const result = await calls.run(preview, 'has left');
    expect(result).toMatchObject({ done: 1 });
    expect(await statuses(leaver.subscriptions)).toEqual([1, 2, 3].map(() => ({ status: 'cancelled' })));
    expect(await calls.undo(result.batchId)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await state()).toEqual(before);
    expect(await calls.user(leaver.id)).toMatchObject({ is_active: false });
  });

  it('counts a request that comes late, and keeps the subscription ended', async () => {
    const leaver = await makeLeaver();
    await calls.run(await previewOf([leaver.id], [{ teamId: leaver.led, to: null }]), 'has left');
    await insertUsageLog(calls.client, {
      subscription_id: leaver.subscriptions[0] ?? '',
      model_id: 'gpt',
      api_key_id: leaver.key,
      created_at: new Date(Date.now() - 60_000).toISOString(),
    });
    expect(await statuses(leaver.subscriptions)).toEqual([1, 2, 3].map(() => ({ status: 'cancelled' })));
  });

  it('refuses to take it back where another subscription or a key of the successor would be lost', async () => {
    const leaver = await makeLeaver();
    const { batchId } = await calls.run(
      await previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.heir }]),
      'has left',
    );
    const other = await insertSubscription(calls.client, { user_id: leaver.id, model_id: 'gpt' });
    await insertApiKey(calls.client, { user_id: leaver.heir, team_id: leaver.led, name: 'of the heir' });
    const undo = await calls.ask('changes', 'previewUndo', { batchId });
    expect(undo.toChange).toBe(0);
    expect(textsOf(undo).join()).toMatch(/another active one to the model by now/);
    // The successor works in the team by now: the membership can't just go.
    expect(textsOf(undo).join()).toMatch(/would be left without a member: of the heir/);
    await calls.rows('DELETE FROM public.subscriptions WHERE id = $1', [other.id]);
  });

  it('tells LiteLLM of keys and memberships in order, and keeps a key off that LiteLLM has deleted', async () => {
    await calls.rows(`INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`, [
      JSON.stringify({
        baseUrl: proxy,
        headerName: 'Authorization',
        linkedAt: '2026-11-01T00:00:00.000000Z',
      }),
    ]);
    const leaver = await makeLeaver();
    const preview = await previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.heir }]);
    expect(textsOf(preview).join()).toContain('LiteLLM hears of the keys at once');
    const { batchId } = await calls.run(preview, 'has left');
    const told = await calls.rows(
      `SELECT o.record_kind, o.fields, o.taken, o.record_id FROM litemaas_console.outbox o
       JOIN litemaas_console.changes c ON c.id = o.change_id WHERE c.batch_id = $1 ORDER BY o.id`,
      [batchId],
    );
    expect(told.map(({ record_kind: kind, taken }) => [kind, taken])).toEqual([
      ['user', ['isActive']],
      ['api_key', ['isActive']],
      ['api_key', ['isActive']],
      ['team_member', []],
      ...told.slice(4).map(() => ['team_member', ['deleted']]),
    ]);
    const report = await calls.ask('users', 'offboardReport', { batchId });
    expect(report).toMatchObject({
      reason: 'has left',
      proxy,
      people: [
        {
          username: leaver.name,
          isDeleted: false,
          isUndone: false,
          told: 'waits',
          keyCount: 2,
          keys: [expect.objectContaining({ told: 'waits' }), expect.objectContaining({ told: 'waits' })],
          subscriptionCount: 3,
        },
      ],
    });
    expect(report.people[0]?.teams).toContainEqual(
      expect.objectContaining({ id: leaver.led, role: 'admin', to: leaver.heirName, isWithoutAdmin: false }),
    );
    expect(report.people[0]?.keys).toContainEqual(
      expect.objectContaining({ id: leaver.teamKey, team: expect.stringContaining('Led') as string }),
    );
    // As if LiteLLM had heard of the end of the membership, and deleted the key with it.
    await calls.rows(
      `UPDATE litemaas_console.outbox SET state = 'done' WHERE record_kind = 'team_member' AND fields = '{deleted}'`,
    );
    const undo = await calls.ask('changes', 'previewUndo', { batchId });
    expect(textsOf(undo).join()).toContain('1 key stays off: LiteLLM has deleted it');
    expect(await calls.run(undo, 'a mistake')).toMatchObject({ done: 1, problemCount: 0 });
    expect(await keysOn([leaver.key, leaver.teamKey])).toEqual([expect.stringContaining('own-')]);
    expect(await calls.ask('users', 'offboardReport', { batchId })).toMatchObject({
      people: [{ isUndone: true }],
    });
    await calls.rows(`DELETE FROM litemaas_console.settings WHERE key = 'litellm_link'`);
  });

  it('is followed by a deletion, whose undo brings no key back live, and is reported also then', async () => {
    const leaver = await makeLeaver();
    const { batchId } = await calls.run(
      await previewOf([leaver.id], [{ teamId: leaver.led, to: leaver.heir }]),
      'has left',
    );
    const targets = { selected: [await calls.seen(leaver.id)] };
    const deletion = await calls.run(await calls.ask('users', 'previewDelete', { targets }), 'a year later');
    expect(deletion).toMatchObject({ done: 1 });
    const report = await calls.ask('users', 'offboardReport', { batchId });
    expect(report.people).toMatchObject([{ username: leaver.name, isDeleted: true, keyCount: 2 }]);
    expect(report.people[0]?.keys.map(({ label }) => label)).toEqual(
      expect.arrayContaining([expect.stringContaining('own-'), expect.stringContaining('team-')]),
    );
    expect(
      report.people[0]?.subscriptions.map(({ model, before }) => `${model} ${String(before)}`).sort(),
    ).toEqual(['CLAUDE suspended', 'GPT active', 'QWEN pending']);
    await calls.undo(deletion.batchId);
    expect(await calls.user(leaver.id)).toMatchObject({ is_active: false });
    expect(await keysOn([leaver.key, leaver.teamKey, leaver.offKey])).toEqual([]);
    await expect(calls.ask('users', 'offboardReport', { batchId: deletion.batchId })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('is taken back after LiteMaaS made everybody a member of its team again, and without a team that went', async () => {
    const leaver = await makeLeaver();
    const { batchId } = await calls.run(
      await previewOf([leaver.id], [{ teamId: leaver.led, to: null }]),
      'left',
    );
    await calls.client.query(
      `INSERT INTO public.team_members (team_id, user_id) VALUES ('a0000000-0000-4000-8000-000000000001', $1)`,
      [leaver.id],
    );
    await calls.client.query('DELETE FROM public.teams WHERE id = $1', [leaver.joined]);
    const back = await calls.ask('changes', 'previewUndo', { batchId });
    expect(back).toMatchObject({ toChange: 1, refused: 0 });
    expect(textsOf(back)).toContain(
      'warning: 1 team is not there any more: its membership does not come back.',
    );
    expect(await calls.run(back, 'stays')).toMatchObject({ done: 1 });
    expect(await rolesIn(leaver.led)).toContainEqual({ username: leaver.name, role: 'admin' });
    expect(await keysOn([leaver.key])).toHaveLength(1);
  });

  it('asks again for an admin where it is done again and the other one has gone', async () => {
    const leaver = await makeLeaver();
    await insertTeamMember(calls.client, { team_id: leaver.led, user_id: leaver.heir, role: 'admin' });
    const { batchId } = await calls.run(await previewOf([leaver.id]), 'left');
    const { batchId: undone } = await calls.undo(batchId);
    const reviewed = await calls.ask('changes', 'previewUndo', { batchId: undone });
    expect(reviewed).toMatchObject({ toChange: 1 });
    await calls.client.query('DELETE FROM public.team_members WHERE user_id = $1', [leaver.heir]);
    expect(await calls.run(reviewed, 'left after all')).toMatchObject({ done: 0, problemCount: 1 });
    expect(await calls.ask('changes', 'previewUndo', { batchId: undone })).toMatchObject({ toChange: 0 });
    expect(await rolesIn(leaver.led)).toContainEqual({ username: leaver.name, role: 'admin' });
  });
});
