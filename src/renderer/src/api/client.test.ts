import { afterEach, expect, it, vi } from 'vitest';
import type { Answer } from '../../../shared/bridge';

afterEach(() => {
  vi.unstubAllGlobals();
});

async function openPage(list: (input: unknown, callId: string) => Promise<Answer<unknown>>) {
  vi.resetModules();
  const cancel = vi.fn<(callId: string) => void>();
  vi.stubGlobal('window', { litemaas: { workspace: { list }, host: { kind: 'desktop', cancel } } });
  const { connectBridge } = await import('./bridge');
  await connectBridge();
  const { call } = await import('./client');
  return { call, cancel };
}

it('throws what the console answered, with its code, hint and details', async () => {
  const { call } = await openPage(() =>
    Promise.resolve({
      ok: false,
      error: { code: 'db_timeout', message: 'Too slow.', hint: 'Narrow it.', details: { sqlState: '57014' } },
    }),
  );
  await expect(call('workspace', 'list', {})).rejects.toMatchObject({
    name: 'ApiError',
    code: 'db_timeout',
    message: 'Too slow.',
    hint: 'Narrow it.',
    details: { sqlState: '57014' },
  });
});

it('cancels the very call that was aborted', async () => {
  const ids: string[] = [];
  const { call, cancel } = await openPage((_input, callId) => {
    ids.push(callId);
    return new Promise(() => undefined);
  });
  const first = new AbortController();
  void call('workspace', 'list', {}, first.signal);
  void call('workspace', 'list', {}, new AbortController().signal);
  first.abort();
  expect(new Set(ids).size).toBe(2);
  expect(cancel.mock.calls).toEqual([[ids[0]]]);
});

it('asks nothing when it was aborted before', async () => {
  const list = vi.fn(() => Promise.resolve({ ok: true as const, value: null }));
  const { call } = await openPage(list);
  await expect(call('workspace', 'list', {}, AbortSignal.abort())).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(list).not.toHaveBeenCalled();
});
