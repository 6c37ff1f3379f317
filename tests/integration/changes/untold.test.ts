import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertApiKey, insertTeam, insertTeamMember, insertUser } from '../../support/builders';
import { planWith } from '../../../src/main/changes/plans';
import { runPlan } from '../../../src/main/changes/run';
import { previewUndo } from '../../../src/main/changes/undo';
import { teamsHandlers } from '../../../src/main/teams';
import { teamsChange } from '../../../src/main/teams/teams-change';
import { usersHandlers } from '../../../src/main/users';
import { mergeChange } from '../../../src/main/users/merge/merge-change';
import { createHarness, type Harness } from '../litellm/harness';
import { keyRow, teamRow, userRow } from '../../support/litellm';
import { type ChangeCalls, openChangeCalls } from './change-calls';

const proxy = 'https://litellm.test';

/** The database says that it is linked to a proxy, which nobody asks. */
async function linkTo({ client }: ChangeCalls, baseUrl: string): Promise<void> {
  await client.query(`INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`, [
    JSON.stringify({
      baseUrl,
      headerName: 'Authorization',
      linkedAt: '2026-11-01T00:00:00.000000Z',
    }),
  ]);
}

describe('what LiteLLM has to hear of a change', () => {
  let calls: ChangeCalls;
  beforeAll(async () => {
    calls = await openChangeCalls();
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    await linkTo(calls, proxy);
  });
  afterAll(() => calls.close());

  const waiting = (id: string) =>
    calls.rows(
      `SELECT proxy_id, record_kind, fields, taken, state FROM litemaas_console.outbox WHERE record_id = $1`,
      [id],
    );

  it('waits in the outbox, field by field and without a value', async () => {
    const { id } = await insertUser(calls.client, { username: 'ana', max_budget: '100' });
    const preview = await calls.preview([await calls.seen(id)], { maxBudget: '50', fullName: 'Ana' });
    expect(preview.litellm).toEqual({ waiting: 1, takesAway: 0 });
    expect(await calls.run(preview)).toMatchObject({ done: 1, waiting: 1 });
    const row = { proxy_id: proxy, record_kind: 'user', state: 'waiting', taken: [] };
    expect(await waiting(id)).toEqual([{ ...row, fields: ['maxBudget'] }]);
    expect(await calls.ask('users', 'get', { id })).toMatchObject({
      untold: 'waits',
      untoldNews: [{ proxy, fields: ['maxBudget'], takesAway: false, state: 'waiting' }],
    });
    // Further edits are one call later.
    await calls.change([id], { rpmLimit: '5' });
    expect(await waiting(id)).toEqual([{ ...row, fields: ['maxBudget', 'rpmLimit'] }]);
  });

  it('is nothing where a field changed that LiteLLM does not have', async () => {
    const { id } = await insertUser(calls.client);
    expect(await calls.change([id], { fullName: 'Only here' })).toMatchObject({ done: 1, waiting: 0 });
    expect(await waiting(id)).toEqual([]);
    expect(await calls.ask('users', 'get', { id })).toMatchObject({ untold: 'none', untoldNews: [] });
  });

  it('is found in the list of teams, also where a member has left one', async () => {
    const { id: changed } = await insertTeam(calls.client, { name: 'Changed' });
    const { id: left } = await insertTeam(calls.client, { name: 'Left' });
    await insertTeam(calls.client, { name: 'Untouched' });
    const member = await insertUser(calls.client, { username: 'leaver' });
    await insertTeamMember(calls.client, { team_id: left, user_id: member.id });
    const { version } = await calls.ask('teams', 'get', { id: changed });
    await calls.run(
      await calls.ask('teams', 'previewUpdate', {
        targets: { selected: [{ id: changed, version }] },
        changes: { rpmLimit: '3' },
      }),
    );
    const { rows: members } = await calls.ask('teams', 'members', { filters: { teamId: left } });
    const targets = members.map(({ id, version }) => ({ id, version }));
    await calls.run(await calls.ask('teams', 'previewRemoveMembers', { members: targets }), 'has left');
    const { rows } = await calls.ask('teams', 'list', { filters: { untold: true } });
    expect(rows.map(({ name }) => name)).toEqual(['Changed', 'Left']);
    const { items } = await calls.ask('overview', 'attention', {});
    expect(items).toContainEqual({
      ...{ kind: 'changes_untold', severity: 'warning', count: 2, record: null },
      of: 'teams',
    });
  });

  it('says loudly that access taken away still works there, until it is given back', async () => {
    const { id } = await insertUser(calls.client, { username: 'bea' });
    const key = await insertApiKey(calls.client, { user_id: id });
    await calls.change([id], { rpmLimit: '7' });
    const { batchId } = await calls.change([id], { isActive: false });
    expect(await calls.ask('users', 'get', { id })).toMatchObject({ untold: 'access' });
    expect(await calls.ask('apiKeys', 'get', { id: key.id })).toMatchObject({
      untold: 'access',
      untoldNews: [{ fields: ['isActive'], takesAway: true }],
    });
    const { items } = await calls.ask('overview', 'attention', {});
    const access = { kind: 'access_untold', severity: 'error', count: 1, record: null };
    expect(items).toContainEqual({ ...access, of: 'users' });
    expect(items).toContainEqual({ ...access, of: 'apiKeys' });
    expect((await calls.ask('apiKeys', 'list', { filters: { untold: true } })).rows).toMatchObject([
      { id: key.id },
    ]);
    const { rows } = await calls.ask('users', 'list', { filters: { untold: true, active: false } });
    expect(rows.map((row) => row.username)).toEqual(['bea']);
    await calls.undo(batchId);
    expect(await calls.ask('users', 'get', { id })).toMatchObject({ untold: 'waits' });
    expect(await waiting(id)).toMatchObject([{ fields: ['isActive', 'rpmLimit'], taken: [] }]);
    expect(await waiting(key.id)).toMatchObject([{ fields: ['isActive'], taken: [] }]);
  });
});

describe('a deletion', () => {
  it('is all that waits, and nothing of it waits once it is taken back', async () => {
    const calls = await openChangeCalls();
    try {
      await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
      await linkTo(calls, proxy);
      const { id } = await insertUser(calls.client, { username: 'carl' });
      await calls.change([id], { rpmLimit: '7' });
      const targets = { selected: [await calls.seen(id)] };
      const { batchId } = await calls.run(await calls.ask('users', 'previewDelete', { targets }), 'has left');
      const waits = () =>
        calls.rows('SELECT fields, taken FROM litemaas_console.outbox WHERE record_id = $1', [id]);
      expect(await waits()).toEqual([{ fields: ['deleted'], taken: ['deleted'] }]);
      await calls.undo(batchId);
      const [row] = await waits();
      expect(row).toMatchObject({ taken: [] });
      expect(row?.['fields']).toContain('rpmLimit');
      expect(row?.['fields']).not.toContain('deleted');
    } finally {
      await calls.close();
    }
  });

  it('of a person brings keys back that are off, and asks LiteLLM whether it still has them', async () => {
    const calls = await openChangeCalls();
    try {
      await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
      await linkTo(calls, proxy);
      const { id } = await insertUser(calls.client, { username: 'dora' });
      const key = await insertApiKey(calls.client, { user_id: id });
      const targets = { selected: [await calls.seen(id)] };
      const { batchId } = await calls.run(await calls.ask('users', 'previewDelete', { targets }), 'has left');
      const undo = await calls.ask('changes', 'previewUndo', { batchId });
      expect(undo.litellm).toEqual({ waiting: 2, takesAway: 1 });
      expect(await calls.run(undo, 'a mistake')).toMatchObject({ done: 1, waiting: 2 });
      expect(await calls.rows('SELECT is_active FROM public.api_keys WHERE id = $1', [key.id])).toEqual([
        { is_active: false },
      ]);
      expect(
        await calls.rows('SELECT fields, taken FROM litemaas_console.outbox WHERE record_id = $1', [key.id]),
      ).toEqual([{ fields: ['isActive'], taken: ['isActive'] }]);
    } finally {
      await calls.close();
    }
  });
});

describe('a pull', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await createHarness();
    const remote = userRow({ user_id: 'u-1', user_email: 'u1@example.com', rpm_limit: 60, tpm_limit: 10 });
    harness.simulator.state.users.set('u-1', remote);
    await harness.link();
    await harness.pull();
  });
  afterAll(() => harness.close());

  it('leaves fields alone that wait to be told, even where they were changed back', async () => {
    const [user] = await harness.rows<{ id: string }>(`SELECT id FROM public.users WHERE oauth_id = 'u-1'`);
    const id = user?.id ?? '';
    await harness.rows(
      `INSERT INTO litemaas_console.outbox (change_id, proxy_id, record_kind, record_id, fields)
       VALUES (1, $1, 'user', $2, '{rpmLimit}')`,
      [harness.simulator.url, id],
    );
    const remote = harness.simulator.state.users.get('u-1');
    if (remote) Object.assign(remote, { rpm_limit: 100, tpm_limit: 20 });
    await harness.pull();
    const limits = 'SELECT rpm_limit::text, tpm_limit::text FROM public.users WHERE id = $1';
    expect(await harness.rows(limits, [id])).toEqual([{ rpm_limit: '60', tpm_limit: '20' }]);
    await harness.rows(`UPDATE litemaas_console.outbox SET state = 'done'`);
    await harness.pull();
    expect(await harness.rows(limits, [id])).toEqual([{ rpm_limit: '100', tpm_limit: '20' }]);
  });

  it('does not bring back who was deleted here, and says so; until LiteLLM was told', async () => {
    const h = harness;
    h.simulator.state.users.set('u-2', userRow({ user_id: 'u-2', user_email: 'u2@example.com' }));
    await h.pull();
    const users = `SELECT id FROM public.users WHERE oauth_id = 'u-2'`;
    const [user] = await h.rows<{ id: string }>(users);
    await h.rows(
      `INSERT INTO litemaas_console.outbox (change_id, proxy_id, record_kind, record_id, fields, taken)
       VALUES (2, $1, 'user', $2, '{deleted}', '{deleted}')`,
      [h.simulator.url, user?.id ?? ''],
    );
    await h.rows(`DELETE FROM public.users WHERE oauth_id = 'u-2'`);
    await h.pull();
    await h.pull();
    expect(await h.rows(users)).toEqual([]);
    const object = `SELECT state, reason FROM litemaas_console.litellm_objects WHERE remote_id = 'u-2' AND kind = 'user'`;
    expect(await h.rows(object)).toEqual([{ state: 'homeless', reason: 'deleted_here' }]);
    // Whoever comes back, or is there again after LiteLLM was told, is an ordinary user.
    await h.rows(`UPDATE litemaas_console.outbox SET state = 'done'`);
    await h.pull();
    expect(await h.rows(users)).toEqual([{ id: user?.id }]);
    expect(await h.rows(object)).toMatchObject([{ state: 'linked' }]);
  });

  it('does not bring back a team that was deleted here, whose id here is not made of its id there', async () => {
    const h = harness;
    const { users, teams } = h.simulator.state;
    users.set('u-3', userRow({ user_id: 'u-3', user_email: 'u3@example.com' }));
    const members = [{ user_id: 'u-3', user_email: null, role: 'user' as const }];
    const remoteId = '7b0c0000-0000-4000-8000-0000000000b1';
    teams.set(remoteId, teamRow({ team_id: remoteId, team_alias: 'Foreign', members_with_roles: members }));
    const id = '7b0c0000-0000-4000-8000-0000000000a1';
    await h.rows(`INSERT INTO public.teams (id, name, litellm_team_id) VALUES ($1, 'Foreign', $2)`, [
      id,
      remoteId,
    ]);
    await h.pull();
    const stored = () =>
      h.rows(
        `SELECT t.id, (SELECT count(*)::int FROM public.team_members m WHERE m.team_id = t.id) AS members
         FROM public.teams t WHERE t.litellm_team_id = $1`,
        [remoteId],
      );
    expect(await stored()).toEqual([{ id, members: 1 }]);
    const call = { workspace: h.workspace, signal: new AbortController().signal, report: () => undefined };
    const { version } = await teamsHandlers.get({ id }, call);
    const { plan } = await teamsHandlers.previewDelete({ targets: { selected: [{ id, version }] } }, call);
    const run = await runPlan(planWith(h.workspace, plan), 'project is over', call);
    expect(run).toMatchObject({ done: 1, waiting: 1 });
    const object = () =>
      h.rows(
        `SELECT local_id, state, reason FROM litemaas_console.litellm_objects WHERE remote_id = $1 AND kind = 'team'`,
        [remoteId],
      );
    for (const pull of [1, 2, 3]) {
      await h.pull();
      expect(await stored(), `pull ${String(pull)}`).toEqual([]);
    }
    expect(await object()).toEqual([{ local_id: id, state: 'homeless', reason: 'deleted_here' }]);
    const undo = await previewUndo([teamsChange])({ batchId: run.batchId, recordId: null }, call);
    expect(await runPlan(planWith(h.workspace, undo.plan), 'goes on', call)).toMatchObject({ done: 1 });
    await h.pull();
    expect(await stored()).toEqual([{ id, members: 1 }]);
    expect(await object()).not.toMatchObject([{ state: 'homeless' }]);
    await h.rows(`UPDATE litemaas_console.outbox SET state = 'done'`);
  });

  it('leaves keys and memberships of a merged user where they went, until LiteLLM was told', async () => {
    const h = harness;
    const { users, teams, keys } = h.simulator.state;
    users.set('twin-1', userRow({ user_id: 'twin-1', user_email: 'twin@example.com' }));
    users.set('twin-2', userRow({ user_id: 'twin-2', user_email: 'Twin@example.com' }));
    teams.set(
      'crew',
      teamRow({
        team_id: 'crew',
        members_with_roles: [{ user_id: 'twin-2', user_email: null, role: 'admin' }],
      }),
    );
    const key = keyRow('sk-of-the-duplicate-0123456789', { user_id: 'twin-2', models: [] });
    keys.set(key.token, key);
    await h.pull();
    const idOf = async (remote: string) =>
      (await h.rows<{ id: string }>('SELECT id FROM public.users WHERE oauth_id = $1', [remote]))[0]?.id ??
      '';
    const [into, from] = [await idOf('twin-1'), await idOf('twin-2')];
    const call = { workspace: h.workspace, signal: new AbortController().signal, report: () => undefined };
    const { users: seen } = await usersHandlers.sameAddress({ ids: [into, from] }, call);
    const target = (id: string) => ({ id, version: seen.find((user) => user.id === id)?.version ?? '' });
    const preview = await usersHandlers.previewMerge({ from: target(from), into: target(into) }, call);
    expect(preview.litellm).toEqual({ waiting: 4, takesAway: 1 });
    expect(preview.findings[0]).toEqual({
      severity: 'warning',
      text: 'LiteLLM is not told at once: over there Twin stays switched on, and 1 key that works goes on working as a key of Twin: under its limits, in its teams, and its requests are recorded of Twin.',
      count: 1,
      examples: [{ id: from, label: 'Twin' }],
    });
    expect(await runPlan(planWith(h.workspace, preview.plan), 'one person', call)).toMatchObject({
      done: 1,
      waiting: 4,
    });
    const outbox = await h.rows(
      `SELECT record_kind, fields, taken FROM litemaas_console.outbox WHERE state = 'waiting' ORDER BY record_kind, fields`,
    );
    expect(outbox).toEqual([
      { record_kind: 'api_key', fields: ['userId'], taken: [] },
      { record_kind: 'team_member', fields: ['deleted'], taken: [] },
      { record_kind: 'team_member', fields: ['role', 'teamId', 'userId'], taken: [] },
      { record_kind: 'user', fields: ['isActive'], taken: ['isActive'] },
    ]);
    const owners = () =>
      h.rows<{ user_id: string }>(
        `SELECT 'key' AS what, user_id FROM public.api_keys
         UNION ALL SELECT t.name || ' ' || m.role, m.user_id FROM public.team_members m JOIN public.teams t ON t.id = m.team_id
         WHERE m.user_id = ANY($1) ORDER BY 1`,
        [[from, into]],
      );
    const moved = await owners();
    expect(moved.map(({ user_id: owner }) => owner)).toEqual([into, into, into]);
    await h.pull();
    expect(await owners()).toEqual(moved);
    expect(
      await h.rows(
        `SELECT state, reason FROM litemaas_console.litellm_objects WHERE kind = 'member' AND remote_id LIKE 'crew/%'`,
      ),
    ).toEqual([{ state: 'homeless', reason: 'deleted_here' }]);
    // Told, and not heard: what LiteLLM says counts again.
    await h.rows(`UPDATE litemaas_console.outbox SET state = 'done'`);
    await h.pull();
    expect((await owners()).map(({ user_id: owner }) => owner)).toContain(from);
  });

  it('brings back none of several whose records were merged one after the other', async () => {
    const h = harness;
    const { users, teams } = h.simulator.state;
    users.set('triplet-1', userRow({ user_id: 'triplet-1', user_email: 'triplet@example.com' }));
    users.set('triplet-2', userRow({ user_id: 'triplet-2', user_email: 'Triplet@example.com' }));
    users.set('triplet-3', userRow({ user_id: 'triplet-3', user_email: 'TRIPLET@example.com' }));
    const member = { user_id: 'triplet-3', user_email: null, role: 'user' as const };
    teams.set('trio', teamRow({ team_id: 'trio', team_alias: 'Trio', members_with_roles: [member] }));
    await h.pull();
    const members = async () => {
      const rows = await h.rows<{ remote: string }>(
        `SELECT u.oauth_id AS remote FROM public.team_members m JOIN public.teams t ON t.id = m.team_id
         JOIN public.users u ON u.id = m.user_id WHERE t.name = 'Trio' ORDER BY 1`,
      );
      return rows.map(({ remote }) => remote);
    };
    expect(await members()).toEqual(['triplet-3']);
    const call = { workspace: h.workspace, signal: new AbortController().signal, report: () => undefined };
    const target = async (remote: string) => {
      const [user] = await h.rows<{ id: string }>('SELECT id FROM public.users WHERE oauth_id = $1', [
        remote,
      ]);
      const id = user?.id ?? '';
      return { id, version: (await usersHandlers.get({ id }, call)).version };
    };
    const run = async (plan: string) => {
      const result = await runPlan(planWith(h.workspace, plan), 'one person', call);
      expect(result).toMatchObject({ done: 1, problemCount: 0 });
      return result.batchId;
    };
    const merge = async (from: string, into: string) =>
      run(
        (await usersHandlers.previewMerge({ from: await target(from), into: await target(into) }, call)).plan,
      );
    await merge('triplet-3', 'triplet-2');
    const second = await merge('triplet-2', 'triplet-1');
    await h.pull();
    expect(await members()).toEqual(['triplet-1']);
    // What was taken back is nobody's former membership.
    await run((await previewUndo([mergeChange])({ batchId: second, recordId: null }, call)).plan);
    await h.pull();
    expect(await members()).toEqual(['triplet-2']);
    await h.rows(`UPDATE litemaas_console.outbox SET state = 'done'`);
    await h.pull();
    expect(await members()).toEqual(['triplet-2', 'triplet-3']);
  });
});
