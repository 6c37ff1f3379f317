import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AppState } from '../../../shared/contract/app';
import { followChanges } from './follow-changes';

const console = vi.hoisted(() => ({ state: null as AppState | null, tell: (): void => undefined }));

vi.mock('./app-state', () => ({
  currentConnection: () => ({ state: console.state, link: 'up' }),
  onConnectionChange: (listener: () => void) => {
    console.tell = listener;
    return () => undefined;
  },
}));

const workspace = { id: 'one', schema: 'current' } as AppState['workspace'];

function change(dataRevision: number): void {
  console.state = { revision: dataRevision, workspace, dataRevision, jobs: [] };
  console.tell();
}

let queryClient: QueryClient;
let stop: () => void;
/** How often each was told to read again. */
let again: Map<string, number>;

beforeEach(() => {
  vi.useFakeTimers();
  change(0);
  queryClient = new QueryClient();
  again = new Map();
  for (const [area, procedure] of [
    ['users', 'list'],
    ['health', 'check'],
    ['workspace', 'discover'],
    ['settings', 'about'],
    ['app', 'info'],
  ] as const) {
    queryClient.setQueryData([area, procedure, {}], 'answer');
    again.set(`${area}.${procedure}`, 0);
  }
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'invalidate') return;
    const key = event.query.queryKey as readonly unknown[];
    const name = key.slice(0, 2).join('.');
    again.set(name, (again.get(name) ?? 0) + 1);
    // As a screen that shows it would.
    queryClient.setQueryData(key, 'answer');
  });
  stop = followChanges(queryClient);
});
afterEach(() => {
  stop();
  queryClient.clear();
  vi.useRealTimers();
});

it('reads again what a change may have touched, and nothing else', async () => {
  change(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(Object.fromEntries(again)).toEqual({
    'users.list': 1,
    'health.check': 1,
    'workspace.discover': 0,
    'settings.about': 0,
    'app.info': 0,
  });
});

it('reads again once a second while changes go on, what is costly less often, and loses no last change', async () => {
  for (let revision = 1; revision <= 45; revision += 1) {
    change(revision);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(again.get('users.list')).toBe(5);
  expect(again.get('health.check')).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(again.get('users.list')).toBe(6);
  expect(again.get('health.check')).toBe(2);
});
