import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { AppError } from '../../../shared/errors';
import { type ClientOptions, type LitellmClient, openLitellmClient } from './client';
import { pauseMs } from './circuit-breaker';

type Responder = (request: IncomingMessage, response: ServerResponse, number: number) => void;

const apiKey = 'sk-very-secret-master-key';
const ends: (() => void)[] = [];
const anyAnswer = z.unknown();

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function serve(respond: Responder) {
  const requests: { url: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', headers: request.headers });
    respond(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function open(baseUrl: string, options: ClientOptions & { headerName?: string } = {}) {
  const slept: number[] = [];
  const client = openLitellmClient(
    { baseUrl, headerName: options.headerName ?? 'Authorization', apiKey, ca: null },
    { random: () => 1, sleep: (milliseconds) => Promise.resolve(void slept.push(milliseconds)), ...options },
  );
  ends.push(() => client.close());
  return { client, slept };
}

const reply = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

async function failureOf(client: LitellmClient, path = '/user/list', signal = new AbortController().signal) {
  const error: unknown = await client.read({ path, schema: anyAnswer, signal }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

const read = (client: LitellmClient, path = '/user/list') =>
  client.read({ path, schema: anyAnswer, signal: new AbortController().signal });

describe('openLitellmClient', () => {
  it('joins the path to the root path of the proxy and sends the key as a bearer token', async () => {
    const { baseUrl, requests } = await serve((_request, response) => reply(response, 200, { fine: 1 }));
    const { client } = open(`${baseUrl}/litellm`);
    await client.read({
      path: '/key/list',
      query: { page: 2, return_full_object: true, user_id: undefined },
      schema: anyAnswer,
      signal: new AbortController().signal,
    });
    expect(requests[0]?.url).toBe('/litellm/key/list?page=2&return_full_object=true');
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
  });

  it('sends the bare key in any other header', async () => {
    const { baseUrl, requests } = await serve((_request, response) => reply(response, 200, {}));
    await read(open(baseUrl, { headerName: 'X-Gateway-Key' }).client);
    expect(requests[0]?.headers['x-gateway-key']).toBe(apiKey);
    expect(requests[0]?.headers.authorization).toBeUndefined();
  });

  it('tries again after overload, a failing gateway and a cut answer, waiting longer each time', async () => {
    const { baseUrl, requests } = await serve((_request, response, number) => {
      if (number === 1) reply(response, 502, '<html>Bad Gateway</html>', { 'content-type': 'text/html' });
      else if (number === 2) reply(response, 429, { error: { message: 'slow down', type: 'rate' } });
      else if (number === 3) {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"a":', () => response.destroy());
      } else reply(response, 200, { a: 1 });
    });
    const { client, slept } = open(baseUrl);
    expect((await read(client)).value).toEqual({ a: 1 });
    expect(requests).toHaveLength(4);
    expect(slept).toEqual([500, 1000, 2000]);
  });

  it('waits as long as Retry-After asks, and gives up where that is more than a minute', async () => {
    const { baseUrl, requests } = await serve((_request, response, number) => {
      if (number === 1) reply(response, 429, {}, { 'retry-after': '7' });
      else reply(response, 503, {}, { 'retry-after': '3600' });
    });
    const { client, slept } = open(baseUrl);
    expect((await failureOf(client)).code).toBe('litellm_unreachable');
    expect(slept).toEqual([7000]);
    expect(requests).toHaveLength(2);
  });

  it.each([
    [401, { error: { message: `Invalid key ${apiKey}`, type: 'auth_error' } }, 'litellm_auth'],
    [403, { detail: 'forbidden' }, 'litellm_auth'],
    [400, { error: { message: 'Expired Key', type: 'expired_key' } }, 'litellm_auth'],
    [422, { detail: [{ loc: ['query', 'size'], msg: 'too large' }] }, 'litellm_refused'],
    [500, { detail: { error: 'You must be a LiteLLM Enterprise user' } }, 'litellm_refused'],
    [403, { detail: { error: 'Only premium users can use it' } }, 'litellm_refused'],
    [500, { error: { message: 'No connected db.', type: 'no_db_connection' } }, 'litellm_refused'],
  ])('asks once when the refusal %i %j will not change', async (status, body, code) => {
    const { baseUrl, requests } = await serve((_request, response) => reply(response, status, body));
    const error = await failureOf(open(baseUrl).client);
    expect(error.code).toBe(code);
    expect(requests).toHaveLength(1);
    expect(JSON.stringify(error.toEnvelope())).not.toContain(apiKey);
  });

  it('never follows a redirect with the key', async () => {
    const other = await serve((_request, response) => reply(response, 200, {}));
    const { baseUrl } = await serve((_request, response) =>
      reply(response, 307, '', { location: other.baseUrl }),
    );
    expect((await failureOf(open(baseUrl).client)).code).toBe('litellm_protocol');
    expect(other.requests).toHaveLength(0);
  });

  it('stops reading an answer that is larger than 64 MB', async () => {
    const { baseUrl } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const megabyte = Buffer.alloc(1024 * 1024, 32);
      const push = (): void => {
        while (!response.destroyed && response.write(megabyte));
        if (!response.destroyed) response.once('drain', push);
      };
      push();
    });
    expect(await failureOf(open(baseUrl).client)).toMatchObject({ code: 'litellm_protocol' });
  });

  it('refuses a web page where LiteLLM should be', async () => {
    const { baseUrl, requests } = await serve((_request, response) =>
      reply(response, 200, '<html>Welcome</html>', { 'content-type': 'text/html' }),
    );
    expect((await failureOf(open(baseUrl).client)).code).toBe('litellm_protocol');
    expect(requests).toHaveLength(1);
  });

  it('gives up on a proxy that does not answer in time, and says so', async () => {
    const { baseUrl } = await serve(() => undefined);
    const { client } = open(baseUrl, { tries: 1 });
    const asked = client.read({
      path: '/user/list',
      schema: anyAnswer,
      timeoutMs: 50,
      signal: new AbortController().signal,
    });
    await expect(asked).rejects.toMatchObject({
      code: 'litellm_unreachable',
      details: { reason: 'timeout' },
    });
  });

  it('ends at once when the caller cancels, in a request and in a wait', async () => {
    const hanging = await serve(() => undefined);
    const inRequest = failureOf(open(hanging.baseUrl).client, '/user/list', AbortSignal.timeout(30));
    expect((await inRequest).code).toBe('cancelled');
    const failing = await serve((_request, response) => reply(response, 503, {}, { 'retry-after': '30' }));
    const waiting = openLitellmClient({
      baseUrl: failing.baseUrl,
      headerName: 'Authorization',
      apiKey,
      ca: null,
    });
    ends.push(() => waiting.close());
    expect((await failureOf(waiting, '/user/list', AbortSignal.timeout(100))).code).toBe('cancelled');
  });

  it('has at most four requests open at a time', async () => {
    let openNow = 0;
    let most = 0;
    const { baseUrl } = await serve((_request, response) => {
      openNow += 1;
      most = Math.max(most, openNow);
      setTimeout(() => {
        openNow -= 1;
        reply(response, 200, {});
      }, 20);
    });
    const { client } = open(baseUrl);
    await Promise.all(Array.from({ length: 12 }, () => read(client)));
    expect(most).toBe(4);
  });

  it('leaves a proxy alone for a minute after five failures in a row', async () => {
    const { baseUrl } = await serve((_request, response) =>
      reply(response, 500, { detail: 'Internal Server Error' }),
    );
    const pauses: number[] = [];
    let time = 0;
    const { client, slept } = open(baseUrl, {
      now: () => new Date(time),
      onPause: (waitMs) => pauses.push(waitMs),
      sleep: (milliseconds) => {
        slept.push(milliseconds);
        time += milliseconds;
        return Promise.resolve();
      },
    });
    await failureOf(client);
    expect(pauses).toEqual([]);
    await failureOf(client);
    expect(pauses).toEqual([pauseMs - 500]);
    expect(slept).toContain(pauseMs - 500);
  });

  it.each([
    ['/health', {}],
    ['/global/spend/reset', {}],
    ['/user/info', {}],
    ['/user/info', { user_id: '' }],
    ['/spend/logs', { summarize: false }],
    ['/spend/logs', { start_date: '2026-01-01' }],
    ['/v2/model/info', {}],
  ])('never calls %s with %j', async (path, query) => {
    const { baseUrl, requests } = await serve((_request, response) => reply(response, 200, {}));
    const { client } = open(baseUrl);
    const asked = client.read({ path, query, schema: anyAnswer, signal: new AbortController().signal });
    await expect(asked).rejects.toMatchObject({ code: 'internal' });
    expect(requests).toHaveLength(0);
  });

  it('does not take an answer of another form for one of LiteLLM', async () => {
    const { baseUrl } = await serve((_request, response) => reply(response, 200, { users: 'none' }));
    const { client } = open(baseUrl);
    const schema = z.object({ users: z.array(z.unknown()) });
    await expect(
      client.read({ path: '/user/list', schema, signal: new AbortController().signal }),
    ).rejects.toMatchObject({ code: 'litellm_protocol' });
  });
});
