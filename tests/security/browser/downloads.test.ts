import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CallHost, FileContent } from '../../../src/main/console';
import { refusalCode, startTestServer, type TestServer } from './test-server';

const csv: FileContent = {
  suggestedName: 'users.csv',
  contentType: 'text/csv; charset=utf-8',
  write: (target) => endWith(target, 'id,name\n1,Zoë\n'),
};

async function endWith(target: Writable, text: string): Promise<void> {
  target.end(text);
  await once(target, 'finish');
}

function offering(content: FileContent) {
  return async (_request: unknown, host: CallHost) => ({
    ok: true as const,
    value: await host.deliverFile(content, host.signal),
  });
}

async function ticketFor(console: TestServer, credentials: Record<string, string>): Promise<string> {
  const answer = await console.post('/api/users/exportCsv', { callId: '1' }, credentials);
  const { value } = answer.json as { value: { state: string; ticket: string; name: string } };
  expect(value).toEqual({
    state: 'ticket',
    ticket: expect.stringMatching(/^[\w-]{43}$/) as string,
    name: value.name,
  });
  return value.ticket;
}

const ownPage = { 'sec-fetch-site': 'same-origin' };

describe('downloads', () => {
  it('streams a file once, as an attachment', async () => {
    const console = await startTestServer({ answering: offering(csv) });
    const credentials = await console.enter();
    const path = `/download/${await ticketFor(console, credentials)}`;
    const headers = { ...ownPage, cookie: credentials.cookie };
    const file = await console.send({ path, headers });
    expect([file.status, file.body.toString()]).toEqual([200, 'id,name\n1,Zoë\n']);
    expect(file.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="users.csv"; filename*=UTF-8''users.csv`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const again = await console.send({ path, headers });
    expect([again.status, refusalCode(again)]).toEqual([410, 'not_found']);
  });

  it('knows no ticket it did not make', async () => {
    const console = await startTestServer({ answering: offering(csv) });
    const { cookie } = await console.enter();
    for (const ticket of ['x', 'x'.repeat(43)]) {
      const answer = await console.send({ path: `/download/${ticket}`, headers: { ...ownPage, cookie } });
      expect([answer.status, refusalCode(answer)]).toEqual([404, 'not_found']);
    }
  });

  it('hands nothing out without the cookie, to another session or to another page; the owner still gets it', async () => {
    const console = await startTestServer({ answering: offering(csv) });
    const credentials = await console.enter();
    await console.post('/session', {});
    const other = await console.enter();
    const path = `/download/${await ticketFor(console, credentials)}`;
    const { cookie } = credentials;
    const attempts = [
      [{ ...ownPage }, 401],
      [{ ...ownPage, cookie: other.cookie }, 404],
      [{ cookie }, 403],
      [{ cookie, 'sec-fetch-site': 'same-site' }, 403],
      [{ cookie, 'sec-fetch-site': 'cross-site' }, 403],
      [{ cookie, 'sec-fetch-site': 'none' }, 403],
      [{ cookie, ...ownPage, host: 'evil.test' }, 403],
    ] as const;
    for (const [headers, status] of attempts) {
      expect((await console.send({ path, headers })).status, JSON.stringify(headers)).toBe(status);
    }
    expect((await console.send({ method: 'HEAD', path, headers: { ...ownPage, cookie } })).status).toBe(404);
    expect((await console.send({ path, headers: { ...ownPage, cookie } })).status).toBe(200);
  });

  it('forgets a ticket after a minute and at the end of the session', async () => {
    let now = 1_000_000;
    const console = await startTestServer({ now: () => now, answering: offering(csv) });
    const credentials = await console.enter();
    const headers = { ...ownPage, cookie: credentials.cookie };
    const old = await ticketFor(console, credentials);
    now += 60_000;
    expect((await console.send({ path: `/download/${old}`, headers })).status).toBe(410);
    const fresh = await ticketFor(console, credentials);
    await console.post('/session/end', {}, credentials);
    expect((await console.send({ path: `/download/${fresh}`, headers })).status).toBe(401);
  });

  it('names the file by RFC 5987 and lets no name break out of its header', async () => {
    const suggestedName = 'Zoë "x"\r\nSet-Cookie: a=b/..\\%41’(1)*.csv';
    const console = await startTestServer({ answering: offering({ ...csv, suggestedName }) });
    const credentials = await console.enter();
    const path = `/download/${await ticketFor(console, credentials)}`;
    const file = await console.send({ path, headers: { ...ownPage, cookie: credentials.cookie } });
    expect(file.status).toBe(200);
    expect(file.headers['set-cookie']).toBeUndefined();
    expect(file.headers['content-disposition']).toBe(
      'attachment; filename="Zo_ _x___Set-Cookie: a=b_..__41_(1)*.csv"; ' +
        "filename*=UTF-8''Zo%C3%AB%20%22x%22__Set-Cookie%3A%20a%3Db_.._%2541%E2%80%99%281%29%2A.csv",
    );
  });

  it('answers an error when nothing was sent yet, and breaks the download off afterwards', async () => {
    const early = await startTestServer({
      answering: offering({ ...csv, write: () => Promise.reject(new Error('no database')) }),
    });
    const first = await early.enter();
    const path = `/download/${await ticketFor(early, first)}`;
    const answer = await early.send({ path, headers: { ...ownPage, cookie: first.cookie } });
    expect([answer.status, refusalCode(answer)]).toEqual([500, 'internal']);
    expect(answer.headers['content-disposition']).toBeUndefined();

    const late = await startTestServer({
      answering: offering({
        ...csv,
        async write(target) {
          target.write('id,name\n');
          await delay(50);
          throw new Error('database lost');
        },
      }),
    });
    const second = await late.enter();
    const broken = `/download/${await ticketFor(late, second)}`;
    await expect(late.send({ path: broken, headers: { ...ownPage, cookie: second.cookie } })).rejects.toThrow(
      /aborted|reset/i,
    );
  });

  it('stops producing when the browser cancels or the session ends', async () => {
    const reasons: string[] = [];
    const content: FileContent = {
      ...csv,
      async write(target, signal) {
        target.write('id\n');
        await delay(30_000, undefined, { signal }).catch(() => reasons.push('aborted'));
        signal.throwIfAborted();
      },
    };
    const console = await startTestServer({ answering: offering(content) });
    const credentials = await console.enter();
    const start = async () => {
      const path = `/download/${await ticketFor(console, credentials)}`;
      const headers = {
        host: `127.0.0.1:${String(console.server.port)}`,
        ...ownPage,
        cookie: credentials.cookie,
      };
      const outgoing = httpRequest({ host: '127.0.0.1', port: console.server.port, path, headers });
      outgoing.on('error', () => undefined).end();
      await once(outgoing, 'response');
      return outgoing;
    };
    (await start()).destroy();
    while (reasons.length < 1) await delay(5);
    await start();
    await console.post('/session/end', {}, credentials);
    while (reasons.length < 2) await delay(5);
    expect(reasons).toEqual(['aborted', 'aborted']);
  });
});
