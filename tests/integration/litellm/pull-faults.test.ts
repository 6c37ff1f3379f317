import { afterEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../../src/shared/errors';
import type { Fault, ProxyState } from '../../support/litellm';
import { addUser, request, smallState } from './builders';
import { createHarness, fingerprint, type Harness, type HarnessOptions } from './harness';
import { remoteTotals, storedTotals } from './harness-totals';

const now = new Date('2026-11-22T12:00:00Z');
const open: Harness[] = [];

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.close();
});

function state(users = 250): ProxyState {
  const small = smallState();
  for (let place = 0; place < users; place += 1) {
    addUser(small, {
      user_id: `person-${String(place).padStart(4, '0')}`,
      user_email: `p${place}@example.test`,
    });
  }
  small.spend = Array.from({ length: 300 }, (_, place) =>
    request(`request-${place}`, new Date(now.getTime() - (place + 5) * 60_000)),
  );
  return small;
}

async function harness(options: HarnessOptions = {}): Promise<Harness> {
  const created = await createHarness({
    simulator: { state: state(), now: () => now, ...options.simulator },
    client: { now: () => now, timeoutMs: 2_000, ...options.client },
  });
  open.push(created);
  await created.link();
  return created;
}

const call = ({ workspace }: Harness) => ({
  workspace,
  signal: new AbortController().signal,
  report: () => undefined,
});

async function failure(harnessUsed: Harness): Promise<AppError> {
  return harnessUsed.pull().then(
    () => Promise.reject(new Error('the pull should have failed')),
    (error: unknown) => error as AppError,
  );
}

async function complete(h: Harness): Promise<void> {
  const [users] = await h.rows<{ n: string }>('SELECT count(*) AS n FROM users');
  expect(Number(users?.n)).toBe(h.simulator.state.users.size);
  expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
}

describe('a proxy that stumbles', () => {
  const passing: [string, Fault][] = [
    ['a rate limit', { kind: 'rate-limit', retryAfterSeconds: 1, path: '/user/list', after: 1, times: 2 }],
    ['a failing gateway', { kind: 'bad-gateway', path: /list|spend/, times: 3 }],
    ['an internal error', { kind: 'server-error', path: '/key/list', times: 2 }],
    ['a reset connection', { kind: 'reset', path: '/user/list', after: 1, times: 2 }],
    ['an answer that breaks off', { kind: 'truncated', path: '/user/list', after: 2 }],
    ['half an answer', { kind: 'broken-json', path: /spend/ }],
    ['no answer', { kind: 'hang', path: '/v2/team/list' }],
  ];
  it.each(passing)('is waited for: %s', async (_name, fault) => {
    const h = await harness();
    h.simulator.faults.add(fault);
    expect((await h.pull()).state).toBe('succeeded');
    expect(h.simulator.faults.pending).toBe(0);
    await complete(h);
  });

  const ending: [string, Fault, string][] = [
    ['is gone', { kind: 'bad-gateway', path: '/user/list', times: Infinity }, 'litellm_unreachable'],
    [
      'redirects',
      { kind: 'redirect', location: 'http://127.0.0.1:9/', path: '/user/list' },
      'litellm_protocol',
    ],
    [
      'asks for a licence',
      { kind: 'licence', status: 500, feature: 'lists', path: '/user/list' },
      'litellm_refused',
    ],
    ['answers without end', { kind: 'oversized', bytes: 70_000_000, path: '/user/list' }, 'litellm_protocol'],
  ];
  it.each(ending)('ends the run with what was read kept when it %s', async (_name, fault, code) => {
    const h = await harness({ client: { timeoutMs: 30_000 } });
    h.simulator.faults.add({ ...fault, after: 1 });
    expect((await failure(h)).code).toBe(code);
    const [row] = await h.rows<{ n: string }>('SELECT count(*) AS n FROM users');
    expect(Number(row?.n)).toBe(100);
    const status = await h.handlers.status({}, call(h));
    expect(status).toMatchObject({ resumable: true, lastRun: { state: 'failed' } });
    expect(status.lastRun?.entities.map((entity) => entity.state)).toEqual([
      'done',
      'done',
      'failed',
      'waiting',
      'waiting',
      'waiting',
    ]);

    h.simulator.faults.clear();
    h.simulator.recorder.clear();
    const resumed = await h.pull();
    expect(resumed).toMatchObject({ id: status.lastRun?.id, state: 'succeeded' });
    // Page 1 and the entities before it are not read again.
    expect(h.simulator.recorder.to('/user/list').map((seen) => seen.query['page'])).toEqual(['2', '3']);
    expect(h.simulator.recorder.to('/v2/team/list')).toHaveLength(0);
    await complete(h);
  });

  it('stops at once when the key is refused midway, and tells nobody the key', async () => {
    const h = await harness();
    h.simulator.recorder.clear();
    h.simulator.faults.add({ kind: 'unauthorised', path: '/user/list', after: 2 });
    const error = await failure(h);
    expect(error.code).toBe('litellm_auth');
    expect(JSON.stringify(error.toEnvelope())).not.toContain(h.simulator.masterKey);
    expect(h.simulator.recorder.to('/user/list')).toHaveLength(3);
    expect(h.simulator.recorder.to('/key/list')).toHaveLength(0);
    const [run] = await h.rows<{ error: { code: string } }>('SELECT error FROM litemaas_console.sync_runs');
    expect(run?.error.code).toBe('litellm_auth');
  });
});

describe('a run that ends early', () => {
  it('takes up where it was cancelled, in the middle of a list and of the spend log', async () => {
    const h = await harness();
    const reference = await harness();
    await reference.pull();
    for (const [title, wanted] of [
      ['Pull users', 'page 2 of 3'],
      ['Pull spend', 'requests'],
    ] as const) {
      const controller = new AbortController();
      const stopped = h.pull({
        signal: controller.signal,
        onProgress: (step) => {
          if (step.title === title && step.detail?.includes(wanted) === true) controller.abort();
        },
      });
      await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
      expect(await h.handlers.status({}, call(h))).toMatchObject({
        resumable: true,
        lastRun: { state: 'cancelled' },
      });
    }
    const run = await h.pull();
    expect(run.state).toBe('succeeded');
    await complete(h);
    expect(await storedTotals(h)).toEqual(await storedTotals(reference));
    const [runs] = await h.rows<{ n: string }>('SELECT count(*) AS n FROM litemaas_console.sync_runs');
    expect(runs?.n).toBe('1');
  });

  it('is shown as interrupted when its console was killed, and taken up by the next', async () => {
    const h = await harness();
    h.simulator.faults.add({ kind: 'server-error', path: /spend/, times: Infinity });
    await failure(h);
    // What a killed console leaves behind: a row that says it is running, and no lock.
    await h.rows(`UPDATE litemaas_console.sync_runs SET state = 'running', finished_at = NULL, error = NULL`);
    const status = await h.handlers.status({}, call(h));
    expect(status).toMatchObject({ resumable: true, lastRun: { state: 'interrupted' } });
    h.simulator.faults.clear();
    expect(await h.pull()).toMatchObject({ id: status.lastRun?.id, state: 'succeeded' });
    await complete(h);
  });

  it('is not taken up a day after it began, however often it was tried since', async () => {
    const h = await harness();
    h.simulator.faults.add({
      kind: 'licence',
      status: 403,
      feature: 'spend',
      path: /spend/,
      times: Infinity,
    });
    await failure(h);
    await h.rows(`UPDATE litemaas_console.sync_runs SET started_at = started_at - interval '23 hours'`);
    addUser(h.simulator.state, { user_id: 'newcomer', user_alias: 'newcomer' });
    await failure(h);
    const newcomers = () => h.rows('SELECT id FROM users WHERE oauth_id = $1', ['newcomer']);
    expect(await newcomers()).toHaveLength(0);
    await h.rows(`UPDATE litemaas_console.sync_runs SET started_at = started_at - interval '2 hours'`);
    expect(await h.handlers.status({}, call(h))).toMatchObject({ resumable: false });
    await failure(h);
    expect(await newcomers()).toHaveLength(1);
    expect(await h.rows('SELECT id FROM litemaas_console.sync_runs')).toHaveLength(2);
  });

  it('reads a page again whose transaction was rolled back', async () => {
    const h = await harness();
    await h.rows('CREATE SEQUENCE refusals');
    await h.rows(`CREATE FUNCTION refuse_page() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.cursor -> 'page' = '{"entity": "users", "number": 3}' AND nextval('public.refusals') = 1 THEN
        RAISE EXCEPTION 'refused once';
      END IF;
      RETURN NEW;
    END $$`);
    await h.rows(`CREATE TRIGGER refuse_page BEFORE UPDATE ON litemaas_console.sync_runs
      FOR EACH ROW EXECUTE FUNCTION refuse_page()`);
    expect((await failure(h)).message).toContain('refused once');
    h.simulator.recorder.clear();
    expect((await h.pull()).state).toBe('succeeded');
    expect(h.simulator.recorder.to('/user/list').map((seen) => seen.query['page'])).toEqual(['2', '3']);
    await complete(h);
  });

  it('fails when the database goes away, and the next run completes it', async () => {
    const h = await harness();
    let killed = false;
    const stopped = h.pull({
      onProgress: (step) => {
        if (killed || step.detail !== 'page 2 of 3') return;
        killed = true;
        void h.rows(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'litemaas-console'`);
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'db_unreachable' });
    expect((await h.pull()).state).toBe('succeeded');
    await complete(h);
  });

  it('does not run twice at a time', async () => {
    const h = await harness();
    let second: Promise<AppError> | undefined;
    const first = h.pull({
      onProgress: (step) => {
        if (step.title === 'Pull users') second ??= failure(h);
      },
    });
    expect((await first).state).toBe('succeeded');
    expect((await second)?.code).toBe('busy');
    await complete(h);
    const before = await fingerprint(h);
    await h.pull();
    expect(await fingerprint(h)).toEqual(before);
  });
});
