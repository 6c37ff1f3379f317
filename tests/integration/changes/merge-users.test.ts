import { expect, it } from 'vitest';
import {
  insertApiKey,
  insertApiKeyModel,
  insertAuditEntry,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openAreaCalls } from '../areas/area-calls';
import { belongings, usage, openMergeWorld, type Pair } from './merge-world';

describeOnEachPostgres('merging users whose addresses differ only in case', (major) => {
  const { calls, pairs, state, makePair, previewOf, textsOf, merge, use, subscriptionsOf } =
    openMergeWorld(major);

  /** A duplicate with everything that there is, in each state. */
  const makeFullPair = async () => {
    const pair = await makePair({}, { roles: ['user', 'admin-readonly'], oauth_id: `uid-${pairs() + 1}` });
    const { client } = calls();
    const { from, into } = pair;
    const [own, both, raised] = [
      await insertTeam(client, { name: 'Own team' }),
      await insertTeam(client, { name: 'Team of both' }),
      await insertTeam(client, { name: 'Team with an admin' }),
    ];
    await insertTeamMember(client, { team_id: own.id, user_id: from, role: 'admin' });
    await insertTeamMember(client, { team_id: both.id, user_id: from, role: 'member' });
    await insertTeamMember(client, { team_id: both.id, user_id: into, role: 'admin' });
    await insertTeamMember(client, { team_id: raised.id, user_id: from, role: 'admin' });
    await insertTeamMember(client, { team_id: raised.id, user_id: into, role: 'member' });
    const of = async (user_id: string, model_id: string, columns: object = {}) =>
      (await insertSubscription(client, { user_id, model_id, ...columns })).id;
    const ids = {
      unused: await of(from, 'gpt', { quota_requests: 7 }),
      used: await of(from, 'claude', { quota_requests: 50, team_id: own.id, max_budget: '12.5' }),
      double: await of(from, 'llama'),
      doubleOfOurs: await of(into, 'llama', { quota_requests: 3 }),
      weaker: await of(from, 'qwen'),
      weakerOfOurs: await of(into, 'qwen', { status: 'suspended' }),
      overLapsed: await of(from, 'mistral'),
      lapsedOfOurs: await of(into, 'mistral', { expires_at: '2026-01-01T00:00:00Z' }),
      over: await of(from, 'phi', { status: 'expired' }),
    };
    const keyOf = async (subscription_id: string | null, columns: object = {}) =>
      (await insertApiKey(client, { user_id: from, subscription_id, ...columns })).id;
    const keys = {
      unused: await keyOf(ids.unused),
      used: await keyOf(ids.used),
      double: await keyOf(ids.double, { is_active: false }),
      free: await keyOf(null),
    };
    await insertApiKeyModel(client, { api_key_id: keys.free, model_id: 'gpt' });
    await use(ids.used, 'claude', keys.used);
    await use(ids.double, 'llama', keys.double);
    await insertAuditEntry(client, { user_id: from });
    return { ...pair, ids, keys, teams: { own: own.id, both: both.id, raised: raised.id } };
  };

  it('moves what is unused, ends and opens what is used, leaves usage where it was, and goes back exactly', async () => {
    const full = await makeFullPair();
    const { from, into, ids, keys, teams } = full;
    const before = await state(belongings);
    const recorded = await state(usage);
    const preview = await previewOf(full);
    const names = { goes: `goes-${pairs()}`, stays: `stays-${pairs()}` };
    expect(preview).toMatchObject({
      action: 'USER_MERGE',
      grade: 'reaches_people',
      toChange: 1,
      records: [{ id: from, fields: [{ field: 'isActive', before: true, after: false }] }],
      parts: [
        { kind: 'subscription', way: 'update', count: 6 },
        { kind: 'subscription', way: 'create', count: 1 },
        { kind: 'api_key', way: 'update', count: 4 },
        { kind: 'team_member', way: 'delete', count: 3 },
        { kind: 'team_member', way: 'update', count: 2 },
      ],
      litellm: null,
    });
    expect(textsOf(preview)).toEqual([
      `warning: Roles do not move: ${names.stays} does not become admin-readonly.`,
      `warning: Both are members of Team with an admin, and ${names.goes} is admin there: ${names.stays} becomes admin.`,
      `info: Both are members of Default Team, Team of both: ${names.stays} stays as it is, the membership of ${names.goes} ends.`,
      `info: Memberships that move to ${names.stays}: Own team.`,
      `warning: To QWEN ${names.goes} has an active subscription and ${names.stays} one that is not: it stays so, and keys that move can go on calling the model in LiteLLM.`,
      `warning: Both have a subscription to LLAMA, QWEN: that of ${names.stays} stays as it is with its quota, that of ${names.goes} ends.`,
      `warning: Used, so ended for ${names.goes} and opened anew for ${names.stays}, with the same quota and nothing used of it: CLAUDE.`,
      `info: Unused subscriptions that move to ${names.stays}: GPT, MISTRAL.`,
      `info: A subscription of ${names.stays} that is past its end is marked as expired to make room: MISTRAL.`,
      `info: 4 API keys move to ${names.stays} and keep their values and limits (3 work now).`,
      `info: Recorded usage stays with ${names.goes}: 2 requests, 1 USD.`,
      `info: ${names.goes} is switched off and keeps its address, its sign-in (test, uid-${pairs()}), its entries in the audit log, teams it created, and what other tables say of it.`,
    ]);
    expect(await state(belongings)).toEqual(before);

    const result = await calls().run(preview, 'one person');
    expect(result).toMatchObject({ done: 1, problemCount: 0 });
    expect(await state(usage)).toEqual(recorded);
    expect(await calls().user(from)).toMatchObject({ is_active: false, oauth_id: `uid-${pairs()}` });
    expect(await calls().user(into)).toMatchObject({ is_active: true, roles: ['user'] });
    expect(await subscriptionsOf(into)).toEqual([
      { model_id: 'claude', status: 'active', used: '0', quota: '50' },
      { model_id: 'gpt', status: 'active', used: '0', quota: '7' },
      { model_id: 'llama', status: 'active', used: '0', quota: '3' },
      { model_id: 'mistral', status: 'active', used: '0', quota: '10000' },
      { model_id: 'mistral', status: 'expired', used: '0', quota: '10000' },
      { model_id: 'qwen', status: 'suspended', used: '0', quota: '10000' },
    ]);
    expect(await subscriptionsOf(from)).toMatchObject([
      { model_id: 'claude', status: 'cancelled', used: '1' },
      { model_id: 'llama', status: 'cancelled', used: '1' },
      { model_id: 'phi', status: 'expired' },
      { model_id: 'qwen', status: 'cancelled' },
    ]);
    const [opened] = await calls().rows(
      `SELECT id, team_id, max_budget::text FROM public.subscriptions WHERE user_id = $1 AND model_id = 'claude'`,
      [into],
    );
    expect(opened).toMatchObject({ team_id: teams.own, max_budget: '12.500000' });
    const keyRows = await calls().rows('SELECT id, user_id, subscription_id, is_active FROM public.api_keys');
    const key = (id: string) => keyRows.find((row) => row['id'] === id);
    expect([keys.unused, keys.used, keys.double, keys.free].map(key)).toMatchObject([
      { user_id: into, subscription_id: ids.unused, is_active: true },
      { user_id: into, subscription_id: opened?.['id'], is_active: true },
      { user_id: into, subscription_id: ids.doubleOfOurs, is_active: false },
      { user_id: into, subscription_id: null, is_active: true },
    ]);
    expect(
      await calls().rows(
        `SELECT t.name, tm.role FROM public.team_members tm JOIN public.teams t ON t.id = tm.team_id
         WHERE tm.user_id = $1 ORDER BY 1`,
        [into],
      ),
    ).toEqual([
      { name: 'Default Team', role: 'member' },
      { name: 'Own team', role: 'admin' },
      { name: 'Team of both', role: 'admin' },
      { name: 'Team with an admin', role: 'admin' },
    ]);
    expect(
      await calls().rows(
        `SELECT from_status::text, to_status::text, cause, reason, actor <> session_user AS named
         FROM litemaas_console.subscription_events WHERE subscription_id = $1 ORDER BY id DESC LIMIT 1`,
        [ids.used],
      ),
    ).toEqual([
      { from_status: 'active', to_status: 'cancelled', cause: 'admin', reason: 'one person', named: true },
    ]);

    // Goes back, forth again, and back.
    const { batchId } = result;
    const undo = await calls().ask('changes', 'previewUndo', { batchId });
    expect(undo).toMatchObject({ action: 'USER_MERGE_UNDO', toChange: 1, grade: 'reaches_people' });
    const undone = await calls().run(undo, 'two people');
    expect(undone).toMatchObject({ done: 1, problemCount: 0 });
    expect(await state(belongings)).toEqual(before);
    expect(await state(usage)).toEqual(recorded);
    const again = await calls().undo(undone.batchId);
    expect(again).toMatchObject({ done: 1, problemCount: 0 });
    expect((await subscriptionsOf(into)).map((row) => row['model_id'])).toContain('claude');
    expect(await calls().undo(again.batchId)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await state(belongings)).toEqual(before);
    expect(await state(usage)).toEqual(recorded);
  });

  it('is in the audit log and the journal record by record, without a key value', async () => {
    const pair = await makePair();
    const key = await insertApiKey(calls().client, {
      user_id: pair.from,
      lite_llm_key_value: 'sk-never-to-be-kept',
    });
    const { batchId } = await merge(pair);
    const entries = await calls().rows(
      `SELECT action, resource_type, resource_id, metadata FROM public.audit_logs
       WHERE metadata ->> 'batchId' = $1 ORDER BY action, resource_id`,
      [batchId],
    );
    expect(entries).toMatchObject([
      {
        action: 'API_KEY_UPDATE',
        resource_type: 'API_KEY',
        resource_id: key.id,
        metadata: { before: { userId: pair.from }, after: { userId: pair.into }, reason: 'one person' },
      },
      // The Default Team, which both are in.
      {
        action: 'TEAM_MEMBER_REMOVE',
        resource_type: 'TEAM',
        metadata: { before: { userId: pair.from }, after: {} },
      },
      {
        action: 'USER_MERGE',
        resource_type: 'USER',
        resource_id: pair.from,
        metadata: { before: { isActive: true }, after: { isActive: false }, reason: 'one person', batchId },
      },
    ]);
    const journal = await calls().rows('SELECT * FROM litemaas_console.changes WHERE batch_id = $1', [
      batchId,
    ]);
    expect(journal).toHaveLength(3);
    expect(JSON.stringify([journal, entries])).not.toContain('sk-never');
    await calls().undo(batchId);
    expect(
      await calls().rows(
        `SELECT count(*)::int AS n FROM public.audit_logs WHERE action = 'USER_MERGE_UNDO' AND resource_id = $1`,
        [pair.from],
      ),
    ).toEqual([{ n: 1 }]);
  });

  it('is refused for other addresses, placeholders, one record, and whoever is switched off', async () => {
    const refused = async (pair: Pair, text: string) =>
      expect(previewOf(pair)).rejects.toMatchObject({
        code: 'validation',
        message: expect.stringContaining(text) as string,
      });
    const other = await makePair({}, { email: 'somebody@example.com' });
    await refused(other, 'differ in more than upper and lower case');
    await refused({ from: other.from, into: other.from }, 'differ in more than upper and lower case');
    await refused(
      await makePair({ email: 'x@unknown.invalid' }, { email: 'X@unknown.invalid' }),
      'differ in more than upper and lower case',
    );
    await refused(await makePair({ is_active: false }), `stays-${pairs()} is switched off`);
    await refused(await makePair({}, { is_active: false }), `goes-${pairs()} is switched off`);
    const gone = { id: '00000000-0000-4000-8000-00000000dead', version: '0'.repeat(32) };
    await expect(
      calls().ask('users', 'previewMerge', { from: await calls().seen(other.from), into: gone }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keeps an administrator: the last one is not merged into somebody who is none', async () => {
    await calls().rows(`UPDATE public.users SET is_active = false WHERE username = 'keeper'`);
    const pair = await makePair({}, { roles: ['admin'] });
    const preview = await previewOf(pair);
    expect(preview).toMatchObject({ toChange: 0, refused: 1 });
    expect(textsOf(preview)[0]).toContain('error: Nobody would be left to administer LiteMaaS.');
    await expect(calls().run(preview, 'one person')).rejects.toMatchObject({ code: 'validation' });
    await calls().rows(`UPDATE public.users SET is_active = true WHERE username = 'keeper'`);
    // The other way round nothing is lost.
    expect(await merge({ from: pair.into, into: pair.from })).toMatchObject({ done: 1 });
  });

  it('names others who have the address too', async () => {
    const pair = await makePair();
    await insertUser(calls().client, { username: 'third', email: `PERSON-${pairs()}@example.com` });
    expect(textsOf(await previewOf(pair))).toContain(
      'warning: The address is also that of third: merge them one after the other.',
    );
  });

  it('shows the one first that signed in later, has more usage, or is older', async () => {
    const ids = async ({ from, into }: Pair) => {
      const { users, because } = await calls().ask('users', 'sameAddress', { ids: [from, into] });
      return [users[0]?.id === into ? 'into' : 'from', because];
    };
    expect(await ids(await makePair({ created_at: '2025-01-01' }))).toEqual(['into', 'age']);
    const used = await makePair({}, { created_at: '2025-01-01' });
    const { id } = await insertSubscription(calls().client, { user_id: used.into, model_id: 'gpt' });
    await use(id, 'gpt');
    expect(await ids(used)).toEqual(['into', 'usage']);
    await calls().rows('UPDATE public.users SET last_login_at = now() WHERE id = $1', [used.from]);
    expect(await ids(used)).toEqual(['from', 'sign_in']);
  });

  it('is found while both are active, and not any more once they are merged', async () => {
    const found = async () =>
      (await calls().ask('overview', 'attention', {})).items.find(({ kind }) => kind === 'users_same_email')
        ?.count ?? 0;
    const listed = async () =>
      (await calls().ask('users', 'list', { filters: { sameEmail: true } })).rows.map(({ id }) => id);
    const before = await found();
    const pair = await makePair();
    expect(await found()).toBe(before + 2);
    expect(await listed()).toEqual(expect.arrayContaining([pair.from, pair.into]));
    expect(await calls().ask('users', 'get', { id: pair.into })).toMatchObject({
      sameEmail: [{ id: pair.from, email: `Person-${pairs()}@Example.com`, isActive: true }],
    });
    await merge(pair);
    expect(await found()).toBe(before);
    const left = await listed();
    expect(left).not.toContain(pair.from);
    expect(left).not.toContain(pair.into);
    expect(await calls().ask('users', 'get', { id: pair.into })).toMatchObject({
      sameEmail: [{ isActive: false }],
    });
  });

  it('can be looked at and not done in a read-only workspace', async () => {
    const readOnly = await openAreaCalls({ major, access: 'read-only' });
    try {
      const [into, from] = [
        await insertUser(readOnly.client, { email: 'a@example.com', roles: ['admin'] }),
        await insertUser(readOnly.client, { email: 'A@example.com' }),
      ];
      const version = async (id: string) => (await readOnly.ask('users', 'get', { id })).version;
      const preview = await readOnly.ask('users', 'previewMerge', {
        from: { id: from.id, version: await version(from.id) },
        into: { id: into.id, version: await version(into.id) },
      });
      expect(preview.toChange).toBe(1);
      await expect(
        readOnly.ask('changes', 'run', { plan: preview.plan, reason: 'one person' }),
      ).rejects.toMatchObject({ code: 'read_only' });
      const { rows } = await readOnly.client.query('SELECT FROM public.users WHERE is_active');
      expect(rows).toHaveLength(2);
    } finally {
      await readOnly.close();
    }
  });
});
