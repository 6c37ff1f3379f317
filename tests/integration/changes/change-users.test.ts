import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../../src/shared/errors';
import type { UserChanges } from '../../../src/shared/contract/users';
import { insertApiKey, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type ChangeCalls, openChangeCalls } from './change-calls';

describeOnEachPostgres('changing users', (major) => {
  let calls: ChangeCalls;
  beforeAll(async () => {
    calls = await openChangeCalls({ major });
    await insertUser(calls.client, { username: 'keeper', roles: ['admin', 'user'] });
  });
  afterAll(() => calls.close());

  const makeUser = async (columns: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    (await insertUser(calls.client, columns)).id;

  it('writes what was previewed, and journal, audit trail and result agree', async () => {
    const id = await makeUser({ username: 'ana', max_budget: '100', rpm_limit: '60', full_name: 'Ana' });
    const preview = await calls.preview([await calls.seen(id)], {
      rpmLimit: '90',
      maxBudget: null,
      fullName: 'Ana',
    });
    expect(preview).toMatchObject({
      action: 'USER_UPDATE',
      grade: 'reversible',
      total: 1,
      toChange: 1,
      litellm: null,
      findings: [{ severity: 'warning', text: 'The budget becomes unlimited.', count: 1 }],
      records: [
        {
          id,
          label: 'ana',
          way: 'update',
          fields: [
            { field: 'maxBudget', before: '100', after: null },
            { field: 'rpmLimit', before: '60', after: '90' },
          ],
          parts: [],
        },
      ],
    });
    expect(preview.statements).toEqual([
      'UPDATE public.users AS r SET "max_budget" = new."maxBudget", "rpm_limit" = new."rpmLimit" FROM jsonb_to_recordset($1::jsonb) AS new (id uuid, "maxBudget" numeric(20, 6), "rpmLimit" bigint) WHERE r.id = new.id;',
    ]);
    expect(await calls.user(id)).toMatchObject({ max_budget: '100.000000', rpm_limit: '60' });

    const result = await calls.run(preview);
    expect(result).toMatchObject({ batchId: preview.plan, done: 1, problemCount: 0, waiting: 0 });
    expect(await calls.user(id)).toMatchObject({ max_budget: null, rpm_limit: '90', full_name: 'Ana' });
    const values = {
      before: { rpmLimit: '60', maxBudget: '100' },
      after: { rpmLimit: '90', maxBudget: null },
    };
    expect(
      await calls.rows('SELECT * FROM litemaas_console.changes WHERE record_id = $1', [id]),
    ).toMatchObject([
      {
        batch_id: preview.plan,
        action: 'USER_UPDATE',
        record_kind: 'user',
        ...values,
        undoes: null,
        part_of: null,
      },
    ]);
    expect(
      await calls.rows(`SELECT action, metadata FROM public.audit_logs WHERE resource_id = $1`, [id]),
    ).toMatchObject([{ action: 'USER_UPDATE', metadata: { ...values, batchId: preview.plan } }]);
  });

  it('leaves alone what somebody else changed since, and says what it is now', async () => {
    const id = await makeUser({ username: 'cleo', max_budget: '100', rpm_limit: '60' });
    const seen = await calls.seen(id);
    await calls.change([id], { maxBudget: '50' });
    const stale = await calls.preview([seen], { rpmLimit: '90' });
    expect(stale).toMatchObject({
      toChange: 0,
      conflictCount: 1,
      conflicts: [
        { id, label: 'cleo', now: { maxBudget: '50', rpmLimit: '60' }, wanted: { rpmLimit: '90' } },
      ],
    });
    const [conflict] = stale.conflicts;
    expect(conflict?.changedBy).toContain('@');
    // What no console did is not put down to the one that was there before.
    await calls.client.query('UPDATE public.users SET max_budget = 50, tpm_limit = 9 WHERE id = $1', [id]);
    await calls.client.query('UPDATE public.users SET max_budget = 51 WHERE id = $1', [id]);
    expect((await calls.preview([seen], { rpmLimit: '90' })).conflicts).toMatchObject([
      { changedBy: null, changedAt: null },
    ]);
    await calls.client.query('UPDATE public.users SET max_budget = 50, tpm_limit = 1000 WHERE id = $1', [id]);
    expect(await calls.run(stale)).toMatchObject({ done: 0 });
    // Taking over what is there leaves it and adds the own change.
    await calls.run(await calls.preview([{ id, version: conflict?.version ?? '' }], { rpmLimit: '90' }));
    expect(await calls.user(id)).toMatchObject({ max_budget: '50.000000', rpm_limit: '90' });
  });

  it('finds a change between the review and the run', async () => {
    const id = await makeUser({ username: 'dora', rpm_limit: '60' });
    const preview = await calls.preview([await calls.seen(id)], { rpmLimit: '90' });
    await calls.client.query('UPDATE public.users SET tpm_limit = 5 WHERE id = $1', [id]);
    expect(await calls.run(preview)).toMatchObject({
      done: 0,
      problems: [{ id, label: 'dora', outcome: 'changed_since' }],
    });
    expect(await calls.user(id)).toMatchObject({ rpm_limit: '60' });
  });

  it('does not take for a change what usage moves', async () => {
    const id = await makeUser({ rpm_limit: '60' });
    const seen = await calls.seen(id);
    await calls.client.query(
      `UPDATE public.users SET updated_at = now() + '1 day', last_login_at = now(), sync_status = 'error' WHERE id = $1`,
      [id],
    );
    expect(await calls.run(await calls.preview([seen], { rpmLimit: '61' }))).toMatchObject({ done: 1 });
  });

  it('changes nothing twice when a plan is run again', async () => {
    const id = await makeUser({ rpm_limit: '60' });
    const preview = await calls.preview([await calls.seen(id)], { rpmLimit: '90' });
    expect(await calls.run(preview)).toMatchObject({ done: 1 });
    await calls.client.query('UPDATE public.users SET rpm_limit = 70 WHERE id = $1', [id]);
    expect(await calls.run(preview)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.user(id)).toMatchObject({ rpm_limit: '70' });
  });

  it('tells unlimited, zero and unchanged apart, and lists nobody who already is as wished', async () => {
    const limited = await makeUser({ rpm_limit: '60' });
    const unlimited = await makeUser({ rpm_limit: null });
    const zero = await makeUser({ rpm_limit: '0' });
    const result = await calls.change([limited, unlimited, zero], { rpmLimit: null });
    expect(result).toMatchObject({ done: 2 });
    expect(
      await calls.rows(
        `SELECT resource_id, metadata -> 'before' AS before, metadata -> 'after' AS after FROM public.audit_logs
         WHERE metadata ->> 'batchId' = $1 ORDER BY metadata -> 'before'`,
        [result.batchId],
      ),
    ).toEqual([
      { resource_id: zero, before: { rpmLimit: '0' }, after: { rpmLimit: null } },
      { resource_id: limited, before: { rpmLimit: '60' }, after: { rpmLimit: null } },
    ]);
    await calls.undo(result.batchId);
    expect(await calls.user(limited)).toMatchObject({ rpm_limit: '60' });
    expect(await calls.user(zero)).toMatchObject({ rpm_limit: '0' });
    expect(await calls.user(unlimited)).toMatchObject({ rpm_limit: null });
  });

  it('switches the keys of a person off and exactly those on again', async () => {
    const id = await makeUser({ username: 'emil' });
    const working = await insertApiKey(calls.client, { user_id: id });
    const off = await insertApiKey(calls.client, { user_id: id, is_active: false });
    const keys = async () =>
      (await calls.rows('SELECT id, is_active FROM public.api_keys WHERE user_id = $1', [id])).reduce<
        Record<string, unknown>
      >((all, row) => ({ ...all, [String(row['id'])]: row['is_active'] }), {});
    const preview = await calls.preview([await calls.seen(id)], { isActive: false });
    expect(preview).toMatchObject({
      grade: 'reaches_people',
      parts: [{ kind: 'api_key', way: 'update', count: 1 }],
    });
    await expect(calls.run(preview)).rejects.toMatchObject({ code: 'validation' });
    const { batchId } = await calls.run(preview, 'left the company');
    expect(await keys()).toEqual({ [working.id]: false, [off.id]: false });
    expect(
      await calls.rows(
        `SELECT action, metadata ->> 'reason' AS reason FROM public.audit_logs WHERE resource_id = $1`,
        [working.id],
      ),
    ).toEqual([{ action: 'API_KEY_UPDATE', reason: 'left the company' }]);
    expect(await calls.change([id], { isActive: true })).toMatchObject({ done: 1 });
    expect(await keys()).toEqual({ [working.id]: true, [off.id]: false });
    // The first batch cannot be taken back any more: the person is active again.
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({
      toChange: 0,
      conflictCount: 1,
    });
  });

  it('takes back what it did, part and all, and takes that back too', async () => {
    const id = await makeUser({ username: 'frida', rpm_limit: '60' });
    const key = await insertApiKey(calls.client, { user_id: id });
    const { batchId } = await calls.change([id], { isActive: false, rpmLimit: '1' });
    // What others change besides stays.
    await calls.client.query(`UPDATE public.users SET full_name = 'Frida K.' WHERE id = $1`, [id]);
    const undone = await calls.undo(batchId);
    expect(undone).toMatchObject({ done: 1 });
    const state = async () => [
      await calls.user(id),
      ...(await calls.rows('SELECT is_active FROM public.api_keys WHERE id = $1', [key.id])),
    ];
    expect(await state()).toMatchObject([
      { is_active: true, rpm_limit: '60', full_name: 'Frida K.' },
      { is_active: true },
    ]);
    await expect(calls.ask('changes', 'previewUndo', { batchId })).rejects.toMatchObject({
      code: 'conflict',
    });
    await calls.undo(undone.batchId);
    expect(await state()).toMatchObject([{ is_active: false, rpm_limit: '1' }, { is_active: false }]);
    expect(
      await calls.rows('SELECT action FROM litemaas_console.changes WHERE record_id = $1 ORDER BY id', [id]),
    ).toEqual([{ action: 'USER_UPDATE' }, { action: 'USER_UPDATE_UNDO' }, { action: 'USER_UPDATE' }]);
  });

  it('refuses an undo while a field is another, and allows it once it is put back', async () => {
    const id = await makeUser({ rpm_limit: '60' });
    const { batchId } = await calls.change([id], { rpmLimit: '90' });
    await calls.client.query('UPDATE public.users SET rpm_limit = 75 WHERE id = $1', [id]);
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({
      toChange: 0,
      conflicts: [{ expected: { rpmLimit: '90' }, now: { rpmLimit: '75' }, wanted: { rpmLimit: '60' } }],
    });
    await calls.client.query('UPDATE public.users SET rpm_limit = 90 WHERE id = $1', [id]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.user(id)).toMatchObject({ rpm_limit: '60' });
  });

  it('puts back the other fields of a refused undo, which stays possible', async () => {
    const id = await makeUser({ username: 'hugo', max_budget: '100', rpm_limit: '60' });
    const { batchId } = await calls.change([id], { maxBudget: '50', rpmLimit: '90' });
    await calls.client.query('UPDATE public.users SET max_budget = 75 WHERE id = $1', [id]);
    const refused = await calls.ask('changes', 'previewUndo', { batchId });
    expect(refused).toMatchObject({ toChange: 0, conflictCount: 1 });
    const [conflict] = refused.conflicts;
    expect(conflict).toMatchObject({
      now: { maxBudget: '75', rpmLimit: '90' },
      expected: { maxBudget: '50', rpmLimit: '90' },
      wanted: { maxBudget: '100', rpmLimit: '60' },
    });
    const edits = [{ id, version: conflict?.version ?? '', changes: { rpmLimit: '60' } }];
    const others = await calls.run(await calls.ask('users', 'previewEdits', { edits }));
    expect(await calls.user(id)).toMatchObject({ max_budget: '75.000000', rpm_limit: '60' });
    await calls.undo(others.batchId);
    await calls.client.query('UPDATE public.users SET max_budget = 50 WHERE id = $1', [id]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.user(id)).toMatchObject({ max_budget: '100.000000', rpm_limit: '60' });
  });

  it('gives each of several what is wished of them, and of none what is wished of another', async () => {
    const ina = await makeUser({ username: 'ina', max_budget: '100', rpm_limit: '60' });
    const jon = await makeUser({ username: 'jon', max_budget: '100', rpm_limit: '60' });
    const edits = [
      { ...(await calls.seen(ina)), changes: { maxBudget: '50' } },
      { ...(await calls.seen(jon)), changes: { rpmLimit: '90', fullName: 'Jon' } },
    ];
    const preview = await calls.ask('users', 'previewEdits', { edits });
    expect(preview).toMatchObject({ total: 2, toChange: 2 });
    await calls.run(preview);
    expect(await calls.user(ina)).toMatchObject({
      max_budget: '50.000000',
      rpm_limit: '60',
      full_name: null,
    });
    expect(await calls.user(jon)).toMatchObject({
      max_budget: '100.000000',
      rpm_limit: '90',
      full_name: 'Jon',
    });
    const [first] = edits;
    await expect(calls.ask('users', 'previewEdits', { edits: first ? [first, first] : [] })).rejects.toThrow(
      /each user once/,
    );
    const nothing = [{ ...(await calls.seen(ina)), changes: {} }];
    await expect(calls.ask('users', 'previewEdits', { edits: nothing })).rejects.toMatchObject({
      code: 'validation',
    });
  });

  it('offers the undo at the audit entry, until it was taken back', async () => {
    const id = await makeUser({ rpm_limit: '60' });
    const key = await insertApiKey(calls.client, { user_id: id });
    const { batchId } = await calls.change([id], { isActive: false });
    const entries = (await calls.rows(
      `SELECT id, resource_id FROM public.audit_logs WHERE metadata ->> 'batchId' = $1`,
      [batchId],
    )) as { id: string; resource_id: string }[];
    const offered = async () =>
      Object.fromEntries(
        await Promise.all(
          entries.map(async (entry) => {
            const { undoRecordId } = await calls.ask('audit', 'get', { id: entry.id });
            return [entry.resource_id, undoRecordId] as const;
          }),
        ),
      );
    expect(await offered()).toEqual({ [id]: id, [key.id]: null });
    await calls.undo(batchId);
    expect(await offered()).toEqual({ [id]: null, [key.id]: null });
    // What somebody else wrote into the trail offers nothing.
    const [forged] = (await calls.rows(
      `INSERT INTO public.audit_logs (action, resource_type, resource_id, metadata)
       VALUES ('USER_UPDATE', 'USER', $1, '{"batchId": "x'' OR true", "changeId": "1 OR true"}') RETURNING id`,
      [id],
    )) as { id: string }[];
    expect(await calls.ask('audit', 'get', { id: forged?.id ?? '' })).toMatchObject({ undoRecordId: null });
  });

  it('takes back one record of a batch', async () => {
    const [a, b] = [await makeUser({ rpm_limit: '60' }), await makeUser({ rpm_limit: '60' })];
    const { batchId } = await calls.change([a, b], { rpmLimit: '90' });
    await calls.undo(batchId, a);
    expect(await calls.user(a)).toMatchObject({ rpm_limit: '60' });
    expect(await calls.user(b)).toMatchObject({ rpm_limit: '90' });
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.user(b)).toMatchObject({ rpm_limit: '60' });
  });

  it('keeps one active administrator, judged on the state after the whole change', async () => {
    const [keeper] = await calls.rows(`SELECT id FROM public.users WHERE username = 'keeper'`);
    const other = await makeUser({ username: 'second', roles: ['admin'] });
    const both = [String(keeper?.['id']), other];
    const seen = await Promise.all(both.map(calls.seen));
    const together = await calls.preview(seen, { roles: ['user'] });
    expect(together).toMatchObject({ toChange: 0, refused: 2, findings: [{ severity: 'error', count: 2 }] });
    await expect(calls.run(together)).rejects.toMatchObject({ code: 'validation' });
    // One at a time each is allowed; run at once, only one is.
    const plans = await Promise.all(seen.map((one) => calls.preview([one], { isActive: false })));
    const results = await Promise.all(plans.map((plan) => calls.run(plan, 'both at once')));
    expect(results.map(({ done }) => done).sort()).toEqual([0, 1]);
    expect(results.flatMap(({ problems }) => problems)).toMatchObject([{ outcome: 'refused' }]);
    const [left] = await calls.rows(
      `SELECT count(*)::int AS n FROM public.users WHERE is_active AND 'admin' = ANY(roles)`,
    );
    expect(left).toEqual({ n: 1 });
    await calls.client.query('UPDATE public.users SET is_active = true WHERE id = ANY($1)', [both]);
  });

  it('judges a table like the form, on the state after all of its rows, and names whose rights rise', async () => {
    const [keeper] = await calls.rows(`SELECT id FROM public.users WHERE username = 'keeper'`);
    await calls.client.query(
      `UPDATE public.users SET roles = '{user}' WHERE username <> 'keeper' AND 'admin' = ANY(roles)`,
    );
    const crew = await Promise.all(
      ['kim', 'lou', 'max'].map((username) => makeUser({ username, max_budget: '100', full_name: username })),
    );
    const [kim = '', lou = '', max = ''] = crew;
    const edit = async (id: string, changes: UserChanges) => ({ ...(await calls.seen(id)), changes });
    const preview = await calls.ask('users', 'previewEdits', {
      edits: [
        // The only administrator leaves the role to another row.
        await edit(String(keeper?.['id']), { roles: ['user'] }),
        await edit(kim, { roles: ['admin', 'user'] }),
        await edit(lou, { maxBudget: null }),
        await edit(max, { maxBudget: '100', fullName: 'max' }),
      ],
    });
    expect(preview).toMatchObject({ grade: 'reaches_people', total: 4, toChange: 3, unchanged: 1 });
    const about = (word: string) =>
      preview.findings
        .filter(({ text }) => text.includes(word))
        .map(({ severity, examples }) => [severity, ...examples.map(({ label }) => label)]);
    expect(about('administrat')).toEqual([['warning', 'kim']]);
    expect(about('unlimited')).toEqual([['warning', 'lou']]);
    await calls.run(preview, 'from the list of November');
    expect(await calls.user(lou)).toMatchObject({ max_budget: null, full_name: 'lou', roles: ['user'] });
    const back = await calls.ask('users', 'previewEdits', {
      edits: [await edit(kim, { roles: ['user'] }), await edit(lou, { maxBudget: '5' })],
    });
    expect(back).toMatchObject({ toChange: 0, refused: 2 });
    await calls.client.query(`UPDATE public.users SET roles = '{admin,user}' WHERE id = $1`, [
      keeper?.['id'],
    ]);
  });

  it('warns of rights, refuses names that are taken, and keeps names in one form', async () => {
    await makeUser({ username: 'zoë', email: 'zoe@example.org' });
    const id = await makeUser({ username: 'gil', email: 'gil@example.org' });
    const seen = await calls.seen(id);
    const texts = async (changes: Parameters<ChangeCalls['preview']>[1]) =>
      (await calls.preview([seen], changes)).findings.map(({ severity, text }) => `${severity}: ${text}`);
    expect(await texts({ roles: ['admin', 'admin-readonly', 'chief'] })).toEqual([
      'warning: Gets every right in LiteMaaS: administrators see and change everything.',
      'warning: May read everything in LiteMaaS.',
      'warning: Is administrator and reading administrator at once: the first makes the second void.',
      'warning: LiteMaaS knows no role “chief”.',
    ]);
    // Decomposed, and with a sign that nobody sees: the same name.
    expect(await texts({ username: 'zoe\u0308' })).toEqual([
      'error: The username “zoë” belongs to somebody else.',
    ]);
    expect(await texts({ username: 'zo\u200Bë' })).toEqual([
      'error: The username “zoë” belongs to somebody else.',
    ]);
    expect(await texts({ email: 'ZOE@example.org' })).toEqual([
      'warning: Somebody else has “ZOE@example.org”, which differs only in upper and lower case.',
    ]);
    expect(await texts({ username: '\u043Etto' })).toEqual([
      'warning: “оtto” mixes letters that look alike: о is Cyrillic (U+043E).',
    ]);
    const other = await calls.seen(await makeUser());
    expect((await calls.preview([seen, other], { username: 'twins' })).findings).toMatchObject([
      { severity: 'error', text: 'Several people cannot have the same username.', count: 2 },
    ]);
  });

  it('fills in an unknown sign-in, refuses one that is somebody’s, and takes it back', async () => {
    const id = await makeUser({ username: 'signer', oauth_provider: 'openshift', oauth_id: 'unknown:x' });
    await makeUser({ username: 'holder', oauth_provider: 'openshift', oauth_id: 'uid-1' });
    const taken = await calls.preview([await calls.seen(id)], { oauthId: 'uid-1' });
    expect(taken).toMatchObject({ toChange: 0, findings: [{ severity: 'error' }] });
    await expect(calls.run(taken)).rejects.toMatchObject({ code: 'validation' });
    const { batchId } = await calls.change([id], { oauthId: 'uid-2' });
    expect(await calls.user(id)).toMatchObject({ oauth_id: 'uid-2', oauth_provider: 'openshift' });
    await calls.undo(batchId);
    expect(await calls.user(id)).toMatchObject({ oauth_id: 'unknown:x' });
  });

  it('changes all that a filter finds, and leaves the few bad ones', async () => {
    await calls.client.query(
      `INSERT INTO public.users (username, email, oauth_provider, oauth_id, rpm_limit)
       SELECT 'bulk-' || n, 'bulk-' || n || '@example.com', 'bulk', n, 60 FROM generate_series(1, 2500) AS n`,
    );
    await calls.client.query(`
      CREATE FUNCTION public.refuse_some() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.username IN ('bulk-7', 'bulk-1500', 'bulk-2500') THEN RAISE EXCEPTION 'not %', NEW.username; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse_some BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.refuse_some()`);
    const preview = await calls.ask('users', 'previewUpdate', {
      targets: { filter: { search: 'bulk-', filters: {} } },
      changes: { rpmLimit: '61' },
    });
    expect(preview).toMatchObject({ total: 2500, toChange: 2500 });
    // Who comes later is not touched.
    const late = await makeUser({ username: 'bulk-late', rpm_limit: '60' });
    const result = await calls.run(preview);
    expect(result).toMatchObject({ done: 2497, problemCount: 3 });
    expect(result.problems.map(({ outcome, text }) => `${outcome}: ${text}`).sort()).toEqual(
      ['bulk-1500', 'bulk-2500', 'bulk-7'].map((name) => `failed: The database reported: not ${name}.`),
    );
    expect(await calls.user(late)).toMatchObject({ rpm_limit: '60' });
    const [journal] = await calls.rows(
      `SELECT count(*)::int AS changes, (SELECT count(*)::int FROM public.audit_logs WHERE metadata ->> 'batchId' = $1::text) AS audits
       FROM litemaas_console.changes WHERE batch_id = $1::uuid`,
      [result.batchId],
    );
    expect(journal).toEqual({ changes: 2497, audits: 2497 });
    await calls.client.query('DROP FUNCTION public.refuse_some() CASCADE');
    // Running the plan again makes only what is missing.
    expect(await calls.run(preview)).toMatchObject({ done: 2500, problemCount: 0 });
    expect(await calls.undo(result.batchId)).toMatchObject({ done: 2500 });
    const [back] = await calls.rows(
      `SELECT count(*)::int AS n FROM public.users WHERE rpm_limit = 60 AND username LIKE 'bulk-%'`,
    );
    expect(back).toEqual({ n: 2501 });
  }, 120_000);

  it('says so where a trigger keeps a row from being written', async () => {
    const id = await makeUser({ rpm_limit: '60' });
    await calls.client.query(`
      CREATE FUNCTION public.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER swallow BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.swallow()`);
    const result = await calls.change([id], { rpmLimit: '61' });
    expect(result).toMatchObject({ done: 0, problems: [{ outcome: 'failed' }] });
    await calls.client.query('DROP FUNCTION public.swallow() CASCADE');
    expect(
      await calls.rows('SELECT FROM litemaas_console.changes WHERE batch_id = $1', [result.batchId]),
    ).toEqual([]);
  });

  it('knows no plan that it did not make', async () => {
    const error = await calls.run('00000000-0000-4000-8000-000000000001').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'conflict' });
  });
});
