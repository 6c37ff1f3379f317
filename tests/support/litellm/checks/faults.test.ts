import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulator, type Simulator } from '../index';
import { exampleState } from './example-state';
import { ask } from './test-client';

describe('injected faults', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await createSimulator({ state: exampleState() });
  });
  afterEach(() => simulator.close());

  it('hits the asked path, after the asked number, as often as asked', async () => {
    simulator.faults.add({ kind: 'server-error', path: '/user/list', after: 1, times: 2 });
    const statuses: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      expect((await ask(simulator, '/team/list')).status).toBe(200);
      statuses.push((await ask(simulator, '/user/list')).status);
    }
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect(simulator.faults.pending).toBe(0);
  });

  it('matches patterns and methods', async () => {
    simulator.faults.add({ kind: 'server-error', path: /^\/key\//, method: 'GET', times: Infinity });
    expect((await ask(simulator, '/key/list')).status).toBe(500);
    expect((await ask(simulator, '/key/info')).status).toBe(500);
    expect((await ask(simulator, '/user/list')).status).toBe(200);
    simulator.faults.clear();
    expect((await ask(simulator, '/key/list')).status).toBe(200);
  });

  it('limits the rate with and without Retry-After', async () => {
    simulator.faults.add({ kind: 'rate-limit', retryAfterSeconds: 3 });
    simulator.faults.add({ kind: 'rate-limit', retryAfterSeconds: null });
    const first = await ask(simulator, '/user/list');
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '3']);
    const second = await ask(simulator, '/user/list');
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, null]);
  });

  it('sends the HTML of a reverse proxy', async () => {
    simulator.faults.add({ kind: 'bad-gateway' });
    const answer = await ask(simulator, '/user/list');
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(answer.text).toContain('<title>502 Bad Gateway</title>');
  });

  it('refuses every key from some moment on', async () => {
    simulator.faults.add({ kind: 'unauthorised', after: 2, times: Infinity });
    const statuses: number[] = [];
    for (let round = 0; round < 4; round += 1) statuses.push((await ask(simulator, '/user/list')).status);
    expect(statuses).toEqual([200, 200, 401, 401]);
  });

  it('resets the connection before or after doing the work', async () => {
    simulator.faults.add({ kind: 'reset', path: '/global/spend/reset' });
    await expect(ask(simulator, '/global/spend/reset', { body: {} })).rejects.toThrow();
    expect(simulator.violations).toEqual([]);
    simulator.faults.add({ kind: 'lost-answer', path: '/global/spend/reset' });
    await expect(ask(simulator, '/global/spend/reset', { body: {} })).rejects.toThrow();
    expect(simulator.violations).toEqual(['POST /global/spend/reset']);
    expect(simulator.recorder.requests.map((request) => request.status)).toEqual([null, null]);
  });

  it('truncates an answer, or breaks its JSON', async () => {
    simulator.faults.add({ kind: 'truncated' });
    await expect(ask(simulator, '/user/list')).rejects.toThrow();
    simulator.faults.add({ kind: 'broken-json' });
    const broken = await ask(simulator, '/user/list');
    expect(broken.status).toBe(200);
    expect(broken.json).toBeUndefined();
  });

  it('hangs until the caller gives up', async () => {
    simulator.faults.add({ kind: 'hang' });
    const request = fetch(`${simulator.url}/health/readiness`, { signal: AbortSignal.timeout(100) });
    await expect(request).rejects.toThrow(/timeout/i);
    expect((await ask(simulator, '/health/readiness')).status).toBe(200);
  });

  it('does the work and then says nothing', async () => {
    simulator.faults.add({ kind: 'lost-answer', silently: true });
    const request = fetch(`${simulator.url}/key/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.masterKey}` },
      body: JSON.stringify({ key: 'sk-made-anyway' }),
      signal: AbortSignal.timeout(100),
    });
    await expect(request).rejects.toThrow(/timeout/i);
    expect((await ask(simulator, '/key/info?key=sk-made-anyway')).status).toBe(200);
  });

  it('delays an answer', async () => {
    simulator.faults.add({ kind: 'latency', latencyMs: 120 });
    const start = performance.now();
    expect((await ask(simulator, '/user/list')).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(100);
  });

  it('sends more than anyone wants to read', async () => {
    simulator.faults.add({ kind: 'oversized', bytes: 2_000_000 });
    const answer = await ask(simulator, '/user/list');
    expect(answer.text.length).toBeGreaterThan(2_000_000);
    expect(answer.json).toMatchObject({ answer: { total: 1 } });
  });

  it('redirects elsewhere', async () => {
    simulator.faults.add({ kind: 'redirect', location: 'http://elsewhere.example/' });
    const answer = await ask(simulator, '/user/list');
    expect([answer.status, answer.headers.get('location')]).toEqual([307, 'http://elsewhere.example/']);
  });
});

describe('the recorder', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await createSimulator({ state: exampleState() });
  });
  afterEach(() => simulator.close());

  it('keeps what was asked, but no credential', async () => {
    await ask(simulator, '/user/list?page=1&page_size=10', { headers: { 'litellm-changed-by': 'op' } });
    const [request] = simulator.recorder.to('/user/list', 'GET');
    expect(request).toMatchObject({ method: 'GET', query: { page: '1', page_size: '10' }, status: 200 });
    expect(request?.headerNames).toContain('authorization');
    expect(request?.changedBy).toBe('op');
    expect(JSON.stringify(simulator.recorder.requests)).not.toContain(simulator.masterKey);
  });

  it('tells writes and forbidden calls', async () => {
    await ask(simulator, '/user/list');
    simulator.recorder.assertNoWrites();
    simulator.recorder.assertNoViolations();
    await ask(simulator, '/health');
    await ask(simulator, '/user/info');
    await ask(simulator, '/spend/logs');
    await ask(simulator, '/spend/logs?start_date=2026-09-01');
    await ask(simulator, '/global/spend/reset', { body: {} });
    expect(simulator.violations).toEqual([
      'GET /health',
      'GET /user/info',
      'GET /spend/logs',
      'GET /spend/logs',
      'POST /global/spend/reset',
    ]);
    expect(() => simulator.recorder.assertNoViolations()).toThrow('/global/spend/reset');
    expect(() => simulator.recorder.assertNoWrites()).toThrow('POST /global/spend/reset');
    simulator.recorder.clear();
    simulator.recorder.assertNoViolations();
  });

  it('knows how many requests were open at once', async () => {
    simulator.faults.add({ kind: 'latency', latencyMs: 60, times: Infinity });
    await Promise.all([1, 2, 3].map(() => ask(simulator, '/user/list')));
    expect(simulator.recorder.maximumParallel).toBe(3);
    expect(simulator.recorder.maximumParallelWrites).toBe(0);
  });
});
