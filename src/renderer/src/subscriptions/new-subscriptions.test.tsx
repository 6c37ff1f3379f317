// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { previewOf } from '../../../../tests/support/review-fixture';
import { versionOf } from '../../../../tests/support/team-fixture';
import { ReviewHost } from '../review/review-host';
import { NewSubscriptions } from './new-subscriptions';
import { NewSubscriptionsButton } from './new-subscriptions-button';

const ana = '00000000-0000-4000-8000-00000000000a';
const ben = '00000000-0000-4000-8000-00000000000b';
const held = '00000000-0000-4000-8000-00000000000c';

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('users', 'known', () => ({
    holders: [{ email: 'ana@example.org', id: ana, label: 'ana', isActive: true, version: versionOf(1) }],
    usernames: [],
  }));
  page.answer('models', 'options', () => ({ options: [{ id: 'org/gpt', label: 'GPT' }] }));
  await page.tell({ workspace: openWorkspaceOf() });
});

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const nothing = (): void => undefined;

it('subscribes those who were pasted to the models that were found, on the terms as they were set', async () => {
  page.show(
    <>
      <NewSubscriptionsButton />
      <ReviewHost />
    </>,
  );
  await press('New subscriptions…');
  const send = await screen.findByRole<HTMLButtonElement>('button', { name: 'Choose people and models' });
  expect(send.disabled).toBe(true);
  fireEvent.change(screen.getByRole('textbox', { name: 'Or paste e-mail addresses' }), {
    target: { value: 'ana@example.org' },
  });
  const models = screen.getByRole('combobox', { name: 'Models' });
  fireEvent.mouseDown(models);
  fireEvent.change(models, { target: { value: 'gp' } });
  fireEvent.click(await screen.findByRole('option', { name: 'GPT' }));
  fireEvent.click(screen.getByRole('radio', { name: 'Waits for approval' }));
  fireEvent.change(screen.getByRole('textbox', { name: 'Quota of requests' }), { target: { value: '0' } });
  fireEvent.change(screen.getByRole('textbox', { name: 'Max budget' }), { target: { value: 'much' } });
  await press('Review 1 subscription');
  expect(await screen.findByText('This is no valid value.')).toBeDefined();
  expect(page.asked('subscriptions', 'previewCreate')).toEqual([]);
  fireEvent.change(screen.getByRole('textbox', { name: 'Max budget' }), { target: { value: '7.5' } });
  await press('Review 1 subscription');
  await waitFor(() =>
    expect(page.asked('subscriptions', 'previewCreate')).toEqual([
      {
        ...{ userIds: [ana], modelIds: ['org/gpt'] },
        terms: {
          ...{
            status: 'pending',
            teamId: null,
            quotaRequests: '0',
            quotaTokens: '1000000',
            maxBudget: '7.5',
          },
          ...{ budgetDuration: 'monthly', tpmLimit: '1000', rpmLimit: '60', expiresAt: null },
        },
      },
    ]),
  );
});

it('sends no list of which only the beginning was read', async () => {
  const models = [{ id: 'org/gpt', label: 'GPT' }];
  page.show(<NewSubscriptions wish={{ users: [], models }} onClose={nothing} />);
  const pasted = await screen.findByRole('textbox', { name: 'Or paste e-mail addresses' });
  fireEvent.change(pasted, { target: { value: `ana@example.org${'\n'.repeat(300_000)}ben@example.org` } });
  expect(await screen.findByText(/^Only the first 1,000 people and lines are read/)).toBeDefined();
  const send = screen.getByRole<HTMLButtonElement>('button', { name: 'Choose people and models' });
  await waitFor(() => expect(page.asked('users', 'known')).not.toEqual([]));
  expect(await screen.findByText('1 person.')).toBeDefined();
  expect(send.disabled).toBe(true);
});

it('begins with who and what was chosen elsewhere, counts the pairs, and links those that are there already', async () => {
  page.answer('subscriptions', 'previewCreate', () =>
    previewOf({
      ...{ action: 'SUBSCRIPTION_CREATE', total: 3, toChange: 3 },
      records: [{ id: held.replace('c', 'd'), label: 'ben · GPT', way: 'create', fields: [], parts: [] }],
      findings: [
        {
          ...{ severity: 'info', text: 'Have one.', count: 1, area: 'subscriptions' },
          examples: [{ id: held, label: 'ana · GPT' }],
        },
      ],
    }),
  );
  page.show(
    <>
      <NewSubscriptions
        wish={{
          users: [
            { id: ana, label: 'ana' },
            { id: ben, label: 'ben' },
          ],
          models: [
            { id: 'gpt', label: 'GPT' },
            { id: 'mix', label: 'Mix' },
          ],
        }}
        onClose={nothing}
      />
      <ReviewHost />
    </>,
  );
  await press('Review 4 subscriptions');
  const link = await screen.findByRole('link', { name: 'ana · GPT' });
  expect(link.getAttribute('href')).toBe(`/subscriptions/${held}`);
  expect(screen.getByText('Have one. (1 record)')).toBeDefined();
  expect(await screen.findByRole('button', { name: 'Open 3 subscriptions' })).toBeDefined();
});

it('takes no more than a review does, and says so', async () => {
  const models = Array.from({ length: 21 }, (_, n) => ({ id: `m${n}`, label: `M${n}` }));
  page.show(<NewSubscriptions wish={{ users: [{ id: ana, label: 'ana' }], models }} onClose={nothing} />);
  expect(await screen.findByText(/^At most 500 people and 20 models are taken at a time/)).toBeDefined();
  const send = screen.getByRole<HTMLButtonElement>('button', { name: 'Choose people and models' });
  expect(send.disabled).toBe(true);
});

it('opens nothing in a read-only workspace', async () => {
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  page.show(<NewSubscriptionsButton />);
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'New subscriptions…' });
  expect(button.disabled).toBe(true);
});
