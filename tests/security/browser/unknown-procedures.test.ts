import { describe, expect, it } from 'vitest';
import { createRouter } from '../../../src/main/router/router';
import { startTestServer, type TestServer } from './test-server';

type RouterOptions = Parameters<typeof createRouter>[0];

/** The real router, whose areas would all answer if they were reached. */
function startWithRouter(): Promise<TestServer> {
  const handler = (): Promise<string> => Promise.resolve('reached');
  // A promise of something with `then` would wait for it.
  const reached = new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : handler) });
  const router = createRouter({
    handlersOf: () => Promise.resolve(reached),
    jobs: { start: () => 'job' },
    log: { write: () => undefined, error: () => undefined },
    openWorkspace: () => null,
    workspaceState: () => null,
    afterWrite: () => Promise.resolve(),
    checkOutputs: false,
  } as unknown as RouterOptions);
  return startTestServer({ answering: (request, host) => router.call(request, host) });
}

describe('procedures that are not in the contract', () => {
  it.each([
    ['users', 'nothing'],
    ['nothing', 'list'],
    ['__proto__', 'toString'],
    ['constructor', 'constructor'],
    ['users', '__proto__'],
    ['users', 'constructor'],
    ['users', 'hasOwnProperty'],
    ['app', 'toString'],
    ['toString', 'call'],
  ])('%s.%s is not found', async (area, procedure) => {
    const console = await startWithRouter();
    const answer = await console.post(`/api/${area}/${procedure}`, { callId: '1' }, await console.enter());
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  it('reaches one that is', async () => {
    const console = await startWithRouter();
    const answer = await console.post('/api/app/info', { callId: '1' }, await console.enter());
    expect(answer.json).toEqual({ ok: true, value: 'reached' });
  });
});
