import { expect, it, vi } from 'vitest';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import { keepDueRun } from './keep-due-run';

const workspaceWith = (changes: { readonly runsDue?: boolean; readonly readOnly?: boolean }): OpenWorkspace =>
  ({
    profile: { runsDue: changes.runsDue ?? true },
    database: { readOnly: changes.readOnly ?? false, closing: new AbortController().signal },
  }) as OpenWorkspace;

const keep = (current: () => OpenWorkspace | null, run = vi.fn(() => Promise.resolve())) => {
  const log = { write: vi.fn(), error: vi.fn() };
  return { ...keepDueRun({ current, run, log }), run, log };
};

it.each([
  ['nothing is open', null],
  ['its settings do not say so', workspaceWith({ runsDue: false })],
  ['it is open read-only', workspaceWith({ readOnly: true })],
])('runs nothing where %s', async (_, workspace) => {
  const { look, run, stop } = keep(() => workspace);
  await look();
  expect(run).not.toHaveBeenCalled();
  stop();
});

it('runs where the settings say so, and every ten minutes until it is stopped', async () => {
  vi.useFakeTimers();
  const workspace = workspaceWith({});
  const { look, run, stop } = keep(() => workspace);
  await look();
  expect(run.mock.calls).toEqual([[workspace]]);
  await vi.advanceTimersByTimeAsync(20 * 60_000);
  expect(run).toHaveBeenCalledTimes(3);
  stop();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(run).toHaveBeenCalledTimes(3);
  vi.useRealTimers();
});

it('looks once more where another workspace was opened meanwhile', async () => {
  const [first, second] = [workspaceWith({}), workspaceWith({})];
  let open = first;
  let end = (): void => undefined;
  const run = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
  const { look, stop } = keep(() => open, run);
  const looked = look();
  open = second;
  void look();
  end();
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
  end();
  await looked;
  expect(run.mock.calls).toEqual([[first], [second]]);
  stop();
});

it('goes on after a failure, which the log tells', async () => {
  const { look, run, log, stop } = keep(
    () => workspaceWith({}),
    vi.fn(() => Promise.reject(new Error('no way'))),
  );
  await look();
  await look();
  expect(run).toHaveBeenCalledTimes(2);
  expect(log.error).toHaveBeenCalledTimes(2);
  stop();
});
