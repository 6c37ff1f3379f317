import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyRow, userRow } from '../../support/litellm';
import { ana } from './builders';
import { hash, openPush, type PushHarness } from './push-harness';

describe('telling LiteLLM about keys that are otherwise there', () => {
  let p: PushHarness;
  beforeEach(async () => {
    p = await openPush();
  });
  afterEach(() => p.h.close());

  /** Both sides agree on these models; ours are those the console knows. */
  async function agreeOn(models: string[], known: readonly string[] = models): Promise<void> {
    for (const model of known) {
      await p.h.rows(`INSERT INTO models (id, name, provider) VALUES ($1, $1, 'x')`, [model]);
    }
    p.remote().models = models;
    await p.h.pull();
  }
  const withdraw = async (model: string): Promise<void> => {
    await p.h.rows('DELETE FROM api_key_models WHERE api_key_id = $1 AND model_id = $2', [p.id, model]);
    await p.edit('', ['models'], ['models']);
  };
  const allow = async (model: string): Promise<void> => {
    await p.h.rows('INSERT INTO api_key_models (api_key_id, model_id) VALUES ($1, $2)', [p.id, model]);
    await p.edit('', ['models']);
  };

  it.each([
    { there: ['m-a'], left: ['m-a'], why: 'nothing is left to take' },
    { there: ['m-a', 'm-c'], left: ['m-a'], why: 'only what may still be used stays' },
  ])('takes a model away and gives none back that was taken there: $why', async ({ there, left }) => {
    await agreeOn(['m-a', 'm-b', 'm-c']);
    p.remote().models = there;
    await withdraw('m-c');
    expect(await p.send()).toMatchObject({ refused: 1 });
    expect(p.remote().models).toEqual(left);
    // What was taken is gone; that both sides differ is left to a person.
    expect(await p.outbox()).toMatchObject([{ fields: ['models'], taken: [], state: 'conflict' }]);
  });

  it.each([
    { there: ['openai/gpt-4o-mini', 'm-b'], left: ['openai/gpt-4o-mini'] },
    { there: [], left: ['m-a', 'openai/*'] },
  ])('knows what a list with a wildcard, and an empty one, allow: $there', async ({ there, left }) => {
    await agreeOn(['m-a', 'm-b', 'openai/*'], ['m-a', 'm-b']);
    p.remote().models = there;
    await withdraw('m-b');
    await p.send();
    expect(p.remote().models).toEqual(left);
  });

  it('sees that a list was narrowed there to models that are none of ours', async () => {
    await agreeOn(['openai/*'], []);
    p.remote().models = ['openai/gpt-4o-mini'];
    await allow('gpt-4o');
    expect(await p.send()).toMatchObject({ refused: 1 });
    expect(p.remote().models).toEqual(['openai/gpt-4o-mini']);
    expect(await p.outbox()).toMatchObject([{ fields: ['models'], state: 'conflict' }]);
  });

  it('never lets a key live longer than both sides want', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    p.remote().expires = inAnHour;
    await p.edit(`expires_at = now() + interval '30 days'`, ['expiresAt'], ['expiresAt']);
    expect(await p.send()).toMatchObject({ refused: 1 });
    expect(p.remote().expires).toBe(inAnHour);
    expect(await p.outbox()).toMatchObject([{ fields: ['expiresAt'], taken: [], state: 'conflict' }]);
    await p.edit(`expires_at = now() + interval '10 minutes'`, ['expiresAt'], ['expiresAt']);
    expect(await p.send()).toMatchObject({ sent: 1 });
    expect(Date.parse(p.remote().expires ?? '')).toBeLessThan(Date.now() + 601_000);
  });

  it('overwrites nothing for what was taken once and given back since', async () => {
    await agreeOn(['m-a', 'm-b']);
    p.h.simulator.faults.add({ kind: 'problem', status: 400, detail: 'no', path: '/key/update' });
    await withdraw('m-b');
    expect(await p.send()).toMatchObject({ refused: 1 });
    p.remote().models = ['m-a'];
    await allow('m-b');
    expect(await p.send()).toMatchObject({ refused: 1 });
    expect(await p.outbox()).toMatchObject([{ taken: [], state: 'conflict' }]);
    expect(p.remote().models).toEqual(['m-a']);
  });

  it('tells of all other keys where one cannot be read', async () => {
    const odd = keyRow('sk-odd-key-0123456789', { key_alias: 'odd', user_id: ana, models: ['gpt-4o'] });
    p.state.keys.set(odd.token, odd);
    await p.h.pull();
    const [known] = await p.h.rows<{ id: string }>('SELECT id FROM api_keys WHERE key_hash = $1', [
      odd.token,
    ]);
    const oddId = known?.id ?? '';
    odd.tpm_limit = 1.5;
    await p.edit('is_active = false', ['isActive'], ['isActive'], oddId);
    await p.edit('is_active = false', ['isActive'], ['isActive']);
    expect(await p.send()).toMatchObject({ sent: 1, waiting: 1 });
    expect(p.remote().blocked).toBe(true);
    expect(await p.outbox(oddId)).toMatchObject([
      { state: 'waiting', problem: expect.stringContaining('/key/info') as string },
    ]);
  });

  it('agrees on an end that is over, and takes one that never comes for none', async () => {
    await p.edit(`expires_at = now() - interval '30 days'`, ['expiresAt'], ['expiresAt']);
    expect(await p.send()).toMatchObject({ sent: 1, refused: 0 });
    expect(Date.parse(p.remote().expires ?? '')).toBeLessThan(Date.now() + 1_000);
    await p.edit(`expires_at = 'infinity'`, ['expiresAt']);
    expect(await p.send()).toMatchObject({ sent: 1, refused: 0 });
    expect(p.remote().expires).toBe(null);
  });

  it('tells in the same run what came while the key was being told of something else', async () => {
    p.h.simulator.faults.add({ kind: 'latency', path: '/key/update', latencyMs: 300 });
    await p.edit('rpm_limit = 8', ['rpmLimit']);
    const sending = p.send();
    await expect.poll(() => p.writes().length).toBe(1);
    await p.edit('is_active = false', ['isActive'], ['isActive']);
    await sending;
    expect(p.remote()).toMatchObject({ rpm_limit: 8, blocked: true });
    expect(await p.outbox()).toEqual([]);
  });

  it('calls a key in step only once nothing of it waits', async () => {
    p.h.simulator.faults.add({ kind: 'latency', path: '/key/update', latencyMs: 300 });
    await p.h.rows(`UPDATE api_keys SET sync_status = 'pending' WHERE id = $1`, [p.id]);
    await p.edit('rpm_limit = 8', ['rpmLimit']);
    const sending = p.send();
    await expect.poll(() => p.writes().length).toBe(1);
    p.h.simulator.faults.add({ kind: 'server-error', path: '/key/update', times: Infinity });
    await p.edit('tpm_limit = 9', ['tpmLimit']);
    await sending;
    expect(await p.outbox()).toHaveLength(1);
    expect(await p.h.rows('SELECT sync_status FROM api_keys WHERE id = $1', [p.id])).toEqual([
      { sync_status: 'pending' },
    ]);
  });

  it('adds several people to one team one after the other: LiteLLM would forget some', async () => {
    const team = '7b0c0000-0000-4000-8000-0000000000c2';
    await p.h.rows(`INSERT INTO teams (id, name, allowed_models) VALUES ($1, 'Many', '["gpt-4o"]')`, [team]);
    const people = Array.from({ length: 6 }, (_, place) => `person-${String(place)}`);
    for (const person of people) {
      p.state.users.set(person, userRow({ user_id: person, user_email: `${person}@example.org` }));
      const key = keyRow(`sk-of-${person}-0123456789`, { user_id: person, models: ['gpt-4o'] });
      p.state.keys.set(key.token, key);
    }
    await p.h.pull();
    const keys = await p.h.rows<{ id: string }>('SELECT id FROM api_keys WHERE key_hash <> $1', [hash]);
    for (const { id } of keys) await p.edit(`team_id = '${team}'`, ['teamId'], [], id);
    expect(await p.send()).toMatchObject({ sent: people.length, problem: null });
    const members = p.state.teams.get(team)?.members_with_roles.map(({ user_id: id }) => id);
    expect(members).toEqual(expect.arrayContaining(people));
  });
});
