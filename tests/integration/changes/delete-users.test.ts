import { afterAll, beforeAll, expect, it } from 'vitest';
import { planWith } from '../../../src/main/changes/plans';
import { runPlan } from '../../../src/main/changes/run';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import {
  insertApiKey,
  insertAuditEntry,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type ChangeCalls, openChangeCalls } from './change-calls';

const notThere = '00000000-0000-4000-8000-00000000dead';

/** Everything that a deletion may touch, as text. */
const recorded = [
  'SELECT * FROM public.users',
  'SELECT * FROM public.team_members',
  'SELECT * FROM public.subscriptions',
  'SELECT * FROM public.api_keys',
  'SELECT * FROM public.api_key_models',
  'SELECT * FROM public.usage_logs',
  'SELECT * FROM public.usage_summaries',
  'SELECT * FROM litemaas_console.unattributed_usage',
  'SELECT * FROM litemaas_console.usage_daily',
  'SELECT * FROM litemaas_console.usage_monthly',
  'SELECT * FROM litemaas_console.usage_latency',
];

describeOnEachPostgres('deleting users', (major) => {
  let calls: ChangeCalls;
  beforeAll(async () => {
    calls = await openChangeCalls({ major });
    await insertUser(calls.client, { username: 'keeper', roles: ['admin', 'user'] });
    await insertModel(calls.client, { id: 'gpt' });
  });
  afterAll(() => calls.close());

  const previewDelete = async (...ids: readonly string[]): Promise<ChangePreview> =>
    calls.ask('users', 'previewDelete', { targets: { selected: await Promise.all(ids.map(calls.seen)) } });

  const state = async (texts: readonly string[] = recorded): Promise<string[]> => {
    const found: string[] = [];
    for (const text of texts) {
      const rows = await calls.rows(`SELECT to_jsonb(r)::text AS row FROM (${text}) AS r ORDER BY 1`);
      found.push(`${text}: ${rows.map(({ row }) => String(row)).join('\n')}`);
    }
    return found;
  };

  /** The same with the keys of a person as they come back: never live. */
  const keysOff = (texts: readonly string[], person: string): string[] =>
    texts.map((text) =>
      text.startsWith('SELECT * FROM public.api_keys:')
        ? text
            .split('\n')
            .map((row) =>
              row.includes(person) ? row.replace('"is_active": true', '"is_active": false') : row,
            )
            .join('\n')
        : text,
    );

  /** A person with all that one can have. */
  const makePerson = async (username: string): Promise<string> => {
    const { client } = calls;
    const { id } = await insertUser(client, { username });
    const team = await insertTeam(client, { name: `team of ${username}`, created_by: id });
    await insertTeamMember(client, { team_id: team.id, user_id: id, role: 'admin' });
    const subscription = await insertSubscription(client, { user_id: id, model_id: 'gpt' });
    const key = await insertApiKey(client, {
      user_id: id,
      subscription_id: subscription.id,
      lite_llm_key_value: 'sk-never-to-be-kept-anywhere-0123456789',
    });
    for (let request = 0; request < 3; request += 1) {
      await insertUsageLog(client, {
        subscription_id: subscription.id,
        api_key_id: key.id,
        model_id: 'gpt',
        created_at: '2026-03-0' + String(request + 1) + 'T10:00:00Z',
      });
    }
    await insertAuditEntry(client, { user_id: id });
    return id;
  };

  it('says what goes, what stays, and brings all of it back', async () => {
    const id = await makePerson('ana');
    await insertAuditEntry(calls.client, { user_id: id, metadata: { note: 'of ana' } });
    const before = await state();
    const charts = await state(recorded.slice(-3));
    const preview = await previewDelete(id);
    expect(preview).toMatchObject({
      action: 'USER_DELETE',
      grade: 'destroys',
      toChange: 1,
      refused: 0,
      records: [{ id, label: 'ana', way: 'delete' }],
    });
    const counts = Object.fromEntries(
      preview.cascade.map(({ table, fate, rows }) => [`${fate} ${table}`, rows]),
    );
    expect(counts).toEqual({
      'blanked public.teams': 1,
      'blanked public.audit_logs': 2,
      'deleted public.team_members': 2,
      'deleted public.subscriptions': 1,
      'deleted public.api_keys': 1,
      'deleted public.usage_logs': 3,
      'deleted public.usage_summaries': expect.any(Number) as number,
    });
    expect(preview.findings.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        '1 API key that works now ends with it. Its value cannot come back.',
        expect.stringContaining('The recorded usage stays in all charts: 3 requests'),
      ]),
    );
    expect(await state()).toEqual(before);

    const result = await calls.run(preview, 'has left');
    expect(result).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.user(id)).toEqual({});
    expect(await state(recorded.slice(-3))).toEqual(charts);
    const kept = JSON.stringify(await calls.rows('SELECT * FROM litemaas_console.deleted_rows'));
    const journal = JSON.stringify(await calls.rows('SELECT * FROM litemaas_console.changes'));
    expect(kept).toContain('key_hash');
    expect(kept + journal).not.toContain('sk-never');
    expect(
      await calls.rows('SELECT before, after FROM litemaas_console.changes WHERE record_id = $1', [id]),
    ).toMatchObject([{ before: { username: 'ana' }, after: null }]);
    expect(
      await calls.rows(`SELECT action, metadata FROM public.audit_logs WHERE resource_id = $1`, [id]),
    ).toMatchObject([{ action: 'USER_DELETE', metadata: { reason: 'has left', batchId: result.batchId } }]);

    const undo = await calls.ask('changes', 'previewUndo', { batchId: result.batchId });
    expect(undo).toMatchObject({ toChange: 1, records: [{ id, way: 'create' }] });
    expect(undo.findings.map(({ text }) => text)).toContain(
      '1 API key comes back switched off: LiteLLM may have deleted it since, and then its value works nowhere any more.',
    );
    expect(await calls.run(undo, 'a mistake')).toMatchObject({ done: 1, problemCount: 0 });
    const withoutValue = before.map((text) =>
      text.replaceAll('"sk-never-to-be-kept-anywhere-0123456789"', 'null'),
    );
    expect(await state()).toEqual(keysOff(withoutValue, id));
    expect(
      await calls.rows(
        `SELECT user_id, metadata FROM public.audit_logs WHERE metadata @> '{"note": "of ana"}'`,
      ),
    ).toEqual([{ user_id: id, metadata: { note: 'of ana' } }]);

    // And once more: an undo can be taken back.
    const again = await calls.ask('changes', 'previewUndo', { batchId: undo.plan });
    expect(again).toMatchObject({ toChange: 0, refused: 1 });
    expect(again.findings.map(({ text }) => text).join()).toContain('Has keys');
  });

  it('previews exactly what a site’s own tables do', async () => {
    const id = await makePerson('ben');
    const other = await makePerson('cleo');
    const { client } = calls;
    await client.query(`
      CREATE SCHEMA site;
      CREATE TABLE site.badge (a uuid, b text, note text, PRIMARY KEY (a, b));
      CREATE TABLE site.desk (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner uuid REFERENCES public.users ON DELETE CASCADE,
        above int REFERENCES site.desk ON DELETE CASCADE, token text, twice int GENERATED ALWAYS AS (above * 2) STORED);
      CREATE TABLE site.holds (
        key uuid REFERENCES public.api_keys ON DELETE SET NULL, person uuid REFERENCES public.users ON DELETE CASCADE);
      CREATE TABLE site.likes (
        id int PRIMARY KEY, key uuid REFERENCES public.api_keys ON DELETE SET NULL);
      CREATE TABLE site."member""s" (team uuid, person uuid,
        FOREIGN KEY (team, person) REFERENCES public.team_members (team_id, user_id) ON DELETE CASCADE);
    `);
    const [key] = await calls.rows('SELECT id FROM public.api_keys WHERE user_id = $1', [id]);
    const [member] = await calls.rows(
      'SELECT team_id FROM public.team_members WHERE user_id = $1 AND role = $2',
      [id, 'admin'],
    );
    await client.query('INSERT INTO site.desk (owner, token) VALUES ($1, $3), ($2, $3)', [
      id,
      other,
      'secret',
    ]);
    await client.query(`INSERT INTO site.desk (above) SELECT id FROM site.desk WHERE owner = $1`, [id]);
    await client.query(`INSERT INTO site.desk (above) SELECT id FROM site.desk WHERE above IS NOT NULL`);
    await client.query('INSERT INTO site.holds VALUES ($1, $2), ($1, NULL)', [key?.['id'], id]);
    await client.query('INSERT INTO site.likes VALUES (1, $1), (2, NULL)', [key?.['id']]);
    await client.query('INSERT INTO site."member""s" VALUES ($1, $2), ($1, NULL)', [member?.['team_id'], id]);
    const site = ['site.desk', 'site.holds', 'site.likes', 'site."member""s"'].map(
      (name) => `SELECT * FROM ${name}`,
    );
    const before = await state([...recorded, ...site]);

    const preview = await previewDelete(id);
    const counts = Object.fromEntries(
      preview.cascade.map(({ table, fate, rows }) => [`${fate} ${table}`, rows]),
    );
    expect(counts).toMatchObject({
      'deleted site.desk': 3,
      'deleted site.holds': 1,
      'blanked site.holds': 1,
      'blanked site.likes': 1,
      'deleted site.member"s': 1,
    });
    expect(preview.findings.map(({ text }) => text)).toContain(
      'Rows of site.holds lose their reference, and an undo cannot give it back to them.',
    );
    const result = await calls.run(preview, 'has left');
    expect(result).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.rows('SELECT owner FROM site.desk')).toEqual([{ owner: other }]);
    expect(JSON.stringify(await calls.rows('SELECT * FROM litemaas_console.deleted_rows'))).not.toContain(
      'secret"',
    );

    expect(await calls.undo(result.batchId)).toMatchObject({ done: 1, problemCount: 0 });
    const after = await state([...recorded, ...site]);
    const withoutValue = before
      .slice(0, recorded.length)
      .map((text) =>
        text.replace(new RegExp(`(${id}[^\n]*)"sk-never-to-be-kept-anywhere-0123456789"`, 'g'), '$1null'),
      );
    expect(after.slice(0, recorded.length)).toEqual(keysOff(withoutValue, id));
    expect(
      await calls.rows('SELECT count(*)::int AS total, count(token)::int AS secrets FROM site.desk'),
    ).toEqual([{ total: 4, secrets: 1 }]);
    expect(await calls.rows('SELECT id FROM site.likes WHERE key IS NOT NULL')).toEqual([{ id: 1 }]);
  });

  it('is refused where rows refer to the person that may not go or be seen', async () => {
    const id = await makePerson('dora');
    const { client } = calls;
    await client.query(
      'CREATE TABLE site.invoice (person uuid REFERENCES public.users ON DELETE RESTRICT, key uuid REFERENCES public.api_keys)',
    );
    await client.query('INSERT INTO site.invoice (person) VALUES ($1)', [id]);
    expect(await previewDelete(id)).toMatchObject({ toChange: 0, refused: 1 });
    await client.query(
      'UPDATE site.invoice SET person = NULL, key = (SELECT id FROM public.api_keys WHERE user_id = $1)',
      [id],
    );
    const preview = await previewDelete(id);
    expect(preview).toMatchObject({ toChange: 0, refused: 1 });
    expect(preview.findings.map(({ text }) => text)).toContain(
      'Rows of site.invoice refer to it and keep it from going.',
    );
    await client.query('TRUNCATE site.invoice');
    // Between review and run.
    const seen = await previewDelete(id);
    await client.query('INSERT INTO site.invoice (person) VALUES ($1)', [id]);
    expect(await calls.run(seen, 'has left')).toMatchObject({ done: 0, problems: [{ outcome: 'refused' }] });
    expect(await calls.user(id)).toMatchObject({ username: 'dora' });
    await client.query('TRUNCATE site.invoice');
    await client.query(`
      CREATE FUNCTION site.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
      CREATE TRIGGER note BEFORE DELETE ON public.api_keys FOR EACH ROW EXECUTE FUNCTION site.note()`);
    expect((await previewDelete(id)).findings.map(({ text }) => text)).toContain(
      'A trigger or rule on public.api_keys is run by it: what else that does is not known.',
    );
    await client.query('DROP TRIGGER note ON public.api_keys');
  });

  it.each([
    [
      'of another role',
      'superuser',
      'CREATE TABLE odd.t (u uuid REFERENCES public.users ON DELETE CASCADE); GRANT SELECT ON odd.t TO PUBLIC',
    ],
    [
      'hidden by a policy',
      'owner',
      `CREATE TABLE odd.t (u uuid REFERENCES public.users ON DELETE CASCADE);
       CREATE POLICY planted ON odd.t USING (odd.plant(u::text));
       ALTER TABLE odd.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    ],
    [
      'with a domain that runs a function',
      'owner',
      `CREATE TABLE odd.a (u uuid REFERENCES public.users ON DELETE CASCADE, k odd.checked UNIQUE);
       CREATE TABLE odd.t (k odd.checked REFERENCES odd.a (k) ON DELETE CASCADE)`,
    ],
    [
      'with a jsonb key',
      'owner',
      `CREATE TABLE odd.a (u uuid REFERENCES public.users ON DELETE CASCADE, k jsonb UNIQUE);
       CREATE TABLE odd.t (k jsonb REFERENCES odd.a (k) ON DELETE CASCADE)`,
    ],
  ])('does not follow a table %s, and refuses', async (what, owner, ddl) => {
    const id = await makePerson(`gus ${what}`);
    const [first] = await calls.rows('SELECT rolname FROM pg_roles WHERE oid = 10');
    const superuser = await openTestSession({
      ...calls.workspace.database.config,
      user: String(first?.['rolname']),
    });
    const maker = owner === 'superuser' ? superuser : calls.client;
    try {
      await maker.query(`
        CREATE SCHEMA odd;
        GRANT USAGE ON SCHEMA odd TO PUBLIC;
        CREATE TABLE odd.ran (at timestamptz);
        GRANT ALL ON odd.ran TO PUBLIC;
        CREATE FUNCTION odd.plant(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO odd.ran VALUES (now()); RETURN true; END';
        CREATE DOMAIN odd.checked AS text CHECK (odd.plant(VALUE));
        ${ddl}`);
      if (ddl.includes('odd.a (')) {
        const key = ddl.includes('jsonb') ? '"x"' : 'x';
        await maker.query('INSERT INTO odd.a VALUES ($1, $2)', [id, key]);
        await maker.query('INSERT INTO odd.t VALUES ($1)', [key]);
      } else await superuser.query('INSERT INTO odd.t VALUES ($1)', [id]);
      await maker.query('TRUNCATE odd.ran');
      const preview = await previewDelete(id);
      expect(preview).toMatchObject({ toChange: 0, refused: 1 });
      expect(preview.findings.map(({ text }) => text).join()).toContain(
        'odd.t refers to it and cannot be followed',
      );
      expect(await calls.rows('SELECT * FROM odd.ran')).toEqual([]);
    } finally {
      await maker.query('DROP SCHEMA odd CASCADE');
      await superuser.end();
    }
  });

  it('keeps rows of odd tables as they are, and gives back nothing that was not there', async () => {
    const id = await makePerson('hana');
    await calls.client.query(`
      CREATE SCHEMA odd;
      CREATE TABLE odd.badge (s jsonb, u uuid REFERENCES public.users ON DELETE CASCADE, code char(2) UNIQUE);
      CREATE TABLE odd.pin (code char(2) REFERENCES odd.badge (code) ON DELETE CASCADE, "litemaas root" int);
      CREATE TABLE odd.badge_old () INHERITS (odd.badge);
      CREATE TABLE odd.owned (id int PRIMARY KEY, u uuid DEFAULT NULL REFERENCES public.users ON DELETE SET DEFAULT);
      CREATE TABLE odd.session (token text PRIMARY KEY, u uuid REFERENCES public.users ON DELETE SET NULL);`);
    await calls.client.query(`DELETE FROM public.team_members WHERE user_id = $1`, [id]);
    await calls.client.query(`INSERT INTO odd.badge VALUES ('{"x": 1}', $1, 'ab')`, [id]);
    await calls.client.query(`INSERT INTO odd.badge_old VALUES ('{"y": 1}', $1, 'cd')`, [id]);
    await calls.client.query(`INSERT INTO odd.pin VALUES ('ab', 7)`);
    await calls.client.query('INSERT INTO odd.owned VALUES (1, $1)', [id]);
    await calls.client.query(`INSERT INTO odd.session VALUES ('live-token', $1)`, [id]);
    const odd = ['odd.badge', 'ONLY odd.badge', 'odd.pin'].map((name) => `SELECT * FROM ${name}`);
    const before = await state([...odd, recorded[1] ?? '']);
    const preview = await previewDelete(id);
    expect(preview.findings.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'Rows of odd.owned lose their reference, and an undo cannot give it back to them.',
        'Secret values in odd.session are not kept: an undo cannot bring them back.',
      ]),
    );
    const { batchId } = await calls.run(preview, 'has left');
    expect(JSON.stringify(await calls.rows('SELECT * FROM litemaas_console.deleted_rows'))).not.toContain(
      'live-token',
    );
    expect(await calls.undo(batchId)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await state([...odd, recorded[1] ?? ''])).toEqual(before);
    await calls.client.query('DROP SCHEMA odd CASCADE');
  });

  it('leaves a person alone whose row somebody else holds, and does the others', async () => {
    const held = await makePerson('ines');
    const free = await makePerson('jon');
    const [subscription] = await calls.rows('SELECT id FROM public.subscriptions WHERE user_id = $1', [held]);
    const other = await openTestSession(calls.workspace.database.config);
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM public.subscriptions WHERE id = $1 FOR KEY SHARE', [
        subscription?.['id'],
      ]);
      const preview = await previewDelete(held, free);
      expect(await calls.run(preview, 'have left')).toMatchObject({
        done: 1,
        problems: [{ id: held, outcome: 'failed' }],
      });
      await other.query('ROLLBACK');
      const { batchId } = await calls.run(preview, 'have left');
      expect(await calls.undo(batchId)).toMatchObject({ done: 2, problemCount: 0 });
    } finally {
      await other.end();
    }
  });

  it('keeps rows of those alone that go: whoever is held meanwhile goes later, and comes back once', async () => {
    const team = await insertTeam(calls.client, { name: 'of two' });
    const people = ['kim', 'lou'].map((username) => ({ username, email: `${username}@example.org` }));
    const made = await calls.run(
      await calls.ask('users', 'previewCreate', { people, teams: [{ id: team.id, role: 'member' }] }),
    );
    const members =
      'SELECT id, team_id, user_id, role FROM public.team_members WHERE user_id IN (SELECT id FROM public.users WHERE username = ANY($1))';
    const names = [['kim', 'lou']];
    const before = await calls.rows(`${members} ORDER BY id`, names);
    const other = await openTestSession(calls.workspace.database.config);
    try {
      await other.query('BEGIN');
      await other.query(
        `SELECT FROM public.team_members WHERE team_id = $1 AND user_id = (SELECT id FROM public.users WHERE username = 'lou') FOR UPDATE`,
        [team.id],
      );
      const undo = await calls.ask('changes', 'previewUndo', { batchId: made.batchId });
      expect(await calls.run(undo)).toMatchObject({ done: 1, problemCount: 1 });
      await other.query('ROLLBACK');
      expect(await calls.run(undo)).toMatchObject({ done: 2, problemCount: 0 });
      expect(await calls.undo(undo.plan)).toMatchObject({ done: 2, problemCount: 0 });
      expect(await calls.rows(`${members} ORDER BY id`, names)).toEqual(before);
    } finally {
      await other.end();
    }
  });

  it('says who is gone, who was changed since, and leaves the last administrator', async () => {
    const id = await makePerson('emil');
    const preview = await previewDelete(id);
    await calls.change([id], { fullName: 'Emil' });
    expect(await calls.run(preview, 'has left')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'changed_since' }],
    });
    const [keeper] = await calls.rows(`SELECT id FROM public.users WHERE username = 'keeper'`);
    const last = await previewDelete(String(keeper?.['id']));
    expect(last).toMatchObject({ toChange: 0 });
    await expect(calls.run(last, 'has left')).rejects.toMatchObject({ code: 'validation' });
    expect(
      await calls.ask('users', 'previewDelete', {
        targets: { selected: [{ id: notThere, version: '0'.repeat(32) }] },
      }),
    ).toMatchObject({ toChange: 0, gone: 1 });
    // An undo into a database where somebody else has the name by now.
    const gone = await calls.run(await previewDelete(id), 'has left');
    await insertUser(calls.client, { username: 'emil' });
    const undo = await calls.ask('changes', 'previewUndo', { batchId: gone.batchId });
    expect(undo.findings[0]).toMatchObject({ severity: 'error' });
    await calls.rows(`DELETE FROM public.users WHERE username = 'emil'`);
    expect(await calls.undo(gone.batchId)).toMatchObject({ done: 1 });
  });

  it('moves much usage aside in slices, and back where it is stopped or taken back', async () => {
    const id = await makePerson('fay');
    await calls.rows(
      `INSERT INTO public.usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
       SELECT s.id, 'gpt', 1, 1, '2026-03-05T00:00:00Z'::timestamptz + n * interval '1 second'
       FROM public.subscriptions s CROSS JOIN generate_series(1, 24000) AS n WHERE s.user_id = $1`,
      [id],
    );
    const counts = [
      'SELECT count(*) AS rows, sum(request_tokens) AS tokens FROM public.usage_logs',
      'SELECT count(*) AS rows, sum(request_tokens) AS tokens FROM litemaas_console.unattributed_usage',
      ...recorded.slice(-3),
    ];
    const before = await state(counts);
    const { workspace } = calls;
    const stopped = new AbortController();
    const { plan } = await previewDelete(id);
    const stages = new Set<string>();
    let rowsAside = 0;
    const back: unknown[] = [];
    const run = runPlan(planWith(workspace, plan), 'has left', {
      workspace,
      signal: stopped.signal,
      report: ({ title, done = 0, total = 0 }) => {
        stages.add(title);
        if (title === 'Bringing recorded usage back') back.push(total - done);
        if (done > 0 && !stopped.signal.aborted) {
          rowsAside = done;
          stopped.abort();
        }
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(rowsAside).toBe(10_000);
    // What is in the log still does not have to come back.
    expect(back).toEqual([10_000, 0]);
    expect([...stages]).toEqual(
      expect.arrayContaining(['Moving recorded usage aside', 'Bringing recorded usage back']),
    );
    expect(await state(counts)).toEqual(before);

    const { batchId } = await calls.run(plan, 'has left');
    expect(await calls.user(id)).toEqual({});
    expect((await state(counts)).slice(2)).toEqual(before.slice(2));
    expect((await state(counts)).slice(0, 2)).not.toEqual(before.slice(0, 2));
    expect(await calls.undo(batchId)).toMatchObject({ done: 1, problems: [] });
    expect(await state(counts)).toEqual(before);
  });
});
