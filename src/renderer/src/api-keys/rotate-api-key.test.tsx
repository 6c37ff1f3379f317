// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { RotateApiKey } from './rotate-api-key';

const id = '00000000-0000-4000-8000-00000000000a';
const version = '0'.repeat(32);
const value = `sk-${'x'.repeat(40)}`;
const made = {
  ...{ id, value, baseUrl: 'http://127.0.0.1:4000', expiresAt: null, isTold: true },
  oldEndsAt: '2026-12-07T00:00:00Z',
};
const apiKey = {
  ...{ id, version, name: 'laptop', alias: 'laptop-ana', prefix: 'sk-...xxxx', valueStored: false },
  ...{ maxBudget: '40', currentSpend: '38.5', expiresAt: null, allModelRefs: [{ id: 'gpt', label: 'GPT' }] },
} as unknown as Parameters<typeof RotateApiKey>[0]['apiKey'];

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  await page.tell({ workspace: openWorkspaceOf({ litellmLinked: true }) });
  page.show(<RotateApiKey apiKey={apiKey} open onClose={() => undefined} />);
});

const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));
const say = async (reason: string) =>
  fireEvent.change(await screen.findByRole('textbox', { name: 'Reason' }), { target: { value: reason } });

it('says what it does before it is done, then shows the value once and drops it', async () => {
  page.answer('apiKeys', 'rotate', () => made);
  expect(await screen.findByText(/together up to .*1\.50 more than one key could/)).toBeDefined();
  expect(screen.getByText(/gets the alias laptop-ana/)).toBeDefined();
  fireEvent.click(screen.getByRole('radio', { name: 'Not at all' }));
  expect(screen.queryByText(/together up to/)).toBeNull();
  expect(screen.getByText(/ends at once/)).toBeDefined();
  fireEvent.click(screen.getByRole('radio', { name: 'Seven days' }));
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Say why' }).disabled).toBe(true);
  await say('yearly');
  await press('Rotate the key');
  expect((await screen.findByLabelText('Value of the key')).textContent).toBe(value);
  expect(page.asked('apiKeys', 'rotate')).toEqual([
    { id, version, overlap: '7d', keepValue: false, reason: 'yearly' },
  ]);
  expect(screen.queryByText(/was not told yet/)).toBeNull();
  await press('Done: drop the value');
  await waitFor(() => expect(screen.queryByText(value)).toBeNull());
});

it('says that the old key goes on working where LiteLLM was not told', async () => {
  page.answer('apiKeys', 'rotate', () => ({ ...made, isTold: false }));
  await say('yearly');
  await press('Rotate the key');
  expect(await screen.findByText(/was not told yet of the old key’s end/)).toBeDefined();
});

it('says why a key was not rotated, and keeps what was entered', async () => {
  page.answer('apiKeys', 'rotate', () => {
    throw new Error('The proxy does not answer.');
  });
  await say('yearly');
  await press('Rotate the key');
  expect(await screen.findByText('The key was not rotated: the old one is as it was')).toBeDefined();
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Reason' }).value).toBe('yearly');
});
