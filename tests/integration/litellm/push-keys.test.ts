import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesOfAreas, ownUndos } from '../../../src/main/changes-of-areas';
import { createChangesHandlers } from '../../../src/main/changes';
import { createSendNews } from '../../../src/main/litellm/outbox/send-waiting';
import { usersHandlers } from '../../../src/main/users';
import { keyRow, type ProxyState, teamRow } from '../../support/litellm';
import type { VersionName } from '../../support/litellm/version-profiles';
import { ana } from './builders';
import type { Harness } from './harness';
import { clientOptions, hash, openPush, type PushHarness } from './push-harness';

describe('telling LiteLLM about keys', () => {
  let p: PushHarness;
  let h: Harness;
  let state: ProxyState;
  let id: string;

  async function open(version: VersionName = '1.81.0'): Promise<void> {
    p = await openPush(version);
    ({ h, state, id } = p);
  }
  beforeEach(() => open());
  afterEach(() => h.close());

  const remote = () => p.remote();
  const send: PushHarness['send'] = (...which) => p.send(...which);
  const edit: PushHarness['edit'] = (...change) => p.edit(...change);
  const outbox: PushHarness['outbox'] = (...key) => p.outbox(...key);
  const writes = () => p.writes();
  const call = () => ({
    workspace: h.workspace,
    signal: new AbortController().signal,
    report: () => undefined,
  });
  const handlers = createChangesHandlers(changesOfAreas, ownUndos, createSendNews(clientOptions));
  const switchAna = async (isActive: boolean) => {
    const { version } = await usersHandlers.get({ id: ana }, call());
    const { plan } = await usersHandlers.previewUpdate(
      { targets: { selected: [{ id: ana, version }] }, changes: { isActive } },
      call(),
    );
    return handlers.run({ plan, reason: 'as agreed' }, call());
  };

  it('blocks the keys of whoever is deactivated before the change is answered, and gives them back', async () => {
    await h.rows(`INSERT INTO users (username, email, oauth_provider, oauth_id, roles)
      VALUES ('keeper', 'keeper@example.test', 'test', 'keeper', '{admin}')`);
    // The user itself waits: only keys are told yet.
    expect(await switchAna(false)).toMatchObject({ done: 1, waiting: 1 });
    expect(remote().blocked).toBe(true);
    expect(await outbox()).toEqual([]);
    expect(writes().map(({ path }) => path)).toEqual(['/key/block']);
    const synced = await h.rows('SELECT sync_status FROM api_keys WHERE id = $1', [id]);
    expect(synced).toEqual([{ sync_status: 'synced' }]);
    const { batchId } = await switchAna(true);
    expect(remote().blocked).toBe(false);
    const { plan } = await handlers.previewUndo({ batchId, recordId: null }, call());
    await handlers.run({ plan, reason: 'after all' }, call());
    expect(remote().blocked).toBe(true);
    // Both sides agree: a pull has nothing to do with it.
    const run = await h.pull();
    expect(run.entities.find(({ entity }) => entity === 'keys')).toMatchObject({ updated: 0, unchanged: 1 });
  });

  it('keeps waiting and says why where LiteLLM is away, and sends it when asked again', async () => {
    h.simulator.faults.add({ kind: 'bad-gateway', times: Infinity });
    await edit('is_active = false', ['isActive'], ['isActive']);
    expect(await send()).toMatchObject({ sent: 0, waiting: 1, refused: 0 });
    expect(await outbox()).toMatchObject([
      {
        state: 'waiting',
        taken: ['isActive'],
        problem: expect.stringContaining('LiteLLM did not answer') as string,
      },
    ]);
    h.simulator.faults.clear();
    expect(await send(true, id)).toEqual({ sent: 1, waiting: 0, refused: 0, problem: null });
    expect(remote().blocked).toBe(true);
  });

  it('keeps waiting where the key to the proxy is not here', async () => {
    h.secrets.clear();
    await edit('rpm_limit = 7', ['rpmLimit']);
    expect(await send()).toMatchObject({ sent: 0, waiting: 1 });
    expect((await outbox())[0]?.problem).toMatch(/key/);
    expect(h.simulator.recorder.requests).toEqual([]);
  });

  it('sends what differs from what both sides agreed on, ten edits as one call, numbers to the last digit', async () => {
    await edit('max_budget = 12.345678, tpm_limit = 9007199254740991', ['maxBudget', 'tpmLimit']);
    await edit(`rpm_limit = NULL, litellm_key_alias = 'work laptop'`, [
      'rpmLimit',
      'litellmKeyAlias',
      'name',
    ]);
    expect(await send()).toMatchObject({ sent: 1, waiting: 0 });
    expect(writes()).toEqual([
      {
        path: '/key/update',
        body: { key: hash, key_alias: 'work laptop', max_budget: 12.345678, tpm_limit: 9007199254740991 },
      },
    ]);
    expect(remote()).toMatchObject({ key_alias: 'work laptop', max_budget: 12.345678, rpm_limit: null });
    expect(await outbox()).toEqual([]);
    const run = await h.pull();
    expect(run.entities.find(({ entity }) => entity === 'keys')).toMatchObject({ updated: 0, unchanged: 1 });
  });

  it('sends nothing where both sides hold the same', async () => {
    await edit('', ['maxBudget', 'models', 'isActive', 'expiresAt', 'budgetDuration']);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(writes()).toEqual([]);
  });

  it('does not overwrite what somebody else changed there: says both values, and sends the rest', async () => {
    remote().max_budget = 77;
    await edit('max_budget = 55, rpm_limit = 9', ['maxBudget', 'rpmLimit']);
    expect(await send()).toMatchObject({ sent: 0, waiting: 0, refused: 1 });
    expect(remote()).toMatchObject({ max_budget: 77, rpm_limit: 9 });
    expect(await outbox()).toEqual([
      {
        fields: ['maxBudget'],
        taken: [],
        state: 'conflict',
        problem:
          'In LiteLLM somebody else has changed this since, so it was not overwritten: budget is 55 here and 77 there.',
      },
    ]);
    // It is tried again only where a person asks; once they agree nothing is left.
    expect(await send()).toMatchObject({ refused: 1 });
    await h.rows('UPDATE api_keys SET max_budget = 77 WHERE id = $1', [id]);
    expect(await send(true)).toMatchObject({ sent: 1, refused: 0 });
  });

  it('always takes access away, and leaves a key blocked that somebody else has blocked', async () => {
    remote().models = ['gpt-4o', 'other'];
    await edit('is_active = false', ['isActive', 'models'], ['isActive', 'models']);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(remote()).toMatchObject({ blocked: true, models: ['gpt-4o'] });
    await edit('is_active = true', ['isActive']);
    await send();
    expect(remote().blocked).toBe(false);
    remote().blocked = true;
    await edit('', ['isActive']);
    expect(await send()).toMatchObject({ refused: 1 });
    expect(remote().blocked).toBe(true);
    expect((await outbox())[0]?.problem).toContain('whether it is blocked');
  });

  it('reads after an answer that was lost, and sends nothing twice', async () => {
    h.simulator.faults.add({ kind: 'lost-answer', path: '/key/update' });
    await edit('rpm_limit = 8', ['rpmLimit']);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(writes()).toHaveLength(1);
    // Lost, and nobody can look: it is not known until somebody can, and not asked again at once.
    h.simulator.faults.add({ kind: 'lost-answer', path: '/key/update' });
    h.simulator.faults.add({ kind: 'bad-gateway', path: '/key/info', after: 1, times: Infinity });
    await edit('rpm_limit = 9', ['rpmLimit']);
    expect(await send()).toMatchObject({ sent: 0, waiting: 1 });
    expect(await outbox()).toMatchObject([{ state: 'unknown' }]);
    h.simulator.faults.clear();
    const asked = h.simulator.recorder.requests.length;
    expect(await send(true)).toMatchObject({ waiting: 1 });
    expect(h.simulator.recorder.requests).toHaveLength(asked);
    await h.rows(`UPDATE litemaas_console.outbox SET tried_at = tried_at - interval '11 seconds'`);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(writes()).toHaveLength(2);
    expect(remote().rpm_limit).toBe(9);
  });

  it('says why LiteLLM refused, and tries again when a person asks', async () => {
    const other = keyRow('sk-another-key-0123456789', { key_alias: 'taken', user_id: ana });
    state.keys.set(other.token, other);
    await edit(`litellm_key_alias = 'taken', rpm_limit = 3`, ['litellmKeyAlias', 'rpmLimit']);
    expect(await send()).toMatchObject({ sent: 0, refused: 1 });
    expect(await outbox()).toMatchObject([
      { state: 'refused', problem: expect.stringContaining("alias 'taken' already exists") as string },
    ]);
    state.keys.delete(other.token);
    expect(await send()).toMatchObject({ sent: 0, refused: 1 });
    expect(await send(true)).toMatchObject({ sent: 1, refused: 0 });
    expect(remote()).toMatchObject({ key_alias: 'taken', rpm_limit: 3 });
  });

  it.each(['1.81.0', '1.108.7'] as const)(
    'deletes a revoked key there and sees that it is gone: %s',
    async (version) => {
      await h.close();
      await open(version);
      await edit(
        'is_active = false, revoked_at = now()',
        ['isActive', 'revokedAt'],
        ['isActive', 'revokedAt'],
      );
      h.simulator.faults.add({ kind: 'lost-answer', path: '/key/delete' });
      expect(await send()).toMatchObject({ sent: 1 });
      expect(state.keys.has(hash)).toBe(false);
      const object = `SELECT state FROM litemaas_console.litellm_objects WHERE remote_id = $1`;
      expect(await h.rows(object, [hash])).toEqual([{ state: 'missing' }]);
      // Told once more, it is gone already.
      await edit('', ['revokedAt'], ['revokedAt']);
      expect(await send()).toMatchObject({ sent: 1 });
      expect(writes()).toHaveLength(1);
    },
  );

  it('deletes a key whose row is gone here', async () => {
    await edit('', ['deleted'], ['deleted']);
    await h.rows('DELETE FROM api_keys WHERE id = $1', [id]);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(state.keys.has(hash)).toBe(false);
  });

  it('says that a key is gone there, unless all that was told is that it is switched off', async () => {
    state.keys.delete(hash);
    await edit('rpm_limit = 3', ['rpmLimit']);
    await send();
    expect((await outbox())[0]).toMatchObject({
      state: 'refused',
      problem: 'LiteLLM does not have this key any more. Revoke it here and create a new one.',
    });
    await edit('is_active = false', ['isActive'], ['isActive']);
    expect(await send()).toMatchObject({ sent: 1, refused: 0 });
  });

  it('takes no 404 of something in front of LiteLLM for a key that is gone', async () => {
    h.simulator.faults.add({ kind: 'problem', status: 404, detail: 'no route', path: '/key/info' });
    await edit('is_active = false, revoked_at = now()', ['revokedAt'], ['revokedAt']);
    expect(await send()).toMatchObject({ sent: 0, waiting: 1 });
    expect(state.keys.has(hash)).toBe(true);
  });

  it('takes a budget’s duration away where the release can, and says so where it cannot', async () => {
    remote().budget_duration = '30d';
    await h.pull();
    await edit(`budget_duration = 'lifetime', rpm_limit = 4`, ['budgetDuration', 'rpmLimit']);
    await send();
    expect(await outbox()).toEqual([
      {
        fields: ['budgetDuration'],
        taken: [],
        state: 'refused',
        problem: 'LiteLLM did not take over: budget duration. This release may not be able to.',
      },
    ]);
    expect(remote().rpm_limit).toBe(4);
    await h.close();
    await open('1.108.7');
    remote().budget_duration = '30d';
    await h.pull();
    await edit(`budget_duration = 'lifetime'`, ['budgetDuration']);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(remote().budget_duration).toBe(null);
  });

  it('never sends an empty list of models, nor a duration that would reset every midnight', async () => {
    await h.rows('DELETE FROM api_key_models WHERE api_key_id = $1', [id]);
    await edit(`budget_duration = '2w'`, ['models', 'budgetDuration'], ['models']);
    expect(await send()).toMatchObject({ refused: 1 });
    expect(writes()).toEqual([]);
    expect((await outbox())[0]).toMatchObject({ state: 'refused', fields: ['models', 'budgetDuration'] });
  });

  it('sends an expiry as the seconds that are left, and takes it away', async () => {
    await edit(`expires_at = now() + interval '90 days'`, ['expiresAt']);
    expect(await send()).toMatchObject({ sent: 1 });
    const days = (Date.parse(remote().expires ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(90, 3);
    await edit('expires_at = NULL', ['expiresAt']);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(remote().expires).toBe(null);
    expect(writes().map(({ body }) => body['duration'])).toEqual([expect.stringMatching(/^77\d{5}s$/), '-1']);
  });

  it('makes the new team and its member there before a key goes to it', async () => {
    const team = '7b0c0000-0000-4000-8000-0000000000c1';
    await h.rows(
      `INSERT INTO teams (id, name, max_budget, allowed_models) VALUES ($1, 'New', 50, '["gpt-4o"]')`,
      [team],
    );
    await edit(`team_id = '${team}', rpm_limit = 5`, ['teamId', 'rpmLimit']);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(writes().map(({ path }) => path)).toEqual([
      ...['/team/new', '/team/member_add', '/key/update', '/key/update'],
    ]);
    // LiteLLM compares a team with the limits that the key has: they go before it.
    expect(
      writes()
        .map(({ body }) => body)
        .slice(2),
    ).toEqual([
      { key: hash, rpm_limit: 5 },
      { key: hash, team_id: team },
    ]);
    expect(state.teams.get(team)).toMatchObject({ team_alias: 'New', max_budget: 50, models: ['gpt-4o'] });
    expect(state.teams.get(team)?.members_with_roles).toContainEqual(
      expect.objectContaining({ user_id: ana }),
    );
    expect(remote().team_id).toBe(team);
  });

  it('does not move a key where LiteLLM refuses what it needs', async () => {
    state.teams.set('other', teamRow({ team_id: 'other', team_alias: 'Other' }));
    await h.pull();
    h.simulator.faults.add({ kind: 'licence', status: 403, feature: 'teams', path: '/team/member_add' });
    await edit(`team_id = (SELECT id FROM teams WHERE litellm_team_id = 'other')`, ['teamId']);
    expect(await send()).toMatchObject({ refused: 1 });
    expect(remote().team_id).toBe('team-one');
  });

  it.each(['a second change', 'the same change'])(
    'blocks a key whose new team LiteLLM cannot have, told by %s, and goes on saying why it was not moved',
    async (how) => {
      const team = '7b0c0000-0000-4000-8000-0000000000c1';
      await h.rows(
        `INSERT INTO teams (id, name, max_budget, budget_duration, allowed_models) VALUES ($1, 'New', 50, 'fortnight', '["gpt-4o"]')`,
        [team],
      );
      if (how === 'a second change') {
        await edit(`team_id = '${team}', rpm_limit = 5`, ['teamId', 'rpmLimit']);
        expect(await send()).toMatchObject({ refused: 1 });
        // What does not need the team is sent.
        expect(remote().rpm_limit).toBe(5);
        await edit('is_active = false', ['isActive'], ['isActive']);
      } else {
        await edit(`team_id = '${team}', is_active = false`, ['isActive', 'teamId'], ['isActive']);
      }
      expect(await send()).toMatchObject({ refused: 1 });
      expect(remote()).toMatchObject({ blocked: true, team_id: 'team-one' });
      expect(await outbox()).toMatchObject([
        {
          fields: ['teamId'],
          taken: [],
          state: 'refused',
          problem: expect.stringContaining('fortnight') as string,
        },
      ]);
    },
  );

  it('blocks a key that LiteLLM refuses to delete, and goes on saying that it is to go', async () => {
    h.simulator.faults.add({
      kind: 'licence',
      status: 403,
      feature: 'keys',
      path: '/key/delete',
      times: Infinity,
    });
    const fields = ['isActive', 'revokedAt'];
    await edit('is_active = false, revoked_at = now()', fields, fields);
    expect(await send()).toMatchObject({ sent: 0, refused: 1 });
    expect(remote().blocked).toBe(true);
    expect(await outbox()).toMatchObject([{ fields, taken: fields, state: 'refused' }]);
    // It is blocked already: that is not said twice.
    await send(true);
    expect(writes().map(({ path }) => path)).toEqual(['/key/delete', '/key/block', '/key/delete']);
    h.simulator.faults.clear();
    expect(await send(true)).toMatchObject({ sent: 1, refused: 0 });
    expect(state.keys.has(hash)).toBe(false);
  });

  it('keeps what somebody else changed there beside what LiteLLM refused', async () => {
    const other = keyRow('sk-another-key-0123456789', { key_alias: 'taken', user_id: ana });
    state.keys.set(other.token, other);
    remote().max_budget = 77;
    await edit(`litellm_key_alias = 'taken', max_budget = 55`, ['litellmKeyAlias', 'maxBudget']);
    expect(await send()).toMatchObject({ refused: 1 });
    expect(await outbox()).toMatchObject([{ fields: ['litellmKeyAlias', 'maxBudget'], state: 'refused' }]);
    expect(remote().max_budget).toBe(77);
  });

  it('takes access away first, and leaves to another console what it is sending', async () => {
    const second = keyRow('sk-a-second-key-0123456789', {
      user_id: ana,
      key_alias: 'second',
      models: ['gpt-4o'],
    });
    const third = keyRow('sk-a-third-key-01234567890', {
      user_id: ana,
      key_alias: 'third',
      models: ['gpt-4o'],
    });
    for (const key of [second, third]) state.keys.set(key.token, key);
    await h.pull();
    const idOf = async (token: string) =>
      (await h.rows<{ id: string }>('SELECT id FROM api_keys WHERE key_hash = $1', [token]))[0]?.id ?? '';
    const [other, sending] = [await idOf(second.token), await idOf(third.token)];
    h.simulator.recorder.requests.length = 0;
    await edit('rpm_limit = 2', ['rpmLimit']);
    await edit('is_active = false', ['isActive'], ['isActive'], other);
    await edit('rpm_limit = 2', ['rpmLimit'], [], sending);
    const lease = (until: string) =>
      h.rows(
        `UPDATE litemaas_console.outbox SET state = 'sending', leased_by = gen_random_uuid(), leased_until = now() + $2::interval
         WHERE record_id = $1`,
        [sending, until],
      );
    await lease('1 minute');
    expect(await send()).toMatchObject({ sent: 2, waiting: 1 });
    // Several are told at a time: which was taken first is written down.
    const taken = await h.rows<{ record_id: string }>(
      `SELECT record_id FROM litemaas_console.outbox WHERE state = 'done' ORDER BY tried_at`,
    );
    expect(taken.map((row) => row.record_id)).toEqual([other, id]);
    expect(state.keys.get(third.token)?.rpm_limit).toBe(null);
    // Its console was killed: the lease has run out.
    await lease('-1 second');
    expect(await send()).toMatchObject({ sent: 1, waiting: 0 });
    expect(state.keys.get(third.token)?.rpm_limit).toBe(2);
  });

  it('sends each object once where two consoles send at the same time', async () => {
    const keys = Array.from({ length: 12 }, (_, index) =>
      keyRow(`sk-many-keys-of-ana-${String(index)}-0123456789`, { user_id: ana, models: ['gpt-4o'] }),
    );
    for (const key of keys) state.keys.set(key.token, key);
    await h.pull();
    const rows = await h.rows<{ id: string }>('SELECT id FROM api_keys WHERE key_hash <> $1', [hash]);
    for (const row of rows) await edit('rpm_limit = 5', ['rpmLimit'], [], row.id);
    const [one, two] = await Promise.all([send(), send()]);
    expect(one.sent + two.sent).toBe(12);
    expect(writes()).toHaveLength(12);
    expect(keys.every(({ token }) => state.keys.get(token)?.rpm_limit === 5)).toBe(true);
  });
});
