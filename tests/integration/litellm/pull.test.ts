import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SyncRun } from '../../../src/shared/contract/sync';
import { seedDemoState, spendTotals, type ProxyState } from '../../support/litellm';
import { createHarness, fingerprint, type Harness } from './harness';

const now = new Date('2026-11-22T12:00:00Z');

describe('pulling a busy proxy', () => {
  let h: Harness;
  let state: ProxyState;

  beforeEach(async () => {
    state = seedDemoState({ now, traceRows: 3000 });
    h = await createHarness({ simulator: { state, now: () => now }, client: { now: () => now } });
    await h.link();
  });
  afterEach(() => h.close());

  const figures = (run: SyncRun, entity: string) => run.entities.find((row) => row.entity === entity);
  const number = async (statement: string): Promise<number> => {
    const [row] = await h.rows<{ n: string }>(statement);
    return Number(row?.n);
  };

  it('brings over what the proxy holds, counted there', async () => {
    const run = await h.pull();
    console.log(JSON.stringify(run.entities, null, 1));
    expect(run.state).toBe('succeeded');

    const totals = spendTotals(state);
    const logged = await number('SELECT count(*) AS n FROM usage_logs');
    const unattributed = await number('SELECT count(*) AS n FROM litemaas_console.unattributed_usage');
    expect(logged + unattributed).toBe(totals.requests);
    console.log(
      await h.rows(
        'SELECT kind, state, reason, count(*) FROM litemaas_console.litellm_objects GROUP BY 1,2,3 ORDER BY 1,2,3',
      ),
    );
    console.log(
      await h.rows('SELECT reason, count(*) FROM litemaas_console.unattributed_usage GROUP BY 1 ORDER BY 1'),
    );
    console.log(await h.rows('SELECT * FROM users LIMIT 2'));
    console.log(await h.rows('SELECT * FROM models LIMIT 1'));
    console.log(await h.rows('SELECT * FROM api_keys LIMIT 1'));
    console.log(await h.rows('SELECT * FROM usage_logs LIMIT 1'));
    console.log(figures(run, 'spend'));
    const before = await fingerprint(h);
    const second = await h.pull();
    console.log(JSON.stringify(second.entities));
    expect(await fingerprint(h)).toEqual(before);
    h.simulator.recorder.assertNoViolations();
    h.simulator.recorder.assertNoWrites();
  });
});
