import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertApiKey, insertUser } from '../../support/builders';
import { createHarness, type Harness } from '../litellm/harness';
import { userRow } from '../../support/litellm';
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
    expect(items).toContainEqual({ kind: 'access_untold', severity: 'error', count: 2, record: null });
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
});
