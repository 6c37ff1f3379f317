import { describe, expect, it } from 'vitest';
import { credentialsFrom, refusalCode, startTestServer, tokenOf } from './test-server';

describe('the one-time token', () => {
  it('lets in once and answers a cookie no script and no other site gets', async () => {
    const console = await startTestServer();
    const answer = await console.post('/session', { token: tokenOf(console.addresses[0]) });
    expect(answer.status).toBe(200);
    const [cookie] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^litemaas-[0-9a-f]{12}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain((answer.json as { session: string }).session);
    expect(console.addresses).toHaveLength(1);
  });

  it('never leaves the address’s fragment, so no server log and no Referer has it', async () => {
    const console = await startTestServer();
    expect(new URL(console.addresses[0] ?? '').hash).toMatch(/^#token=[\w-]{43}$/);
    expect(new URL(console.addresses[0] ?? '').search).toBe('');
  });

  it.each([{}, { token: '' }, { token: 7 }, { token: null }, { token: ['x'] }, { token: 'x'.repeat(43) }])(
    'refuses %j, prints a new address, and that one works',
    async (body) => {
      const console = await startTestServer();
      const answer = await console.post('/session', body);
      expect([answer.status, refusalCode(answer)]).toEqual([401, 'session_ended']);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(console.addresses).toHaveLength(2);
      expect((await console.post('/api/users/list', { callId: '1' }, await console.enter())).status).toBe(
        200,
      );
    },
  );

  it('is replaced by a wrong one: what was printed before is worth nothing', async () => {
    const console = await startTestServer();
    await console.post('/session', { token: 'guess' });
    const old = await console.post('/session', { token: tokenOf(console.addresses[0]) });
    expect(old.status).toBe(401);
  });

  it('can not be used twice, and the first session goes on', async () => {
    const console = await startTestServer();
    const credentials = await console.enter();
    const again = await console.post('/session', { token: tokenOf(console.addresses[0]) });
    expect([again.status, refusalCode(again)]).toEqual([401, 'session_ended']);
    expect(console.addresses).toHaveLength(2);
    expect((await console.post('/api/users/list', { callId: '1' }, credentials)).status).toBe(200);
  });

  it('survives a flood of wrong ones: the owner gets in with the newest address and stays in', async () => {
    const console = await startTestServer();
    for (let attempt = 0; attempt < 200; attempt += 1)
      await console.post('/session', { token: `x${String(attempt)}` });
    expect(console.addresses.length).toBeLessThanOrEqual(4);
    const credentials = await console.enter();
    for (let attempt = 0; attempt < 50; attempt += 1) await console.post('/session', { token: 'again' });
    expect((await console.post('/api/users/list', { callId: '1' }, credentials)).status).toBe(200);
    // The flood used up no second way in: whoever opens another browser has an address again.
    expect((await console.post('/api/users/list', { callId: '1' }, await console.enter())).status).toBe(200);
  });

  it('is not exchanged for another page, another host name or without the browser’s mark', async () => {
    const console = await startTestServer();
    const body = { token: tokenOf(console.addresses[0]) };
    const port = String(console.server.port);
    for (const headers of [
      { origin: '' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${String(console.server.port + 1)}` },
      { origin: `http://localhost:${port}` },
      { host: `evil.test:${port}`, origin: `http://evil.test:${port}` },
      { 'sec-fetch-site': '' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
    ]) {
      const answer = await console.post('/session', body, headers);
      expect([answer.status, refusalCode(answer)], JSON.stringify(headers)).toEqual([403, 'validation']);
    }
    // None of them used it up or replaced it.
    expect(console.addresses).toHaveLength(1);
    await console.enter();
  });

  it('gives a second tab of the same browser the session it has, so the first is not shut out', async () => {
    const console = await startTestServer();
    const first = await console.enter();
    await console.post('/session', {});
    const answer = await console.post(
      '/session',
      { token: tokenOf(console.addresses.at(-1)) },
      { cookie: first.cookie },
    );
    expect(credentialsFrom(answer)).toEqual(first);
  });
});
