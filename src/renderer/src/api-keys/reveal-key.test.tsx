// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { RevealKey } from './reveal-key';

const id = '00000000-0000-4000-8000-00000000000a';
const secret = `sk-${'x'.repeat(40)}`;
const apiKey = {
  ...{ id, name: 'laptop', alias: null, prefix: 'sk-...xxxx', allModelRefs: [{ id: 'gpt', label: 'GPT' }] },
} as unknown as Parameters<typeof RevealKey>[0]['apiKey'];

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
});

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const say = (reason: string) =>
  fireEvent.change(screen.getByRole('textbox', { name: 'Reason' }), { target: { value: reason } });

it('asks why, shows the value once, and drops it', async () => {
  page.answer('apiKeys', 'reveal', () => ({ secret, baseUrl: null }));
  await page.tell({ workspace: openWorkspaceOf({}) });
  page.show(<RevealKey apiKey={apiKey} />);
  await press('Show the value…');
  say('   ');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Show it' }).disabled).toBe(true);
  say('its owner lost it');
  await press('Show it');
  expect((await screen.findByLabelText('Value of the key')).textContent).toBe(secret);
  expect(page.asked('apiKeys', 'reveal')).toEqual([{ id, reason: 'its owner lost it' }]);
  // Without a proxy nobody knows where a first request would go.
  expect(screen.queryByRole('group', { name: 'A first request with curl' })).toBeNull();
  await press('Done: drop the value');
  await waitFor(() => expect(screen.queryByText(secret)).toBeNull());
});

it('says why no value was shown, and keeps the reason', async () => {
  page.answer('apiKeys', 'reveal', () => {
    throw new Error('The value of this key is not kept here.');
  });
  await page.tell({ workspace: openWorkspaceOf({}) });
  page.show(<RevealKey apiKey={apiKey} />);
  await press('Show the value…');
  say('its owner lost it');
  await press('Show it');
  expect(await screen.findByText('The value could not be shown')).toBeDefined();
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Reason' }).value).toBe('its owner lost it');
});

it('is disabled in a workspace that is open read-only, and says why', async () => {
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  page.show(<RevealKey apiKey={apiKey} />);
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'Show the value…' });
  expect(button.disabled).toBe(true);
  expect(screen.getByLabelText(/open read-only/)).toBeDefined();
});
