import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import type { JoinedTeam, NewUser } from '../../../src/shared/contract/users';
import { newUserDefaults } from '../../../src/shared/contract/users';
import { insertApiKey, insertTeam, insertTeamMember, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type ChangeCalls, openChangeCalls } from './change-calls';

const defaultTeam = 'a0000000-0000-4000-8000-000000000001';

describeOnEachPostgres('creating users', (major) => {
  let calls: ChangeCalls;
  beforeAll(async () => {
    calls = await openChangeCalls({ major });
    await insertUser(calls.client, { username: 'keeper', roles: ['admin', 'user'] });
  });
  afterAll(() => calls.close());

  let made = 0;
  const person = (columns: Partial<NewUser> = {}): NewUser => {
    made += 1;
    return { username: `new-${made}`, email: `new-${made}@example.org`, ...columns };
  };
  const preview = (people: NewUser[], teams: JoinedTeam[] = []): Promise<ChangePreview> =>
    calls.ask('users', 'previewCreate', { people, teams });
  const idsOf = ({ records }: ChangePreview): string[] => records.map(({ id }) => id);
  const findingsOf = async (columns: Partial<NewUser>): Promise<string[]> =>
    (await preview([person({ oauthId: `u-${made}`, ...columns })])).findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ severity, text }) => `${severity}: ${text}`);
  const membershipsOf = (ids: readonly string[]) =>
    calls.rows(
      `SELECT id, team_id, user_id, role, joined_at::text FROM public.team_members WHERE user_id = ANY($1::uuid[]) ORDER BY user_id, role`,
      [ids],
    );
  const usersOf = (ids: readonly string[]) =>
    calls.rows(
      `SELECT to_jsonb(u) - 'updated_at' AS "user" FROM public.users u WHERE id = ANY($1::uuid[]) ORDER BY id`,
      [ids],
    );

  it('makes what was previewed with its memberships, and journal and audit trail agree', async () => {
    const team = await insertTeam(calls.client, { name: 'Crew' });
    const ana = person({
      username: ' Zoe\u0308 ',
      email: 'zo\u200Bë@example.org',
      fullName: 'Zoë Adams',
      roles: ['user', 'user'],
      maxBudget: '12.5',
      tpmLimit: null,
      oauthId: 'uid-zoe',
    });
    const planned = await preview([ana], [{ id: team.id, role: 'admin' }]);
    const [id = ''] = idsOf(planned);
    const set = {
      username: 'Zoë',
      email: 'zoë@example.org',
      fullName: 'Zoë Adams',
      roles: ['user'],
      maxBudget: '12.5',
      tpmLimit: null,
      rpmLimit: '60',
      oauthProvider: 'openshift',
      oauthId: 'uid-zoe',
      isActive: true,
    };
    expect(planned).toMatchObject({
      action: 'USER_CREATE',
      grade: 'reversible',
      total: 1,
      toChange: 1,
      parts: [{ kind: 'team_member', way: 'create', count: 1 }],
      litellm: null,
      findings: [
        { text: 'The limit of tokens per minute becomes unlimited.' },
        { severity: 'info', text: 'Joins the Default Team, as everybody does.' },
      ],
      records: [{ label: 'Zoë', way: 'create' }],
    });
    const [record] = planned.records;
    expect(record?.fields.map(({ field, before, after }) => [field, before, after])).toEqual(
      expect.arrayContaining(Object.entries(set).map(([field, value]) => [field, null, value])),
    );
    expect(planned.statements.map((statement) => statement.split(' (')[0])).toEqual([
      'INSERT INTO public.users AS r',
      'INSERT INTO public.team_members AS r',
    ]);
    expect(await usersOf([id])).toEqual([]);

    const result = await calls.run(planned);
    expect(result).toMatchObject({ batchId: planned.plan, done: 1, problemCount: 0, waiting: 0 });
    expect(await calls.user(id)).toMatchObject({
      username: 'Zoë',
      email: 'zoë@example.org',
      full_name: 'Zoë Adams',
      roles: ['user'],
      max_budget: '12.500000',
      tpm_limit: null,
      rpm_limit: '60',
      oauth_provider: 'openshift',
      oauth_id: 'uid-zoe',
      is_active: true,
      sync_status: 'pending',
      last_login_at: null,
    });
    expect(await membershipsOf([id])).toMatchObject([
      { team_id: team.id, role: 'admin' },
      { team_id: defaultTeam, role: 'member' },
    ]);
    const journal = await calls.rows(
      'SELECT * FROM litemaas_console.changes WHERE batch_id = $1 ORDER BY id',
      [result.batchId],
    );
    expect(journal).toMatchObject([
      { action: 'USER_CREATE', record_kind: 'user', record_id: id, before: null, after: set, part_of: null },
      {
        record_kind: 'team_member',
        before: null,
        after: { teamId: team.id, userId: id, role: 'admin' },
        part_of: journal[0]?.['id'],
      },
    ]);
    const audit = await calls.rows(
      `SELECT action, metadata FROM public.audit_logs WHERE metadata ->> 'batchId' = $1 ORDER BY action DESC`,
      [result.batchId],
    );
    expect(audit).toMatchObject([
      { action: 'USER_CREATE', metadata: { before: {}, after: set } },
      { action: 'TEAM_MEMBER_ADD', metadata: { teamId: team.id, userId: id } },
    ]);
  });

  it('gives what is left out the defaults of the columns', async () => {
    const planned = await preview([person()]);
    await calls.run(planned);
    const [id = ''] = idsOf(planned);
    const beside = await insertUser(calls.client, {});
    await calls.client.query(
      `UPDATE public.users SET roles = DEFAULT, max_budget = DEFAULT, tpm_limit = DEFAULT, rpm_limit = DEFAULT, is_active = DEFAULT, sync_status = DEFAULT WHERE id = $1`,
      [beside.id],
    );
    const columns = ['roles', 'max_budget', 'tpm_limit', 'rpm_limit', 'is_active', 'sync_status'];
    const [own, byDefault] = [await calls.user(id), await calls.user(beside.id)];
    for (const column of columns) expect(own[column], column).toEqual(byDefault[column]);
    expect(own).toMatchObject({
      full_name: null,
      oauth_provider: newUserDefaults.oauthProvider,
      oauth_id: `unknown:${id}`,
    });
  });

  it('leaves nothing of itself when it is taken back, and everything when that is', async () => {
    const team = await insertTeam(calls.client, {});
    const planned = await preview([person(), person()], [{ id: team.id, role: 'member' }]);
    const ids = idsOf(planned);
    const { batchId } = await calls.run(planned);
    const [users, memberships] = [await usersOf(ids), await membershipsOf(ids)];
    expect([users.length, memberships.length]).toEqual([2, 4]);

    const back = await calls.ask('changes', 'previewUndo', { batchId });
    expect(back).toMatchObject({
      action: 'USER_CREATE_UNDO',
      grade: 'reversible',
      toChange: 2,
      findings: [],
      parts: [{ kind: 'team_member', way: 'delete', count: 2 }],
    });
    const undone = await calls.run(back);
    expect(undone).toMatchObject({ done: 2, problemCount: 0 });
    expect(await usersOf(ids)).toEqual([]);
    expect(await membershipsOf(ids)).toEqual([]);

    expect(await calls.undo(undone.batchId)).toMatchObject({ done: 2, problemCount: 0 });
    expect(await usersOf(ids)).toEqual(users);
    // Who is there again joins the Default Team again.
    const again = await membershipsOf(ids);
    const isChosen = (row: Record<string, unknown>): boolean => row['team_id'] === team.id;
    expect(again).toHaveLength(4);
    expect(again.filter(isChosen)).toEqual(memberships.filter(isChosen));
    await expect(calls.ask('changes', 'previewUndo', { batchId })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('takes one of a batch back', async () => {
    const planned = await preview([person(), person()]);
    const [first = '', second = ''] = idsOf(planned);
    const { batchId } = await calls.run(planned);
    expect(await calls.undo(batchId, first)).toMatchObject({ done: 1 });
    expect(await usersOf([first])).toEqual([]);
    expect(await usersOf([second])).toHaveLength(1);
  });

  it.each(['key', 'team', 'own team', 'changed'] as const)(
    'does not take back whoever has something by now: %s',
    async (what) => {
      const planned = await preview([person()]);
      const [id = ''] = idsOf(planned);
      const { batchId } = await calls.run(planned);
      const { client } = calls;
      if (what === 'key') await insertApiKey(client, { user_id: id });
      if (what === 'team') {
        const team = await insertTeam(client, {});
        await insertTeamMember(client, { team_id: team.id, user_id: id });
      }
      if (what === 'own team') await insertTeam(client, { created_by: id });
      if (what === 'changed') await client.query('UPDATE public.users SET rpm_limit = 7 WHERE id = $1', [id]);
      const back = await calls.ask('changes', 'previewUndo', { batchId });
      expect(back).toMatchObject(
        what === 'changed'
          ? { toChange: 0, conflictCount: 1 }
          : {
              toChange: 0,
              refused: 1,
              findings: expect.arrayContaining([
                expect.objectContaining({
                  severity: 'error',
                  text: 'Has keys, subscriptions, usage or further teams by now, which would be lost. Deactivate instead.',
                }),
              ]) as unknown[],
            },
      );
      expect(await calls.run(back)).toMatchObject({ done: 0 });
      expect(await usersOf([id])).toHaveLength(1);
    },
  );

  it('warns of rights, of limits that are none or let nothing through, and of what is not known', async () => {
    const plain = person();
    expect(await findingsOf({})).toEqual([]);
    expect(await findingsOf({ maxBudget: null, tpmLimit: null, rpmLimit: null })).toEqual([
      'warning: Has no limits at all: no budget, and any number of tokens and requests.',
    ]);
    expect(await findingsOf({ maxBudget: '0.00' })).toEqual([
      'warning: The budget of 0 lets nothing through.',
    ]);
    expect(await findingsOf({ roles: ['admin', 'admin-readonly', 'queen'] })).toEqual([
      'warning: Gets every right in LiteMaaS: administrators see and change everything.',
      'warning: May read everything in LiteMaaS.',
      'warning: Is administrator and reading administrator at once: the first makes the second void.',
      'warning: LiteMaaS knows no role “queen”.',
    ]);
    expect(await findingsOf({ email: null })).toEqual([
      'warning: Has no e-mail address: the database holds a placeholder.',
    ]);
    expect(await findingsOf({ oauthId: null })).toEqual([
      'warning: The id at the identity provider is not known: a first sign-in does not find this record until it is filled in.',
    ]);
    expect(await findingsOf({ email: '\u043Etto@example.org' })).toEqual([
      'warning: “оtto@example.org” mixes letters that look alike: о is Cyrillic (U+043E).',
    ]);
    // Rises in rights ask for a reason, however many are made.
    const planned = await preview([plain, person({ roles: ['admin'] })]);
    expect(planned.grade).toBe('reaches_people');
    await expect(calls.run(planned)).rejects.toMatchObject({ code: 'validation' });
  });

  it('keeps an address that is missing apart for each', async () => {
    const planned = await preview([person({ email: null }), person({ email: null })]);
    expect(await calls.run(planned)).toMatchObject({ done: 2 });
    for (const id of idsOf(planned)) {
      expect(await calls.user(id)).toMatchObject({ email: `${id}@unknown.invalid` });
      expect(await calls.ask('users', 'get', { id })).toMatchObject({ email: null });
    }
  });

  it('refuses names, addresses and sign-ins that somebody has, and warns of another case', async () => {
    await insertUser(calls.client, {
      username: 'Cleo',
      email: 'Cleo@example.org',
      oauth_provider: 'openshift',
      oauth_id: 'uid-cleo',
    });
    expect(await findingsOf({ username: 'Cleo' })).toEqual([
      'error: The username “Cleo” belongs to somebody else.',
    ]);
    expect(await findingsOf({ email: 'Cleo@example.org' })).toEqual([
      'error: The address “Cleo@example.org” belongs to somebody else.',
    ]);
    expect(await findingsOf({ username: 'cleo', email: 'cleo@example.org' })).toEqual([
      'warning: Somebody else has “cleo”, which differs only in upper and lower case.',
      'warning: Somebody else has “cleo@example.org”, which differs only in upper and lower case.',
    ]);
    expect(await findingsOf({ oauthId: 'uid-cleo' })).toEqual([
      'error: A sign-in by “uid-cleo” at “openshift” can only be one person’s.',
    ]);
    expect(await findingsOf({ oauthId: 'uid-cleo', oauthProvider: 'keycloak' })).toEqual([]);
    const twice = await preview([
      person({ username: 'twin', oauthId: 'uid-twin' }),
      person({ username: 'twin', oauthId: 'uid-twin' }),
    ]);
    expect(twice).toMatchObject({ toChange: 0, refused: 2 });
    expect(twice.findings.map(({ text }) => text)).toEqual([
      'Several people cannot have the same username.',
      'A sign-in by “uid-twin” at “openshift” can only be one person’s.',
    ]);
    await expect(calls.run(twice)).rejects.toMatchObject({ code: 'validation' });
  });

  it('leaves those whose name was taken since, and makes the others whole', async () => {
    const people = [person(), person({ username: 'late' }), person(), person({ email: 'late@example.org' })];
    const planned = await preview(people);
    await insertUser(calls.client, { username: 'late', email: 'late@example.org' });
    const result = await calls.run(planned);
    expect(result).toMatchObject({ done: 2, problemCount: 2 });
    expect(result.problems.map(({ label, outcome }) => [label, outcome])).toEqual([
      ['late', 'failed'],
      [people[3]?.username, 'failed'],
    ]);
    const ids = idsOf(planned);
    expect(await usersOf(ids)).toHaveLength(2);
    expect(await membershipsOf(ids)).toHaveLength(2);
    expect(
      await calls.rows('SELECT id FROM litemaas_console.changes WHERE batch_id = $1', [result.batchId]),
    ).toHaveLength(2);
    // Running it again makes nobody twice.
    expect(await calls.run(planned)).toMatchObject({ done: 2, problemCount: 2 });
    expect(await usersOf(ids)).toHaveLength(2);
  });

  it('puts each into teams of their own besides those of all', async () => {
    const [all, own] = [await insertTeam(calls.client, {}), await insertTeam(calls.client, {})];
    const member = (id: string, role: JoinedTeam['role'] = 'member'): JoinedTeam => ({ id, role });
    const people = [person(), person({ teams: [member(own.id), member(all.id, 'admin')] })];
    const planned = await preview(people, [member(all.id)]);
    expect(await calls.run(planned)).toMatchObject({ done: 2 });
    const joined = async (id = '') =>
      (await membershipsOf([id]))
        .filter(({ team_id: team }) => team !== defaultTeam)
        .map(({ team_id: team, role }) => [team, role])
        .sort();
    const [first, second] = idsOf(planned);
    expect(await joined(first)).toEqual([[all.id, 'member']]);
    expect(await joined(second)).toEqual(
      [
        [all.id, 'admin'],
        [own.id, 'member'],
      ].sort(),
    );
    await expect(preview([person({ teams: [member(own.id), member(own.id)] })])).rejects.toMatchObject({
      message: 'One of the teams is joined twice.',
    });
    await expect(preview([person({ teams: [member(defaultTeam)] })])).rejects.toMatchObject({
      code: 'validation',
    });
  });

  it('makes nobody without the teams that were chosen', async () => {
    const team = await insertTeam(calls.client, {});
    const teams = [{ id: team.id, role: 'member' as const }];
    const planned = await preview([person()], teams);
    await calls.client.query('DELETE FROM public.teams WHERE id = $1', [team.id]);
    expect(await calls.run(planned)).toMatchObject({ done: 0, problems: [{ outcome: 'failed' }] });
    expect(await usersOf(idsOf(planned))).toEqual([]);
    await expect(preview([person()], teams)).rejects.toMatchObject({
      code: 'validation',
      message: 'One of the teams is not there any more.',
    });
  });

  it('joins no team twice, and says where there is no Default Team', async () => {
    const team = await insertTeam(calls.client, {});
    const member = (id: string): JoinedTeam => ({ id, role: 'member' });
    for (const teams of [
      [member(defaultTeam)],
      [member(team.id), { ...member(team.id), role: 'admin' as const }],
    ]) {
      await expect(preview([person()], teams)).rejects.toMatchObject({
        code: 'validation',
        message: 'One of the teams is joined twice.',
      });
    }
    await calls.client.query('CREATE TEMP TABLE kept AS SELECT * FROM public.teams WHERE id = $1', [
      defaultTeam,
    ]);
    await calls.client.query('DELETE FROM public.teams WHERE id = $1', [defaultTeam]);
    const planned = await preview([person({ oauthId: 'uid-alone' })]);
    expect(planned.findings).toMatchObject([
      {
        severity: 'warning',
        text: 'There is no Default Team here, which LiteMaaS expects: nobody joins it.',
      },
    ]);
    expect(await calls.run(planned)).toMatchObject({ done: 1 });
    expect(await membershipsOf(idsOf(planned))).toEqual([]);
    await calls.client.query('INSERT INTO public.teams SELECT * FROM kept');
  });

  it.each(['users', 'team_members'])('does nothing without the right to insert into %s', async (table) => {
    const team = await insertTeam(calls.client, {});
    const planned = await preview([person()], [{ id: team.id, role: 'member' }]);
    await calls.client.query(`REVOKE INSERT ON public.${table} FROM CURRENT_USER`);
    await expect(calls.run(planned)).rejects.toMatchObject({ code: 'db_permission' });
    await calls.client.query(`GRANT INSERT ON public.${table} TO CURRENT_USER`);
    expect(await usersOf(idsOf(planned))).toEqual([]);
    expect(
      await calls.rows('SELECT id FROM litemaas_console.changes WHERE batch_id = $1', [planned.plan]),
    ).toEqual([]);
    expect(await calls.run(planned)).toMatchObject({ done: 1 });
  });

  it('makes a thousand at once', async () => {
    const team = await insertTeam(calls.client, {});
    const planned = await preview(
      Array.from({ length: 1_000 }, () => person()),
      [{ id: team.id, role: 'member' }],
    );
    expect(planned).toMatchObject({ toChange: 1_000, parts: [{ count: 1_000 }] });
    const begun = performance.now();
    const result = await calls.run(planned);
    expect(result).toMatchObject({ done: 1_000, problemCount: 0 });
    expect(performance.now() - begun).toBeLessThan(15_000);
    const [{ total } = { total: null }] = await calls.rows(
      `SELECT count(*)::int AS total FROM public.team_members m JOIN public.users u ON u.id = m.user_id
       JOIN litemaas_console.changes c ON c.record_id = u.id::text WHERE c.batch_id = $1`,
      [result.batchId],
    );
    expect(total).toBe(2_000);
    expect(await calls.undo(result.batchId)).toMatchObject({ done: 1_000 });
  });
});
