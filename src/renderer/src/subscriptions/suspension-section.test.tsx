// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { previewOf } from '../../../../tests/support/review-fixture';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { SuspensionAnswer } from '../../../shared/contract/suspension';
import { ReviewHost } from '../review/review-host';
import { SuspensionSection } from './suspension-section';

const id = '00000000-0000-4000-8000-000000000001';
const at = '2026-10-01T00:00:00.000000Z';
const key = { id: '00000000-0000-4000-8000-000000000002', label: 'laptop' };
const request = { id: '00000000-0000-4000-8000-000000000003', at, key, tokens: '1200' };

const subscription: AnswerOf<Contract['subscriptions']['get']> = {
  ...{
    id,
    user: { id, label: 'ana' },
    model: { id: 'gpt', label: 'GPT' },
    team: null,
    version: '0'.repeat(32),
  },
  ...{ status: 'suspended', storedStatus: 'suspended', isDenied: false, waitsSince: null, obstacles: [] },
  ...{ quotaRequests: '1000', usedRequests: '1001', quotaTokens: null, usedTokens: '5', maxBudget: null },
  ...{ currentSpend: null, budgetDuration: null, expiresAt: null, syncStatus: null, createdAt: at },
  ...{
    tpmLimit: null,
    rpmLimit: null,
    resetAt: null,
    periodStartedAt: null,
    lastSyncAt: null,
    updatedAt: at,
    litellmKeyId: null,
  },
  ...{ litellmKeyAlias: null, events: [], untoldNews: [], untold: 'none' },
};

const usedUp: SuspensionAnswer = {
  ...{ cause: 'request_quota', since: at, actor: 'puller', reason: null, obstacles: [], hasMore: false },
  request: { at, found: request },
  exceeded: [{ quota: 'quotaRequests', limit: '1000', used: '1001', atLeast: '1002' }],
  remedies: [
    { kind: 'raise', changes: { status: 'active', quotaRequests: '2002' } },
    { kind: 'lift', changes: { status: 'active', quotaRequests: null } },
  ],
  timeline: [
    { kind: 'request', ...request },
    { kind: 'event', at, from: 'active', to: 'suspended', cause: 'quota', actor: 'puller', reason: null },
    {
      ...{
        kind: 'change',
        at,
        action: 'SUBSCRIPTION_UPDATE',
        actor: 'bea',
        reason: 'asked for',
        auditId: id,
      },
      fields: [{ field: 'quotaRequests', before: '10', after: '1000' }],
    },
  ],
};

let page: RenderedPage;
let answer: SuspensionAnswer;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('subscriptions', 'whySuspended', () => answer);
  page.answer('subscriptions', 'previewUpdate', () => previewOf());
  await page.tell({ workspace: openWorkspaceOf({ access: 'administer' }) });
});
const show = () =>
  page.show(
    <>
      <SuspensionSection subscription={subscription} />
      <ReviewHost />
    </>,
  );

it('names the request that went past the quota, and tells what happened as one', async () => {
  answer = usedUp;
  show();
  expect(await screen.findByText('A request went past the quota of requests.')).toBeDefined();
  expect(
    screen.getByText('1,001 of 1,000 requests are used: the quota has to be 1,002 at least.'),
  ).toBeDefined();
  expect(screen.getAllByText(/of 1,200 tokens/)).toHaveLength(2);
  expect(screen.getAllByRole('link', { name: 'laptop' })).toHaveLength(2);
  expect(screen.getAllByRole('listitem')).toHaveLength(3);
  expect(screen.getByText('asked for')).toBeDefined();
});

it('leads each action to the review of exactly what it says', async () => {
  answer = usedUp;
  show();
  expect(await screen.findByText('Requests count again. Up to 2,002 requests.')).toBeDefined();
  expect(screen.getByText('Requests count again. Any number of requests.')).toBeDefined();
  const other = screen.getByRole('link', { name: 'Choose another quota…' });
  expect(other.getAttribute('href')).toContain(`/subscriptions/${id}?edit=quotaRequests`);
  fireEvent.click(screen.getByRole('button', { name: 'Raise the quota…' }));
  await waitFor(() =>
    expect(page.asked('subscriptions', 'previewUpdate')).toMatchObject([
      {
        targets: { selected: [{ id, version: '0'.repeat(32) }] },
        changes: { status: 'active', quotaRequests: '2002' },
        onlyFrom: ['suspended'],
      },
    ]),
  );
});

it('says why nothing is offered beside another active one', async () => {
  answer = {
    ...usedUp,
    cause: null,
    remedies: [],
    exceeded: [],
    request: null,
    obstacles: ['already_active'],
  };
  show();
  expect(await screen.findByText('By what it was suspended was not recorded.')).toBeDefined();
  expect(screen.getByText(/^Nothing here restores it/)).toBeDefined();
  expect(screen.queryByRole('button', { name: /…$/ })).toBeNull();
});

it('offers nothing that can be pressed in a workspace that is read-only', async () => {
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  answer = usedUp;
  show();
  expect(await screen.findByRole('button', { name: 'Raise the quota…' })).toHaveProperty('disabled', true);
});

it('says that the person has to be activated first, where nothing gets through otherwise', async () => {
  answer = { ...usedUp, obstacles: ['user_inactive', 'left_team'] };
  page.show(<SuspensionSection subscription={subscription} />);
  const first = await screen.findByRole('link', { name: 'First activate ana' });
  expect(first.getAttribute('href')).toContain(`/users/${id}`);
  expect(
    screen.getByText(
      'Is active again; requests get through once the person is active. Any number of requests.',
    ),
  ).toBeDefined();
  expect(screen.queryByText(/Requests count again/)).toBeNull();
});
