import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Answer } from '../../../shared/bridge';
import type { AppState } from '../../../shared/contract/app';

const state = (revision: number): AppState => ({ revision, workspace: null, dataRevision: 0, jobs: [] });

type Watch = (input: { sinceRevision: number }) => Promise<Answer<AppState>>;
const never = (): Promise<Answer<AppState>> => new Promise(() => undefined);

/** The modules keep their state for the page's life: each test gets a page of its own. */
async function openPage(watch: Watch) {
  vi.resetModules();
  vi.stubGlobal('window', { litemaas: { app: { watch }, host: { kind: 'desktop', cancel: vi.fn() } } });
  const { connectBridge } = await import('./bridge');
  await connectBridge();
  return import('./app-state');
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('asks for what is newer than it knows', async () => {
  const asked: number[] = [];
  const { followAppState, currentConnection } = await openPage(({ sinceRevision }) => {
    asked.push(sinceRevision);
    return asked.length <= 2 ? Promise.resolve({ ok: true, value: state(asked.length * 10) }) : never();
  });
  void followAppState(new AbortController().signal);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([-1, 10, 20]);
  expect(currentConnection()).toEqual({ state: state(20), link: 'up' });
});

it('says that the console is lost, keeps what it knew, and starts over when it is back', async () => {
  const asked: number[] = [];
  const { followAppState, currentConnection } = await openPage(({ sinceRevision }) => {
    asked.push(sinceRevision);
    if (asked.length === 1) return Promise.resolve({ ok: true, value: state(7) });
    if (asked.length === 2) {
      return Promise.resolve({ ok: false, error: { code: 'console_unreachable', message: 'gone' } });
    }
    return asked.length === 3 ? Promise.resolve({ ok: true, value: state(1) }) : never();
  });
  void followAppState(new AbortController().signal);
  await vi.advanceTimersByTimeAsync(0);
  expect(currentConnection()).toEqual({ state: state(7), link: 'lost' });
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([-1, 7, -1, 1]);
  expect(currentConnection()).toEqual({ state: state(1), link: 'up' });
});

it('stops asking once the session has ended', async () => {
  const watch = vi.fn<Watch>(() =>
    Promise.resolve({ ok: false, error: { code: 'session_ended', message: 'over' } }),
  );
  const { followAppState, currentConnection } = await openPage(watch);
  await followAppState(new AbortController().signal);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(watch).toHaveBeenCalledTimes(1);
  expect(currentConnection().link).toBe('ended');
});
