import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { addUser, request, smallState } from './builders';
import { call } from './demo-harness';
import { createHarness, fingerprint, type Harness } from './harness';
import { remoteTotals, storedTotals } from './harness-totals';

const now = new Date('2026-11-22T12:00:00Z');
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Ana and 39 others, and 250 requests of the last hour. */
async function harness(): Promise<Harness> {
  const state = smallState();
  for (let place = 1; place < 40; place += 1) addUser(state, { user_id: `person-${place}` });
  state.spend = Array.from({ length: 250 }, (_, place) =>
    request(`r-${place}`, new Date(now.getTime() - 60_000 - place * 10_000)),
  );
  const h = await createHarness({ simulator: { state, now: () => now }, client: { now: () => now } });
  cleanUps.push(() => h.close());
  return h;
}

/** Links to the proxy through something that changes a request's query or its answer on the way. */
async function linkThrough(
  h: Harness,
  change: { query?(url: URL): void; answer?(url: URL, body: string): string },
): Promise<void> {
  const between: Server = createServer((incoming, response) => {
    const url = new URL(h.simulator.url + (incoming.url ?? ''));
    const asked = new URL(url);
    change.query?.(asked);
    void fetch(asked, { headers: { authorization: incoming.headers.authorization ?? '' } }).then(
      async (answer) => {
        const body = await answer.text();
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        response.end(answer.ok ? (change.answer?.(url, body) ?? body) : body);
      },
    );
  });
  await new Promise<void>((done) => between.listen(0, '127.0.0.1', done));
  cleanUps.push(() => new Promise((done) => between.close(() => done())));
  const { port } = between.address() as AddressInfo;
  await h.handlers.link(
    {
      baseUrl: `http://127.0.0.1:${port}`,
      apiKey: h.simulator.masterKey,
      headerName: 'Authorization',
      caFile: null,
      proxy: null,
    },
    call(h),
  );
}

const usersOf = async (h: Harness): Promise<number> => (await h.rows('SELECT id FROM users')).length;
const findings = async (h: Harness) => (await h.handlers.status({}, call(h))).homeless;

describe('a list that is not given whole', () => {
  it('is read to its end although its pages are smaller than asked for', async () => {
    const h = await harness();
    await linkThrough(h, {
      query(url) {
        if (url.pathname === '/spend/logs/v2') url.searchParams.set('page_size', '30');
        if (url.pathname === '/user/list') url.searchParams.set('page_size', '10');
      },
    });
    await h.pull();
    expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
    expect(await usersOf(h)).toBe(40);
    expect(await findings(h)).toEqual([]);
    const before = await fingerprint(h);
    await h.pull();
    expect(await fingerprint(h)).toEqual(before);
  });

  it('is read again once, and the second reading may have the rest', async () => {
    const h = await harness();
    let answers = 0;
    await linkThrough(h, {
      answer(url, body) {
        if (url.pathname !== '/user/list' || url.searchParams.get('page') !== '1') return body;
        answers += 1;
        return answers === 1 ? without(body, 'users', 5) : body;
      },
    });
    await h.pull();
    expect(answers).toBe(2);
    expect(await usersOf(h)).toBe(40);
    expect(await findings(h)).toEqual([]);
  });

  it('is shown as incomplete until it is whole, when the second reading falls short too', async () => {
    const h = await harness();
    let isShort = true;
    await linkThrough(h, {
      answer(url, body) {
        if (!isShort) return body;
        if (url.pathname === '/user/list') return without(body, 'users', 5);
        return url.pathname === '/spend/logs/v2' ? without(body, 'data', 1) : body;
      },
    });
    const run = await h.pull({ backfillDays: 1 });
    expect(run.state).toBe('succeeded');
    expect(await findings(h)).toEqual([
      { kind: 'spend', reason: 'log_incomplete', count: 1 },
      { kind: 'user', reason: 'list_incomplete', count: 1 },
    ]);
    expect(await h.rows(`SELECT 1 FROM litemaas_console.litellm_objects WHERE state = 'missing'`)).toEqual(
      [],
    );
    isShort = false;
    await h.pull();
    expect(await usersOf(h)).toBe(40);
    expect((await findings(h)).filter((finding) => finding.kind === 'user')).toEqual([]);
  });
});

/** An answer with the last rows of its list left out; its total says nothing of that. */
function without(body: string, list: string, rows: number): string {
  const answer = JSON.parse(body) as Record<string, unknown[]>;
  return JSON.stringify({ ...answer, [list]: answer[list]?.slice(0, -rows) });
}
