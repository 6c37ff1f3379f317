import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pauseMs } from '../../../src/main/litellm/client/circuit-breaker';
import {
  type ClientOptions,
  type LitellmClient,
  openLitellmClient,
  type WriteRequest,
} from '../../../src/main/litellm/client/client';
import { ExactNumber } from '../../../src/main/kernel/exact-json';
import { createSimulator, type Simulator, tokenOf } from '../../support/litellm';
import { anaKey, smallState } from './builders';

const hash = tokenOf(anaKey);

describe('what a client writes', () => {
  let simulator: Simulator;
  const clients: LitellmClient[] = [];
  beforeEach(async () => {
    simulator = await createSimulator({ state: smallState() });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await simulator.close();
  });

  function open(options: ClientOptions & { readonly baseUrl?: string; readonly apiKey?: string } = {}) {
    const { baseUrl = simulator.url, apiKey = simulator.masterKey, ...rest } = options;
    const client = openLitellmClient({ baseUrl, headerName: 'Authorization', apiKey, ca: null }, rest);
    clients.push(client);
    return client;
  }
  const block: Omit<WriteRequest, 'signal'> = { path: '/key/block', body: { key: hash } };
  const write = (
    client: LitellmClient,
    request: Omit<WriteRequest, 'signal'> = block,
    signal = new AbortController().signal,
  ) => client.write({ ...request, signal });
  const calls = () => simulator.recorder.requests.filter(({ method }) => method === 'POST').length;
  const remote = () => simulator.state.keys.get(hash);

  it('is done once, with numbers digit by digit', async () => {
    const body = { key: hash, max_budget: new ExactNumber('0.000001'), tpm_limit: new ExactNumber('9007') };
    expect(await write(open(), { path: '/key/update', body })).toEqual({ kind: 'done' });
    expect(remote()).toMatchObject({ max_budget: 0.000001, tpm_limit: 9007 });
    expect(calls()).toBe(1);
  });

  it('is refused for good by a rule, by the licence, or because the key may not write', async () => {
    const taken = {
      path: '/key/generate',
      body: { key: 'sk-another-0123456789', key_alias: 'laptop' },
    } as const;
    expect(await write(open(), taken)).toMatchObject({
      kind: 'refused',
      why: 'rules',
      error: { code: 'litellm_refused' },
    });
    simulator.faults.add({ kind: 'licence', status: 500, feature: 'tags' });
    expect(await write(open())).toMatchObject({ kind: 'refused', why: 'licence' });
    expect(await write(open({ apiKey: anaKey }))).toMatchObject({
      kind: 'refused',
      why: 'not_allowed',
      error: { code: 'litellm_auth' },
    });
    expect(remote()?.blocked).toBe(null);
  });

  it('may be sent later where it was refused for now, or never left', async () => {
    simulator.faults.add({ kind: 'rate-limit', retryAfterSeconds: 1 });
    expect(await write(open())).toMatchObject({ kind: 'later', error: { code: 'litellm_unreachable' } });
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const nobody = open({ baseUrl: `http://127.0.0.1:${port}` });
    expect(await write(nobody)).toMatchObject({ kind: 'later' });
    const stopped = AbortSignal.abort();
    expect(await write(open(), block, stopped)).toMatchObject({
      kind: 'later',
      error: { code: 'cancelled' },
    });
    expect(remote()?.blocked).toBe(null);
  });

  it('is not known after a lost answer, a failure or a time limit, and is not sent again', async () => {
    simulator.faults.add({ kind: 'lost-answer' });
    expect(await write(open())).toMatchObject({ kind: 'unknown' });
    expect(remote()?.blocked).toBe(true);
    simulator.faults.add({ kind: 'server-error' });
    expect(await write(open())).toMatchObject({ kind: 'unknown' });
    simulator.faults.add({ kind: 'bad-gateway', status: 504 });
    expect(await write(open())).toMatchObject({ kind: 'unknown' });
    simulator.faults.add({ kind: 'hang' });
    expect(await write(open({ timeoutMs: 50 }))).toMatchObject({
      kind: 'unknown',
      error: { details: { reason: 'timeout' } },
    });
    expect(calls()).toBe(4);
  });

  it('is not known where it was cancelled on its way', async () => {
    simulator.faults.add({ kind: 'lost-answer', silently: true });
    const stop = new AbortController();
    const outcome = write(open(), block, stop.signal);
    await expect.poll(() => remote()?.blocked).toBe(true);
    stop.abort();
    expect(await outcome).toMatchObject({ kind: 'unknown', error: { code: 'cancelled' } });
  });

  it('leaves a proxy alone that failed repeatedly, without waiting for it', async () => {
    let now = 0;
    const client = open({ now: () => new Date(now) });
    simulator.faults.add({ kind: 'server-error', times: 5 });
    for (let tried = 0; tried < 5; tried += 1) await write(client);
    const before = calls();
    expect(await write(client)).toMatchObject({ kind: 'later', error: { details: { reason: 'resting' } } });
    expect(calls()).toBe(before);
    now += pauseMs;
    expect(await write(client)).toEqual({ kind: 'done' });
  });

  it('tells no key that a refusal repeats', async () => {
    const value = 'sk-a-value-that-nobody-may-read-0123456789';
    const server = createServer((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      const message = `{'error': "Invalid key format. Received: ${value}"}`;
      response.end(JSON.stringify({ error: { message, type: 'internal_server_error', code: '400' } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const outcome = await write(open({ baseUrl: `http://127.0.0.1:${port}` }), {
      path: '/key/generate',
      body: { key: value },
    });
    server.close();
    expect(outcome).toMatchObject({ kind: 'refused', why: 'rules' });
    const told = outcome.kind === 'done' ? '' : outcome.error.message;
    expect(told).toContain('Invalid key format');
    expect(JSON.stringify(outcome) + told).not.toContain(value.slice(3));
  });
});
