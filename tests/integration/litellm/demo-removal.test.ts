import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDemo } from '../../../src/main/demo/load-demo';
import { removeDemo } from '../../../src/main/demo/remove-demo';
import { seedDemoState } from '../../support/litellm';
import { count, demoNow } from './demo-harness';
import { createHarness, type Harness } from './harness';

const work = { signal: new AbortController().signal, report: () => undefined };
const demoModels = `models WHERE metadata @> '{"demo": true}'`;

let harness: Harness;
beforeEach(async () => {
  harness = await createHarness({
    simulator: { state: seedDemoState({ now: demoNow, traceRows: 400 }), now: () => demoNow },
    client: { now: () => demoNow },
  });
  await loadDemo(harness.workspace, { demoFolder: 'src/main/demo/data', now: demoNow, ...work });
});
afterEach(async () => {
  await harness.close();
});

/** What the workspace's own records are and refer to. */
async function ownRecords(): Promise<unknown> {
  return harness.rows(`
    SELECT
      (SELECT array_agg(id ORDER BY id) FROM users WHERE oauth_provider <> 'demo') AS users,
      (SELECT array_agg((k.id, k.user_id, k.team_id)::text ORDER BY k.id) FROM api_keys k
       JOIN users u ON u.id = k.user_id WHERE u.oauth_provider <> 'demo') AS keys,
      (SELECT array_agg((m.api_key_id, m.model_id)::text ORDER BY m.api_key_id, m.model_id) FROM api_key_models m
       JOIN api_keys k ON k.id = m.api_key_id JOIN users u ON u.id = k.user_id WHERE u.oauth_provider <> 'demo') AS scopes,
      (SELECT array_agg((s.id, s.user_id, s.model_id, s.team_id)::text ORDER BY s.id) FROM subscriptions s
       JOIN users u ON u.id = s.user_id WHERE u.oauth_provider <> 'demo') AS subscriptions,
      (SELECT array_agg((m.team_id, m.user_id)::text ORDER BY m.team_id, m.user_id) FROM team_members m
       JOIN users u ON u.id = m.user_id WHERE u.oauth_provider <> 'demo') AS members,
      (SELECT (count(*), sum(total_cost))::text FROM usage_logs WHERE NOT metadata @> '{"demo": true}') AS usage,
      (SELECT count(*) FROM litemaas_console.unattributed_usage) AS unattributed,
      (SELECT count(*) FROM litemaas_console.litellm_objects) AS linked`);
}

async function removalCounts(): Promise<unknown> {
  const [row] = await harness.rows<{ metadata: unknown }>(
    `SELECT metadata FROM audit_logs WHERE action = 'DEMO_REMOVE'`,
  );
  return row?.metadata;
}

describe('removing the demo from a workspace with records of its own', () => {
  it('leaves all that was pulled from a LiteLLM with the same models', async () => {
    await harness.link();
    expect(await harness.pull()).toMatchObject({ state: 'succeeded' });
    const shared = await count(
      harness,
      `${demoModels} AND id IN (SELECT local_id FROM litemaas_console.litellm_objects WHERE kind = 'model')`,
    );
    expect(shared).toBeGreaterThan(0);
    const before = await ownRecords();

    const { removedRows } = await removeDemo(harness.workspace, work);

    expect(await ownRecords()).toEqual(before);
    expect(await count(harness, demoModels)).toBe(0);
    expect(await count(harness, `users WHERE oauth_provider = 'demo'`)).toBe(0);
    expect(await count(harness, `api_keys WHERE metadata @> '{"demo": true}'`)).toBe(0);
    expect(await removalCounts()).toMatchObject({ removedRows, keptRows: shared });
    // A pull finds every model where it left it.
    const again = await harness.pull();
    expect(again.entities.find(({ entity }) => entity === 'models')).toMatchObject({ created: 0 });
  });

  it('keeps the team and the models that a record of its own uses, and no others', async () => {
    const [team] = await harness.rows<{ id: string }>(
      `SELECT id FROM teams WHERE metadata @> '{"demo": true}' ORDER BY id LIMIT 1`,
    );
    const models = await harness.rows<{ id: string }>(`SELECT id FROM ${demoModels} ORDER BY id LIMIT 2`);
    const [subscribed, scoped] = models.map(({ id }) => id);
    const [user, key] = [randomUUID(), randomUUID()];
    await harness.rows(
      `INSERT INTO users (id, username, email, oauth_provider, oauth_id) VALUES ($1, 'own', 'own@example.org', 'openshift', 'own')`,
      [user],
    );
    await harness.rows(`INSERT INTO team_members (team_id, user_id) VALUES ($1, $2)`, [team?.id, user]);
    await harness.rows(`INSERT INTO subscriptions (user_id, model_id, status) VALUES ($1, $2, 'active')`, [
      user,
      subscribed,
    ]);
    await harness.rows(
      `INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix) VALUES ($1, $2, 'own', 'own-hash', 'sk-own')`,
      [key, user],
    );
    await harness.rows(`INSERT INTO api_key_models (api_key_id, model_id) VALUES ($1, $2)`, [key, scoped]);
    const before = await ownRecords();

    await removeDemo(harness.workspace, work);

    expect(await ownRecords()).toEqual(before);
    expect(await harness.rows(`SELECT id FROM models ORDER BY id`)).toEqual(models);
    expect(await count(harness, `litemaas_console.model_prices`)).toBe(2);
    expect(await harness.rows(`SELECT id FROM teams WHERE name <> 'Default Team'`)).toEqual([team]);
    expect(await count(harness, `models WHERE metadata ? 'demo'`)).toBe(0);
    expect(await count(harness, `teams WHERE metadata ? 'demo'`)).toBe(0);
    expect(await removalCounts()).toMatchObject({ keptRows: 3 });
  });
});
