import { afterAll, beforeAll, expect, it } from 'vitest';
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

describeOnEachPostgres('taking back the deletion of a user, of what is gone since', (major) => {
  let calls: ChangeCalls;
  beforeAll(async () => {
    calls = await openChangeCalls({ major });
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    await calls.client.query(`
      CREATE SCHEMA site;
      CREATE TABLE site.room (floor int, door int, PRIMARY KEY (floor, door));
      CREATE TABLE site.desk (id int PRIMARY KEY, owner uuid REFERENCES public.users ON DELETE CASCADE,
        floor int, door int, FOREIGN KEY (floor, door) REFERENCES site.room ON DELETE CASCADE);
      CREATE TABLE site.note (id int PRIMARY KEY, subscription uuid REFERENCES public.subscriptions ON DELETE SET NULL);`);
  });
  afterAll(() => calls.close());

  const remove = async (...ids: readonly string[]): Promise<string> => {
    const selected = await Promise.all(ids.map(calls.seen));
    const preview = await calls.ask('users', 'previewDelete', { targets: { selected } });
    const result = await calls.run(preview, 'has left');
    expect(result).toMatchObject({ done: ids.length, problemCount: 0 });
    return result.batchId;
  };
  const previewUndo = (batchId: string) => calls.ask('changes', 'previewUndo', { batchId });
  const said = ({ findings }: Awaited<ReturnType<typeof previewUndo>>) =>
    findings.map(({ severity, text }) => `${severity}: ${text}`);
  const leftOut = (table: string, parent: string) =>
    `warning: Rows of ${table} stay away: what they refer to in ${parent} was deleted since. Everything else comes back.`;
  const parentGone = (table: string, parent: string) =>
    `error: Rows of ${table} cannot come back: what they refer to in ${parent} was deleted since. Nothing is brought back in part: bring that back first.`;

  it('leaves out a membership whose team is gone, and a subscription whose model is', async () => {
    const { client } = calls;
    const { id } = await insertUser(client, { username: 'ana' });
    const [left, gone] = [
      await insertTeam(client, { name: 'left' }),
      await insertTeam(client, { name: 'gone' }),
    ];
    for (const team of [left, gone]) await insertTeamMember(client, { team_id: team.id, user_id: id });
    for (const model of ['stays', 'goes']) {
      await insertModel(client, { id: model });
      const subscription = await insertSubscription(client, { user_id: id, model_id: model });
      await insertUsageLog(client, {
        ...{ subscription_id: subscription.id, model_id: model },
        created_at: '2026-03-01T10:00:00Z',
      });
    }
    const charts = 'SELECT * FROM litemaas_console.usage_daily WHERE user_id = $1 ORDER BY model_id';
    const charted = await calls.rows(charts, [id]);
    const batchId = await remove(id);
    await client.query('DELETE FROM public.teams WHERE id = $1', [gone.id]);
    await client.query(`DELETE FROM public.models WHERE id = 'goes'`);
    const preview = await previewUndo(batchId);
    expect(preview).toMatchObject({ toChange: 1, refused: 0 });
    expect(said(preview)).toEqual(
      expect.arrayContaining([
        leftOut('public.team_members', 'public.teams'),
        leftOut('public.subscriptions', 'public.models'),
      ]),
    );
    expect(await calls.run(preview, 'a mistake')).toMatchObject({ done: 1, problemCount: 0 });
    expect(
      await calls.rows(
        `SELECT t.name FROM public.team_members m JOIN public.teams t ON t.id = m.team_id
         WHERE m.user_id = $1 AND t.name IN ('left', 'gone')`,
        [id],
      ),
    ).toEqual([{ name: 'left' }]);
    expect(
      await calls.rows(
        `SELECT s.model_id, (SELECT count(*)::int FROM public.usage_logs l WHERE l.subscription_id = s.id) AS requests
         FROM public.subscriptions s WHERE s.user_id = $1`,
        [id],
      ),
    ).toEqual([{ model_id: 'stays', requests: 1 }]);
    // What the other one used stays where it is counted.
    expect(await calls.rows(charts, [id])).toEqual(charted);
    expect(
      await calls.rows('SELECT model_id FROM litemaas_console.unattributed_usage WHERE user_id = $1', [id]),
    ).toEqual([{ model_id: 'goes' }]);
    expect(await calls.rows('SELECT * FROM litemaas_console.moved_aside')).toEqual([]);
  });

  it('refuses where a key would not be whole, and comes back once it is', async () => {
    const { client } = calls;
    const { id } = await insertUser(client, { username: 'ben' });
    const team = await insertTeam(client, { name: 'of the key' });
    await insertModel(client, { id: 'of-the-key' });
    const key = await insertApiKey(client, { is_active: false, user_id: id, team_id: team.id });
    await client.query(`INSERT INTO public.api_key_models (api_key_id, model_id) VALUES ($1, 'of-the-key')`, [
      key.id,
    ]);
    const other = await insertUser(client, { username: 'of the same deletion' });
    const batchId = await remove(id, other.id);
    await client.query(`DELETE FROM public.models WHERE id = 'of-the-key'`);
    await client.query('DELETE FROM public.teams WHERE id = $1', [team.id]);
    const preview = await previewUndo(batchId);
    expect(preview).toMatchObject({ toChange: 1, refused: 1 });
    expect(said(preview)).toEqual(
      expect.arrayContaining([
        parentGone('public.api_key_models', 'public.models'),
        parentGone('public.api_keys', 'public.teams'),
      ]),
    );
    expect(await calls.run(preview, 'a mistake')).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.user(id)).toEqual({});
    await insertModel(client, { id: 'of-the-key' });
    await client.query(`INSERT INTO public.teams (id, name) VALUES ($1, 'of the key')`, [team.id]);
    // Gone between looking and doing.
    const seen = await previewUndo(batchId);
    expect(seen).toMatchObject({ toChange: 1, refused: 0, findings: [] });
    await client.query('DELETE FROM public.teams WHERE id = $1', [team.id]);
    expect(await calls.run(seen, 'a mistake')).toMatchObject({
      done: 0,
      problems: [{ id, outcome: 'refused', text: expect.stringContaining('was deleted since') as string }],
    });
    await client.query(`INSERT INTO public.teams (id, name) VALUES ($1, 'of the key')`, [team.id]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.rows('SELECT id FROM public.api_keys WHERE user_id = $1', [id])).toEqual([
      { id: key.id },
    ]);
  });

  it('refuses where a key’s subscription would stay away, or a row of a site’s own has lost its own', async () => {
    const { client } = calls;
    const { id } = await insertUser(client, { username: 'cleo' });
    await insertModel(client, { id: 'of-both' });
    const subscription = await insertSubscription(client, { user_id: id, model_id: 'of-both' });
    await insertApiKey(client, { is_active: false, user_id: id, subscription_id: subscription.id });
    await client.query('INSERT INTO site.room VALUES (1, 2)');
    await client.query('INSERT INTO site.desk VALUES (1, $1, 1, 2), (2, $1, 1, NULL)', [id]);
    const batchId = await remove(id);
    await client.query(`DELETE FROM site.room`);
    expect(said(await previewUndo(batchId))).toEqual([parentGone('site.desk', 'site.room')]);
    await client.query('INSERT INTO site.room VALUES (1, 2)');
    await client.query(`DELETE FROM public.models WHERE id = 'of-both'`);
    const preview = await previewUndo(batchId);
    expect(preview).toMatchObject({ toChange: 0, refused: 1 });
    expect(said(preview)).toEqual(
      expect.arrayContaining([
        leftOut('public.subscriptions', 'public.models'),
        parentGone('public.api_keys', 'public.subscriptions'),
      ]),
    );
    await insertModel(client, { id: 'of-both' });
    expect(await calls.undo(batchId)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.rows('SELECT id FROM site.desk ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('leaves what is there without its reference to a row that stays away', async () => {
    const { client } = calls;
    const { id } = await insertUser(client, { username: 'dora' });
    for (const [place, model] of ['of-a-note', 'of-no-note'].entries()) {
      await insertModel(client, { id: model });
      const subscription = await insertSubscription(client, { user_id: id, model_id: model });
      await client.query('INSERT INTO site.note VALUES ($1, $2)', [place, subscription.id]);
    }
    const batchId = await remove(id);
    const noted = `SELECT n.id, s.model_id FROM site.note n LEFT JOIN public.subscriptions s ON s.id = n.subscription ORDER BY n.id`;
    expect(await calls.rows(noted)).toMatchObject([{ model_id: null }, { model_id: null }]);
    await client.query(`DELETE FROM public.models WHERE id = 'of-no-note'`);
    const preview = await previewUndo(batchId);
    expect(said(preview)).toEqual([leftOut('public.subscriptions', 'public.models')]);
    expect(await calls.run(preview, 'a mistake')).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.rows(noted)).toEqual([
      { id: 0, model_id: 'of-a-note' },
      { id: 1, model_id: null },
    ]);
  });

  it('brings rows back without what is gone where deleting that would have left them there', async () => {
    const { client } = calls;
    await client.query(`
      CREATE TABLE site.plan (id int PRIMARY KEY);
      ALTER TABLE public.subscriptions ADD site_plan int REFERENCES site.plan ON DELETE SET NULL;
      CREATE TABLE site.badge (id int PRIMARY KEY, owner uuid REFERENCES public.users ON DELETE CASCADE,
        plan int REFERENCES site.plan ON DELETE SET NULL, always int NOT NULL REFERENCES site.plan ON DELETE SET NULL)`);
    const { id } = await insertUser(client, { username: 'emma' });
    const team = await insertTeam(client, { name: 'of the subscription' });
    await insertModel(client, { id: 'of-the-team' });
    const subscription = await insertSubscription(client, {
      ...{ user_id: id, model_id: 'of-the-team', team_id: team.id },
    });
    await client.query('INSERT INTO site.plan VALUES (1), (2)');
    await client.query('UPDATE public.subscriptions SET site_plan = 1 WHERE id = $1', [subscription.id]);
    await client.query('INSERT INTO site.badge VALUES (1, $1, 1, 2)', [id]);
    const batchId = await remove(id);
    await client.query('DELETE FROM public.teams WHERE id = $1', [team.id]);
    await client.query('DELETE FROM site.plan');
    const emptied = (table: string, parent: string) =>
      `warning: Rows of ${table} come back without what they refer to in ${parent}: it was deleted since.`;
    // What may not be empty cannot come back.
    expect(said(await previewUndo(batchId))).toEqual([
      parentGone('site.badge', 'site.plan'),
      emptied('public.subscriptions', 'public.teams'),
      emptied('public.subscriptions', 'site.plan'),
      emptied('site.badge', 'site.plan'),
    ]);
    await client.query('INSERT INTO site.plan VALUES (2)');
    const preview = await previewUndo(batchId);
    expect(preview).toMatchObject({ toChange: 1, refused: 0 });
    expect(await calls.run(preview, 'a mistake')).toMatchObject({ done: 1, problemCount: 0 });
    expect(
      await calls.rows('SELECT id, team_id, site_plan FROM public.subscriptions WHERE user_id = $1', [id]),
    ).toEqual([{ id: subscription.id, team_id: null, site_plan: null }]);
    expect(await calls.rows('SELECT plan, always FROM site.badge')).toEqual([{ plan: null, always: 2 }]);
  });

  it('refuses where rows of a site’s own, or a key, have been given to others since', async () => {
    const { client } = calls;
    await client.query(`
      CREATE TABLE site.seat (id int PRIMARY KEY, owner uuid REFERENCES public.users ON DELETE CASCADE,
        building text, place int, UNIQUE (building, place))`);
    const { id } = await insertUser(client, { username: 'finn' });
    const key = await insertApiKey(client, { is_active: false, user_id: id });
    await client.query(`INSERT INTO site.seat VALUES (1, $1, 'north', 7), (2, $1, 'north', NULL)`, [id]);
    const batchId = await remove(id);
    const seen = await previewUndo(batchId);
    expect(seen).toMatchObject({ toChange: 1, refused: 0, findings: [] });
    const taken = (table: string) =>
      `error: Rows of ${table} cannot come back: others have their place by now. Nothing is brought back in part: take those out first.`;
    const other = await insertUser(client, { username: 'has the seat' });
    for (const [statement, values] of [
      [`INSERT INTO site.seat VALUES (3, $1, 'north', 7)`, [other.id]],
      [`INSERT INTO site.seat VALUES (2, $1, 'south', 1)`, [other.id]],
    ] as const) {
      await client.query(statement, [...values]);
      const preview = await previewUndo(batchId);
      expect(preview).toMatchObject({ toChange: 0, refused: 1 });
      expect(said(preview)).toEqual([taken('site.seat')]);
      await client.query('DELETE FROM site.seat');
    }
    // A place that is free where it was taken, and rows that only look like it.
    await client.query(`INSERT INTO site.seat VALUES (4, $1, 'north', NULL), (5, $1, 'south', 7)`, [
      other.id,
    ]);
    await insertApiKey(client, { id: key.id, user_id: other.id });
    expect(said(await previewUndo(batchId))).toEqual([taken('public.api_keys')]);
    // Between looking and doing.
    expect(await calls.run(seen, 'a mistake')).toMatchObject({
      done: 0,
      problems: [{ id, outcome: 'refused', text: expect.stringContaining('their place') as string }],
    });
    await client.query('DELETE FROM public.api_keys WHERE id = $1', [key.id]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await calls.rows('SELECT id FROM site.seat ORDER BY id')).toEqual(
      [1, 2, 4, 5].map((each) => ({ id: each })),
    );
  });
});
