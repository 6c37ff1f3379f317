import { afterEach, describe, expect, it } from 'vitest';
import { type ProxyState, type SpendRow, tokenOf } from '../../support/litellm';
import { ana, anaKey, request, smallState } from './builders';
import { createHarness, fingerprint, type Harness, type HarnessOptions } from './harness';
import { remoteTotals, storedTotals } from './harness-totals';

const start = new Date('2026-11-22T12:00:00Z');
const minute = 60_000;
const open: Harness[] = [];

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.close();
});

interface Clocked extends Harness {
  /** Moves the clock of both sides. */
  pass(milliseconds: number): void;
  now(): Date;
}

async function harness(spend: SpendRow[], options: HarnessOptions = {}): Promise<Clocked> {
  let nowMs = start.getTime();
  const now = (): Date => new Date(nowMs);
  const state: ProxyState = { ...smallState(), spend };
  const created = await createHarness({
    simulator: { state, now, ...options.simulator },
    client: { now, ...options.client },
  });
  open.push(created);
  await created.link();
  return { ...created, now, pass: (milliseconds) => (nowMs += milliseconds) };
}

const at = (milliseconds: number): Date => new Date(start.getTime() - milliseconds);

describe('spend', () => {
  it('reads ten thousand requests of one second, a hundred pages and more, without losing any', async () => {
    const second = at(3 * minute - 500);
    const rows = Array.from({ length: 10_050 }, (_, place) => request(`same-second-${place}`, second));
    const h = await harness(rows);
    const run = await h.pull({ backfillDays: 1 });
    expect(run.state).toBe('succeeded');
    expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
    const pages = h.simulator.recorder.to('/spend/logs/v2').map((seen) => Number(seen.query['page']));
    expect(Math.max(...pages)).toBeGreaterThan(100);
    expect(h.simulator.recorder.maximumParallel).toBeLessThanOrEqual(4);
  }, 180_000);

  it('falls to pages of a hundred where a thousand is refused, and asks for a thousand only once', async () => {
    const h = await harness(
      Array.from({ length: 250 }, (_, place) => request(`r-${place}`, at(place * minute))),
    );
    await h.pull();
    const sizes = h.simulator.recorder.to('/spend/logs/v2').map((seen) => seen.query['page_size']);
    expect(sizes.filter((size) => size === '1000')).toHaveLength(1);
    expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
  });

  it('does not trust a total that is capped', async () => {
    const rows = Array.from({ length: 10_300 }, (_, place) =>
      request(`capped-${place}`, at(minute + (place % 50))),
    );
    const h = await harness(rows, { simulator: { version: '1.93' } });
    await h.pull({ backfillDays: 1 });
    expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
  });

  it.each(['1.74', '1.93'] as const)(
    'survives pages that shift while they are read (%s)',
    async (version) => {
      const rows = Array.from({ length: 2_300 }, (_, place) =>
        request(`shift-${place}`, at(minute + (place % 3) * 1000)),
      );
      const h = await harness(rows, { simulator: { version, switches: { unstableOrder: true } } });
      const run = await h.pull({ backfillDays: 1 });
      expect(run.state).toBe('succeeded');
      expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
    },
  );

  it('finds requests that appear behind the point it had reached', async () => {
    const h = await harness([request('first', at(10 * minute))], {
      simulator: { switches: { spendLagMs: 15_000 } },
    });
    await h.pull();
    h.pass(5 * minute);
    // It began twenty minutes before the first pull and ended after it.
    const late = request('late', at(20 * minute), {
      endTime: new Date(start.getTime() + minute).toISOString(),
    });
    h.simulator.state.spend.push(late);
    const run = await h.pull();
    expect(run.entities.find((row) => row.entity === 'spend')).toMatchObject({ created: 1 });
    expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
  });

  it('looks two days back once a day', async () => {
    const h = await harness([]);
    await h.pull();
    h.pass(25 * 60 * minute);
    h.simulator.state.spend.push(request('straggler', at(20 * 60 * minute)));
    await h.pull();
    expect((await storedTotals(h)).requests).toBe(1);
  });

  it('corrects a request whose cost was corrected, by the difference', async () => {
    const h = await harness([request('r', at(minute)), request('other', at(2 * minute))]);
    await h.pull();
    const [row] = h.simulator.state.spend;
    if (!row) throw new Error('built above');
    h.simulator.state.spend = [{ ...row, spend: 0.5, metadata: {} }, ...h.simulator.state.spend.slice(1)];
    const run = await h.pull();
    expect(run.entities.find((entity) => entity.entity === 'spend')).toMatchObject({
      created: 0,
      updated: 1,
    });
    expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
    const [chart] = await h.rows<{ cost: string }>(
      'SELECT sum(cost)::text AS cost FROM litemaas_console.usage_daily',
    );
    expect(chart?.cost).toBe('0.500030000000');
  });

  it('counts what comes after the first pull towards quotas, and nothing before', async () => {
    const h = await harness([request('history', at(minute))]);
    await h.pull();
    const used = () => h.rows('SELECT used_requests, used_tokens FROM subscriptions');
    expect(await used()).toEqual([{ used_requests: '0', used_tokens: '0' }]);
    h.pass(10 * minute);
    h.simulator.state.spend.push(request('new', new Date(h.now().getTime() - minute)));
    // Late, but it began before the first pull: still history.
    h.simulator.state.spend.push(request('late', at(5 * minute)));
    await h.pull();
    expect(await used()).toEqual([{ used_requests: '1', used_tokens: '6' }]);
  });

  it('suspends nobody by importing history into a subscription with a quota', async () => {
    const h = await harness([]);
    await h.pull();
    const [user] = await h.rows<{ id: string }>('SELECT id FROM users');
    await h.rows(
      `INSERT INTO subscriptions (user_id, model_id, status, quota_requests) VALUES ($1, 'gpt-4o', 'active', 1)`,
      [user?.id],
    );
    h.simulator.state.spend = [1, 2, 3].map((place) => request(`r-${place}`, at(place * minute)));
    await h.pull();
    const rows = await h.rows('SELECT status, used_requests FROM subscriptions');
    expect(rows).toEqual([{ status: 'active', used_requests: '0' }]);
    expect((await storedTotals(h)).requests).toBe(3);
  });

  it('keeps what a request cost exactly and splits it by the prices where the proxy does not', async () => {
    const h = await harness([
      request('breakdown', at(minute)),
      request('ratio', at(2 * minute), { metadata: {}, spend: 0.00003 }),
      request('tiny', at(3 * minute), { metadata: {}, spend: 4e-11, prompt_tokens: 0, completion_tokens: 0 }),
    ]);
    await h.pull();
    const rows = await h.rows(`
      SELECT litellm_request_id AS id, input_cost::text AS input, output_cost::text AS output,
        metadata ->> 'cost_split' AS split, metadata ->> 'spend' AS spend FROM usage_logs ORDER BY 1`);
    expect(rows).toEqual([
      {
        id: 'breakdown',
        input: '0.000010000000',
        output: '0.000020000000',
        split: 'breakdown',
        spend: '0.00003',
      },
      // 4 × $2.5 and 2 × $10 per million: a third and two thirds.
      { id: 'ratio', input: '0.000010000000', output: '0.000020000000', split: 'ratio', spend: '0.00003' },
      {
        id: 'tiny',
        input: '0.000000000040',
        output: '0.000000000000',
        split: 'none',
        spend: '0.00000000004',
      },
    ]);
  });

  it('reads failures, latency and the time of each request as they were logged', async () => {
    const h = await harness([
      request('failed', '2026-11-22T11:00:00.101007', {
        endTime: '2026-11-22T11:00:01.644007',
        status: 'failure',
        spend: 0,
        metadata: {
          error_information: {
            error_code: '429',
            error_message: 'Rate limited, key sk-leaked-in-a-message',
            traceback: 'x',
          },
        },
      }),
    ]);
    await h.pull();
    const [row] = await h.rows<{ at: string; text: string }>(`
      SELECT status_code, latency_ms, error_message, to_char(created_at, 'HH24:MI:SS.US') AS at, l::text AS text
      FROM usage_logs l`);
    expect(row).toMatchObject({ status_code: 429, latency_ms: 1543, at: '11:00:00.101007' });
    expect(row?.text).not.toContain('leaked');
    expect(row?.text).not.toContain('traceback');
  });

  it('attributes a request to the team and the owner it was logged with', async () => {
    const h = await harness([
      request('no-user', at(minute), { user: '' }),
      request('deleted-key', at(2 * minute), { api_key: 'e'.repeat(64) }),
      request('unknown-model', at(3 * minute), { model_group: 'gone', model: 'gone/model' }),
      request('stranger', at(4 * minute), { api_key: 'd'.repeat(64), user: 'nobody' }),
    ]);
    await h.pull();
    const logged = await h.rows(`
      SELECT litellm_request_id AS id, (api_key_id IS NOT NULL) AS keyed, (team_id IS NOT NULL) AS team,
        (SELECT user_id FROM subscriptions s WHERE s.id = l.subscription_id) AS user_id FROM usage_logs l ORDER BY 1`);
    expect(logged).toEqual([
      { id: 'deleted-key', keyed: false, team: true, user_id: ana },
      { id: 'no-user', keyed: true, team: true, user_id: ana },
    ]);
    const waiting = await h.rows(`
      SELECT litellm_request_id AS id, reason, user_id, model_id FROM litemaas_console.unattributed_usage ORDER BY 1`);
    expect(waiting).toEqual([
      { id: 'stranger', reason: 'unknown_key', user_id: null, model_id: 'gpt-4o' },
      { id: 'unknown-model', reason: 'unknown_model', user_id: ana, model_id: 'gone' },
    ]);
    const [key] = await h.rows<{ at: Date }>('SELECT last_used_at AS at FROM api_keys WHERE key_hash = $1', [
      tokenOf(anaKey),
    ]);
    expect(key?.at).toEqual(at(minute));
  });

  it('falls back to whole days where neither list exists', async () => {
    const rows = Array.from({ length: 60 }, (_, place) => request(`day-${place}`, at(place * 53 * minute)));
    const h = await harness(rows);
    for (const path of ['/spend/logs/v2', '/spend/logs/ui']) {
      h.simulator.faults.add({ kind: 'problem', status: 404, detail: 'Not Found', path, times: Infinity });
    }
    await h.pull({ backfillDays: 3 });
    expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
    const asked = h.simulator.recorder.to('/spend/logs');
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(
      asked.every((seen) => seen.query['start_date'] !== undefined && seen.query['end_date'] !== undefined),
    ).toBe(true);
    h.simulator.recorder.assertNoViolations();
    const before = await fingerprint(h);
    await h.pull();
    expect(await fingerprint(h)).toEqual(before);
  });

  it('goes on with the first backfill where an interrupted one had stopped', async () => {
    const rows = Array.from({ length: 40 }, (_, place) =>
      request(`old-${place}`, at(place * 12 * 60 * minute)),
    );
    const h = await harness(rows);
    h.simulator.faults.add({ kind: 'server-error', path: '/spend/logs/v2', after: 12, times: Infinity });
    await expect(h.pull({ backfillDays: 30 })).rejects.toMatchObject({ code: 'litellm_unreachable' });
    h.simulator.faults.clear();
    // Too late to resume the run itself: a new one must still owe the rest of the backfill.
    await h.rows(`UPDATE litemaas_console.sync_runs SET started_at = now() - interval '2 days'`);
    await h.pull();
    expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
    const [runs] = await h.rows<{ n: string }>('SELECT count(*) AS n FROM litemaas_console.sync_runs');
    expect(runs?.n).toBe('2');
  });
});
