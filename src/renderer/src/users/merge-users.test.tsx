// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  jobOf,
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { ChangePreview } from '../../../shared/contract/changes';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { ReviewHost } from '../review/review-host';
import { MergeNotice } from './merge-notice';

type User = AnswerOf<Contract['users']['get']>;
type SameAddress = AnswerOf<Contract['users']['sameAddress']>;

const idOf = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
const versionOf = (number: number): string => String(number).padStart(32, '0');

const user = (changes: Partial<User> = {}): User => ({
  id: idOf(1),
  username: 'ana',
  email: 'ana@example.com',
  fullName: null,
  roles: ['user'],
  isActive: true,
  teams: [],
  teamCount: 0,
  subscriptionCount: 0,
  apiKeyCount: 0,
  maxBudget: null,
  tpmLimit: null,
  rpmLimit: null,
  syncStatus: null,
  lastLoginAt: null,
  createdAt: null,
  updatedAt: null,
  untold: 'none',
  untoldNews: [],
  version: versionOf(1),
  oauthProvider: 'test',
  oauthId: 'ana',
  sameEmail: [{ id: idOf(2), label: 'ana-2', email: 'Ana@Example.com', isActive: true }],
  createdTeams: [],
  createdTeamCount: 0,
  litellm: [],
  ...changes,
});
const candidate = (number: number, changes: Partial<SameAddress['users'][number]> = {}) => ({
  id: idOf(number),
  label: number === 1 ? 'ana' : `ana-${number}`,
  email: number === 1 ? 'ana@example.com' : 'Ana@Example.com',
  version: versionOf(number),
  isActive: true,
  lastLoginAt: null,
  requests: 0,
  ...changes,
});
const preview = (changes: Partial<ChangePreview> = {}): ChangePreview => ({
  plan: idOf(9),
  action: 'USER_MERGE',
  grade: 'reaches_people',
  total: 1,
  toChange: 1,
  unchanged: 0,
  refused: 0,
  gone: 0,
  conflictCount: 0,
  conflicts: [],
  findings: [
    {
      severity: 'warning',
      text: 'Both are members of Crew.',
      count: 1,
      examples: [{ id: idOf(1), label: 'ana' }],
    },
  ],
  records: [
    {
      id: idOf(1),
      label: 'ana',
      way: 'update',
      fields: [{ field: 'isActive', before: true, after: false }],
      parts: [],
    },
  ],
  parts: [
    { kind: 'subscription', way: 'create', count: 1 },
    { kind: 'subscription', way: 'update', count: 2 },
    { kind: 'api_key', way: 'update', count: 1 },
    { kind: 'team_member', way: 'update', count: 1 },
  ],
  cascade: [],
  litellm: { waiting: 3, takesAway: 1 },
  statements: [],
  ...changes,
});

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('users', 'sameAddress', () => ({
    users: [candidate(2, { lastLoginAt: '2026-11-03T10:00:00.000000Z', requests: 12 }), candidate(1)],
    because: 'sign_in' as const,
  }));
  page.answer('users', 'previewMerge', () => preview());
  page.answer('changes', 'run', () => ({ jobId: 'merge' }));
});

async function show(record = user(), access: 'administer' | 'read-only' = 'administer'): Promise<void> {
  await page.tell({ workspace: openWorkspaceOf({ access }) });
  page.show(
    <>
      <MergeNotice user={record} />
      <ReviewHost />
    </>,
  );
}
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const target = (number: number) => ({ id: idOf(number), version: versionOf(number) });

it('proposes who stays and says why, and merges the other after a review with a reason', async () => {
  await show();
  expect(screen.getByRole('alert').textContent).toMatch(
    /Another user has this address in other capitals:ana-2Ana@Example\.com/,
  );
  await press('Merge with ana-2…');
  const panel = within(await screen.findByRole('dialog', { name: 'Merge two users' }));
  const stays = await panel.findByRole<HTMLInputElement>('radio', {
    name: /^ana-2 · Ana@Example\.com ?Last sign-in: .*2026.*12 requests\.$/,
  });
  expect(stays.checked).toBe(true);
  expect(panel.getByText(/ana-2 signed in last/)).toBeDefined();
  await press('Review');
  await waitFor(() =>
    expect(page.asked('users', 'previewMerge')).toEqual([{ from: target(1), into: target(2) }]),
  );
  const review = within(await screen.findByRole('dialog', { name: 'Merge ana into ana-2' }));
  expect(await review.findByText('Both are members of Crew.')).toBeDefined();
  for (const text of [
    '1 subscription is opened with it.',
    '2 subscriptions change with it.',
    '1 API key changes with it.',
    '1 membership of a team changes with it.',
  ]) {
    expect(review.getByText(text)).toBeDefined();
  }
  expect(review.getByText(/still works in LiteLLM/)).toBeDefined();
  const confirm = await review.findByRole<HTMLButtonElement>('button', { name: 'Merge' });
  expect(confirm.disabled).toBe(true);
  fireEvent.change(review.getByRole('textbox', { name: 'Reason' }), { target: { value: 'one person' } });
  fireEvent.click(confirm);
  await waitFor(() =>
    expect(page.asked('changes', 'run')).toEqual([{ plan: idOf(9), reason: 'one person' }]),
  );
  const result = { batchId: idOf(9), done: 1, unchanged: 0, problems: [], problemCount: 0, waiting: 3 };
  await page.tell({
    jobs: [{ ...jobOf('changes.run', 'succeeded', 'merge'), workspaceId: 'workspace', result }],
  });
  expect(await screen.findByText('ana was merged.')).toBeDefined();
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

it('merges the other way round where the person says so, and takes over what somebody else changed', async () => {
  const now = { username: 'ana', isActive: true };
  let asked = 0;
  page.answer('users', 'previewMerge', () => {
    asked += 1;
    if (asked > 1) return preview();
    const conflict = { id: idOf(1), label: 'ana', now, wanted: {}, expected: null, version: versionOf(7) };
    return preview({
      toChange: 0,
      conflictCount: 1,
      conflicts: [{ ...conflict, changedBy: 'bea@host', changedAt: null }],
      records: [],
      findings: [],
    });
  });
  await show();
  await press('Merge with ana-2…');
  fireEvent.click(await screen.findByRole('radio', { name: /^ana · / }));
  await press('Review');
  await waitFor(() =>
    expect(page.asked('users', 'previewMerge')).toEqual([{ from: target(2), into: target(1) }]),
  );
  expect(await screen.findByText(/What was changed is not known here/)).toBeDefined();
  expect(screen.queryByRole('table')).toBeNull();
  await press('Go on with what is there now');
  await waitFor(() =>
    expect(page.asked('users', 'previewMerge').at(-1)).toEqual({
      from: target(2),
      into: { id: idOf(1), version: versionOf(7) },
    }),
  );
});

it('says when one of the two is gone', async () => {
  page.answer('users', 'sameAddress', () => ({ users: [candidate(2)], because: 'age' as const }));
  await show();
  await press('Merge with ana-2…');
  expect(await screen.findByText(/One of the two does not exist any more/)).toBeDefined();
  expect(screen.queryByRole('radio')).toBeNull();
});

it('offers nothing where either is switched off, and says why it cannot be done read-only', async () => {
  const [other] = user().sameEmail;
  await show(user({ isActive: false }));
  expect(screen.queryByRole('alert')).toBeNull();
  await show(user({ sameEmail: other === undefined ? [] : [{ ...other, isActive: false }] }));
  expect(screen.queryByRole('alert')).toBeNull();
  await show(user(), 'read-only');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Merge with ana-2…' }).disabled).toBe(true);
});
