import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { WorkspaceState } from '../../shared/contract/app';
import { AppError } from '../../shared/errors';
import { createJobs } from '../kernel/jobs';
import type { LogEntry } from '../kernel/log';
import type { OpenWorkspace } from '../workspace/open-workspace';
import type { AreaHandlers, FileContent } from './handlers';
import { toErrorEnvelope } from './error-envelope';
import { createRouter } from './router';

interface Given {
  readonly handlers?: Record<string, (input: never) => Promise<unknown>>;
  readonly access?: 'read-only' | 'administer';
  readonly schema?: WorkspaceState['schema'];
  readonly open?: boolean;
}

function setUp({ handlers = {}, access = 'administer', schema = 'current', open = true }: Given = {}) {
  const written: LogEntry[] = [];
  let writes = 0;
  const closing = new AbortController();
  const router = createRouter({
    handlersOf: () => Promise.resolve(handlers as unknown as AreaHandlers<'app'>),
    jobs: createJobs({ onChange: () => undefined, toEnvelope: toErrorEnvelope }),
    log: {
      write: (entry) => written.push(entry),
      error: (where, error) => written.push({ event: 'error', where, text: String(error) }),
    },
    openWorkspace: () =>
      open ? ({ profile: { access }, database: { closing: closing.signal } } as OpenWorkspace) : null,
    workspaceState: () => (open ? ({ schema } as WorkspaceState) : null),
    afterWrite: () => Promise.resolve(void (writes += 1)),
    checkOutputs: true,
  });
  const host = {
    signal: new AbortController().signal,
    deliverFile: () => Promise.reject(new Error('not asked for')),
  };
  const call = (area: unknown, procedure: unknown, input: unknown = {}) =>
    router.call({ area, procedure, input }, host);
  return { router, call, written, writes: () => writes, closing };
}

const refused = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) as object });

describe('the router', () => {
  it.each([
    ['users', 'nothing'],
    ['nothing', 'list'],
    ['__proto__', 'list'],
    ['users', 'constructor'],
    ['users', 'hasOwnProperty'],
    [{ toString: (): string => 'users' }, 'list'],
  ])('knows no procedure %j.%j', async (area, procedure) => {
    expect(await setUp().call(area, procedure)).toEqual(refused('not_found'));
  });

  it('passes a checked input with its defaults and answers the result', async () => {
    let seen: unknown;
    const { call } = setUp({
      handlers: { serverLog: (input) => Promise.resolve(((seen = input), { lines: [], path: '/l' })) },
    });
    expect(await call('database', 'serverLog')).toEqual({ ok: true, value: { lines: [], path: '/l' } });
    expect(seen).toEqual({ lines: 200 });
  });

  it('refuses an input the contract does not know, and names the field', async () => {
    const answer = await setUp({
      handlers: { serverLog: () => Promise.reject(new Error('must not run')) },
    }).call('database', 'serverLog', { lines: 'all', more: 1 });
    expect(answer).toEqual({
      ok: false,
      error: expect.objectContaining({
        code: 'validation',
        details: expect.objectContaining({ lines: expect.any(String) as string }) as object,
      }) as object,
    });
  });

  it('refuses what needs a database while none is open, or its migrations are not complete', async () => {
    const handlers = { status: () => Promise.resolve({}) };
    expect(await setUp({ open: false, handlers }).call('demo', 'status')).toEqual(refused('not_found'));
    expect(await setUp({ schema: 'behind', handlers }).call('demo', 'status')).toEqual(refused('db_version'));
  });

  it('refuses every writing procedure of a read-only workspace before it runs', async () => {
    const { call, writes } = setUp({
      access: 'read-only',
      handlers: { createPartitions: () => Promise.reject(new Error('must not run')) },
    });
    expect(await call('database', 'createPartitions')).toEqual(refused('read_only'));
    expect(writes()).toBe(0);
  });

  it('has the state read again after a write, also after a failed one', async () => {
    const done = setUp({ handlers: { createPartitions: () => Promise.resolve({ created: [] }) } });
    await done.call('database', 'createPartitions');
    expect(done.writes()).toBe(1);
    const failed = setUp({
      handlers: { createPartitions: () => Promise.reject(new AppError('conflict', 'Changed.')) },
    });
    expect(await failed.call('database', 'createPartitions')).toEqual(refused('conflict'));
    expect(failed.writes()).toBe(1);
  });

  it('ends a file that waits for its reader when the workspace is left', async () => {
    let written: AbortSignal | undefined;
    const content: FileContent = {
      suggestedName: 'audit.csv',
      contentType: 'text/csv',
      write: (_target, signal) => Promise.resolve(void (written = signal)),
    };
    const { router, closing } = setUp({ handlers: { exportCsv: () => Promise.resolve(content) } });
    const { signal } = new AbortController();
    const request = { area: 'sql', procedure: 'exportCsv', input: { statement: 'SELECT 1' } };
    await router.call(request, {
      signal,
      async deliverFile(file) {
        const writing = file.write(new PassThrough(), signal);
        closing.abort();
        await writing;
        return { state: 'cancelled' };
      },
    });
    expect(written?.aborted).toBe(true);
  });

  it('does not let a result pass that is not what the contract says', async () => {
    const { call } = setUp({ handlers: { serverLog: () => Promise.resolve({ lines: 'none' }) } });
    expect(await call('database', 'serverLog')).toEqual(refused('internal'));
  });

  it('keeps an unexpected error from the caller and its secrets from the log', async () => {
    const secret = 'sk-abcdefghijklmnop';
    const { call, written } = setUp({
      handlers: { serverLog: () => Promise.reject(new Error(`bad ${secret}`)) },
    });
    expect(JSON.stringify(await call('database', 'serverLog'))).not.toContain(secret);
    expect(written.some(({ event }) => event === 'error')).toBe(true);
  });

  it('redacts what a known error says', async () => {
    const { call } = setUp({
      handlers: {
        serverLog: () =>
          Promise.reject(
            new AppError('db_auth', 'postgresql://a:hunter2@h/d refused', {
              details: { key: 'sk-abcdefgh12' },
            }),
          ),
      },
    });
    const text = JSON.stringify(await call('database', 'serverLog'));
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('abcdefgh12');
  });

  it('answers a job with its id', async () => {
    const { call } = setUp({ handlers: { remove: () => Promise.resolve({ removedRows: 1 }) } });
    expect(await call('demo', 'remove')).toEqual({
      ok: true,
      value: { jobId: expect.any(String) as string },
    });
  });
});
