import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors';
import { createJobs } from './jobs';
import { toErrorEnvelope } from '../router/error-envelope';

function setUp() {
  let changes = 0;
  const jobs = createJobs({ onChange: () => (changes += 1), toEnvelope: toErrorEnvelope });
  const stateOf = (id: string) => jobs.list().find((job) => job.id === id);
  return { jobs, stateOf, changes: () => changes };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('jobs', () => {
  it('shows stable title and changing detail, then the result', async () => {
    const { jobs, stateOf } = setUp();
    let finish = (): void => undefined;
    const id = jobs.start('demo.load', null, async (_signal, report) => {
      report({ title: 'Load', detail: 'page 1', done: 1, total: 3 });
      await new Promise<void>((resolve) => (finish = resolve));
      return { rows: 3 };
    });
    expect(stateOf(id)).toMatchObject({
      state: 'running',
      title: 'Load',
      detail: 'page 1',
      done: 1,
      total: 3,
    });
    finish();
    await settled();
    expect(stateOf(id)).toMatchObject({ state: 'succeeded', result: { rows: 3 }, error: null });
    expect(stateOf(id)?.finishedAt).toMatch(/^\d{4}-.*\.\d{6}Z$/);
  });

  it('says on which workspace it works', () => {
    const { jobs, stateOf } = setUp();
    const inWorkspace = jobs.start('health.reconcile', 'one', () => Promise.resolve(null));
    const ofTheApp = jobs.start('workspace.open', null, () => Promise.resolve(null));
    expect(stateOf(inWorkspace)?.workspaceId).toBe('one');
    expect(stateOf(ofTheApp)?.workspaceId).toBeNull();
  });

  it('refuses a second one of the same kind while the first runs, and names it', async () => {
    const { jobs } = setUp();
    const first = jobs.start('sync.run', null, () => new Promise(() => undefined));
    expect(() => jobs.start('sync.run', null, () => Promise.resolve(null))).toThrow(
      expect.objectContaining({ code: 'busy', details: { jobId: first } }) as Error,
    );
    expect(jobs.start('demo.load', null, () => Promise.resolve(null))).not.toBe(first);
    await settled();
  });

  it('ends as cancelled once its work has stopped, and says so when there is nothing to cancel', async () => {
    const { jobs, stateOf } = setUp();
    const id = jobs.start(
      'sync.run',
      null,
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled.')));
        }),
    );
    expect(jobs.cancel(id)).toBe(true);
    await settled();
    expect(stateOf(id)?.state).toBe('cancelled');
    expect(jobs.cancel(id)).toBe(false);
    expect(jobs.cancel('unknown')).toBe(false);
  });

  it('keeps the reason of a failure, without the text of an unexpected one', async () => {
    const { jobs, stateOf } = setUp();
    const known = jobs.start('a.a', null, () =>
      Promise.reject(new AppError('disk_full', 'No space.', { hint: 'Free some.' })),
    );
    const unknown = jobs.start('b.b', null, () => Promise.reject(new Error('row (secret) is bad')));
    await settled();
    expect(stateOf(known)?.error).toEqual({ code: 'disk_full', message: 'No space.', hint: 'Free some.' });
    expect(stateOf(unknown)?.error?.code).toBe('internal');
    expect(JSON.stringify(stateOf(unknown))).not.toContain('secret');
  });

  it('forgets the oldest that ended and never one that runs', async () => {
    const { jobs, stateOf } = setUp();
    const running = jobs.start('sync.run', null, () => new Promise(() => undefined));
    for (let index = 0; index < 25; index += 1) {
      jobs.start(`a.${String(index)}`, null, () => Promise.resolve(index));
      await settled();
    }
    expect(jobs.list()).toHaveLength(21);
    expect(stateOf(running)?.state).toBe('running');
  });
});
