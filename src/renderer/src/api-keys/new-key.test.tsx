// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { NewKeyButton } from './new-key-button';

const ana = '00000000-0000-4000-8000-00000000000a';
const crew = '00000000-0000-4000-8000-00000000000c';
const value = `sk-${'x'.repeat(40)}`;

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('users', 'options', () => ({ options: [{ id: ana, label: 'ana' }] }));
  page.answer('models', 'options', () => ({ options: [{ id: 'gpt', label: 'GPT' }] }));
  page.answer('teams', 'list', () => ({ rows: [], total: 0, totalIsExact: true }));
});

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const type = (name: string, text: string) =>
  fireEvent.change(screen.getByRole('textbox', { name }), { target: { value: text } });
const choose = async (name: string, option: string): Promise<void> => {
  const field = screen.getByRole('combobox', { name });
  fireEvent.mouseDown(field);
  fireEvent.change(field, { target: { value: option } });
  fireEvent.click(await screen.findByRole('option', { name: option }));
};
const open = async (): Promise<void> => {
  await page.tell({ workspace: openWorkspaceOf({ litellmLinked: true }) });
  page.show(<NewKeyButton />);
  await press('New key');
  await screen.findByRole('dialog', { name: 'New key' });
};

it('makes a key with what was chosen, shows its value once, and drops it', async () => {
  page.answer('apiKeys', 'create', () => ({
    ...{ id: crew, value, baseUrl: 'http://127.0.0.1:4000', expiresAt: null },
  }));
  await open();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Choose whose key it is' }).disabled).toBe(
    true,
  );
  await choose('User', 'ana');
  type('Name', 'laptop');
  await press('Make the key');
  expect(await screen.findByText('Choose at least one model, or all models.')).toBeDefined();
  expect(page.asked('apiKeys', 'create')).toEqual([]);
  await choose('Models', 'GPT');
  await press('Make the key');
  expect((await screen.findByLabelText('Value of the key')).textContent).toBe(value);
  expect(page.asked('apiKeys', 'create')).toEqual([
    {
      ...{ userId: ana, name: 'laptop', alias: null, models: ['gpt'], teamId: null },
      ...{ maxBudget: null, budgetDuration: null, tpmLimit: null, rpmLimit: null },
      ...{ expiresAt: null, keepValue: false },
    },
  ]);
  const snippet = screen.getByRole('group', { name: 'A first request with curl' }).textContent;
  expect(snippet).toContain(`Bearer ${value}`);
  expect(snippet).toContain('"model":"gpt"');
  fireEvent.keyDown(screen.getByRole('dialog', { name: 'The new key' }), { key: 'Escape' });
  expect(screen.getByLabelText('Value of the key')).toBeDefined();
  await press('Done: drop the value');
  await waitFor(() => expect(screen.queryByText(value)).toBeNull());
});

it('says why no key was made, and keeps what was entered', async () => {
  page.answer('apiKeys', 'create', () => {
    throw new Error('The proxy does not answer.');
  });
  await open();
  await choose('User', 'ana');
  type('Name', 'laptop');
  fireEvent.click(screen.getByRole('radio', { name: /^All models/ }));
  await press('Make the key');
  expect(await screen.findByText('The key could not be made')).toBeDefined();
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('laptop');
  expect(screen.queryByRole('dialog', { name: 'The new key' })).toBeNull();
});

it.each([
  [{ litellmLinked: false }, /No LiteLLM proxy is linked/],
  [{ litellmLinked: true, access: 'read-only' as const }, /open read-only/],
])('can be looked at, not used, where none can be made (%j)', async (workspace, reason) => {
  await page.tell({ workspace: openWorkspaceOf(workspace) });
  page.show(<NewKeyButton />);
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'New key' });
  expect(button.disabled).toBe(true);
  expect(screen.getByLabelText(reason)).toBeDefined();
});
