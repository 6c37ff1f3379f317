// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { NewKeyButton } from './new-key-button';
import { NewKeys } from './new-keys-panel';

const ana = { id: '00000000-0000-4000-8000-00000000000a', label: 'ana' };
const ben = { id: '00000000-0000-4000-8000-00000000000b', label: 'ben' };
const people = [
  { id: ana.id, username: 'ana', email: 'ana@example.test', alias: 'ana-key', obstacle: null },
  { id: ben.id, username: 'ben', email: null, alias: 'ben-key', obstacle: 'Its owner is switched off.' },
];

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const open = async (): Promise<RenderedPage> => {
  const page = await openRenderedPage();
  page.answer('users', 'options', () => ({ options: [ana, ben] }));
  page.answer('models', 'options', () => ({ options: [{ id: 'gpt', label: 'GPT' }] }));
  page.answer('teams', 'options', () => ({ options: [] }));
  page.answer('apiKeys', 'previewCreateMany', () => ({ people }));
  await page.tell({ workspace: openWorkspaceOf({ litellmLinked: true }) });
  return page;
};
const wish = {
  ...{ userIds: [ana.id, ben.id], pattern: '{username}-ci', models: 'all', teamId: null },
  ...{ maxBudget: null, budgetDuration: null, tpmLimit: null, rpmLimit: null },
  ...{ expiresAt: null, keepValue: false },
};
const describeKeys = async (): Promise<void> => {
  fireEvent.click(await screen.findByRole('radio', { name: /^All models/ }));
  const pattern = screen.getByRole('textbox', { name: 'Name and alias of each key' });
  fireEvent.change(pattern, { target: { value: '{username}-ci' } });
  await press('See who gets one');
};

it('shows who gets a key and who can’t, then asks for the file and closes', async () => {
  const page = await open();
  const [onDone, onClose] = [vi.fn(), vi.fn()];
  page.answer('apiKeys', 'createMany', () => ({ state: 'saved' as const, name: 'keys.csv' }));
  page.show(<NewKeys people={[ana, ben]} onClose={onClose} onDone={onDone} />);
  await describeKeys();
  expect((await screen.findByText('1 person gets a key.')).textContent).toBeTruthy();
  expect(screen.getByText('ana: ana-key')).toBeDefined();
  expect(screen.getByText('ben: Its owner is switched off.')).toBeDefined();
  expect(page.asked('apiKeys', 'previewCreateMany')).toEqual([wish]);
  expect(page.asked('apiKeys', 'createMany')).toEqual([]);
  await press('Choose the file and make 1 key');
  await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  expect(onClose).toHaveBeenCalledOnce();
  expect(page.asked('apiKeys', 'createMany')).toEqual([wish]);
});

it('stays open where no file was chosen, and where not all could be made', async () => {
  const page = await open();
  const onClose = vi.fn();
  page.answer('apiKeys', 'createMany', () => ({ state: 'cancelled' as const }));
  page.show(<NewKeys people={[ana, ben]} onClose={onClose} />);
  await describeKeys();
  await press('Choose the file and make 1 key');
  await waitFor(() => expect(page.asked('apiKeys', 'createMany')).toHaveLength(1));
  page.answer('apiKeys', 'createMany', () => {
    throw new Error('The disk is full.');
  });
  await press('Choose the file and make 1 key');
  expect(await screen.findByText('Not all keys could be made')).toBeDefined();
  expect(onClose).not.toHaveBeenCalled();
  await press('Change it');
  expect(
    (await screen.findByRole<HTMLInputElement>('textbox', { name: 'Name and alias of each key' })).value,
  ).toBe('{username}-ci');
});

it('asks for a pattern that tells people apart', async () => {
  const page = await open();
  page.show(<NewKeys people={[ana, ben]} onClose={vi.fn()} />);
  const pattern = await screen.findByRole('textbox', { name: 'Name and alias of each key' });
  fireEvent.change(pattern, { target: { value: 'ci' } });
  fireEvent.click(screen.getByRole('radio', { name: /^All models/ }));
  await press('See who gets one');
  await waitFor(() => expect(pattern.getAttribute('aria-invalid')).toBe('true'));
  expect(page.asked('apiKeys', 'previewCreateMany')).toEqual([]);
});

it('is reached from the panel of one key', async () => {
  const page = await open();
  page.show(<NewKeyButton />);
  await press('New key');
  await press('For several people…');
  expect(await screen.findByRole('dialog', { name: 'New keys for several people' })).toBeDefined();
});
