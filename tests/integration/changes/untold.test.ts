import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertApiKey, insertUser } from '../../support/builders';
import { createHarness, type Harness } from '../litellm/harness';
import { userRow } from '../../support/litellm';
import { type ChangeCalls, openChangeCalls } from './change-calls';

const proxy = 'https://litellm.test';

describe('what LiteLLM has to hear of a change', () => {
  let calls: ChangeCalls;
  beforeAll(async () => {
    calls = await openChangeCalls();
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    await calls.client.query(
      `INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`,
      [
        JSON.stringify({
          baseUrl: proxy,
          headerName: 'Authorization',
          linkedAt: '2026-11-01T00:00:00.000000Z',
        }),
      ],
    );
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
    expect(items).toContainEqual({ kind: 'access_untold', severity: 'error', count: 2 });
    const { rows } = await calls.ask('users', 'list', { filters: { untold: true, active: false } });
    expect(rows.map((row) => row.username)).toEqual(['bea']);
    await calls.undo(batchId);
    expect(await calls.ask('users', 'get', { id })).toMatchObject({ untold: 'waits' });
    expect(await waiting(id)).toMatchObject([{ fields: ['isActive', 'rpmLimit'], taken: [] }]);
    expect(await waiting(key.id)).toMatchObject([{ fields: ['isActive'], taken: [] }]);
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
});
