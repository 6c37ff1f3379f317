// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { ChangePreview } from '../../../shared/contract/changes';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useProcedureQuery } from '../api/use-procedure';
import { ReviewHost } from '../review/review-host';
import { UserActions } from './user-actions';

type User = AnswerOf<Contract['users']['get']>;

const versionOf = (number: number): string => String(number).padStart(32, '0');
const user = (changes: Partial<User> = {}): User => ({
  id: '00000000-0000-4000-8000-000000000001',
  username: 'ana',
  email: 'ana@example.com',
  fullName: null,
  roles: ['user'],
  isActive: true,
  teams: [],
  teamCount: 0,
  subscriptionCount: 0,
  apiKeyCount: 0,
  maxBudget: '100',
  tpmLimit: null,
  rpmLimit: '60',
  syncStatus: null,
  lastLoginAt: null,
  createdAt: null,
  updatedAt: null,
  untold: 'none',
  untoldNews: [],
  version: versionOf(1),
  oauthProvider: 'test',
  oauthId: 'ana',
  sameEmail: [],
  createdTeams: [],
  createdTeamCount: 0,
  litellm: [],
  ...changes,
});

let page: RenderedPage;
let record: User;
beforeEach(async () => {
  page = await openRenderedPage();
  record = user();
  page.answer('users', 'get', () => record);
});

function Page() {
  const { data, refetch } = useProcedureQuery('users', 'get', { id: record.id });
  return data === undefined ? null : (
    <>
      <button onClick={() => void refetch()}>Read again</button>
      <UserActions user={data} />
      <ReviewHost />
    </>
  );
}

async function edit(): Promise<void> {
  await page.tell({ workspace: openWorkspaceOf() });
  page.show(<Page />);
  fireEvent.click(await screen.findByRole('button', { name: 'Edit' }));
}

const rpm = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Requests per minute' });
const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));

it('sends what was changed and nothing else, for the version that was seen', async () => {
  await edit();
  const nothing = await screen.findByRole<HTMLButtonElement>('button', { name: 'Nothing changed' });
  expect(nothing.disabled).toBe(true);
  type(rpm(), '90');
  fireEvent.click(screen.getByRole('switch', { name: 'Max budget: unlimited' }));
  await press('2 changes: review');
  await waitFor(() =>
    expect(page.asked('users', 'previewUpdate')).toEqual([
      {
        targets: { selected: [{ id: record.id, version: versionOf(1) }] },
        changes: { rpmLimit: '90', maxBudget: null },
      },
    ]),
  );
});

it('keeps basis and version when the record is read again under it', async () => {
  await edit();
  await screen.findByRole('button', { name: 'Nothing changed' });
  type(rpm(), '90');
  record = user({ maxBudget: '50', version: versionOf(2) });
  // Behind the panel it is for nobody but the test.
  fireEvent.click(screen.getByText('Read again'));
  await waitFor(() => expect(page.asked('users', 'get').length).toBeGreaterThan(1));
  await press('1 change: review');
  await waitFor(() =>
    expect(page.asked('users', 'previewUpdate')).toEqual([
      { targets: { selected: [{ id: record.id, version: versionOf(1) }] }, changes: { rpmLimit: '90' } },
    ]),
  );
});

it('puts a single field back, and an amount back that the switch was only tried on', async () => {
  await edit();
  await screen.findByRole('button', { name: 'Nothing changed' });
  const unlimited = screen.getByRole('switch', { name: 'Max budget: unlimited' });
  fireEvent.click(unlimited);
  fireEvent.click(unlimited);
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Max budget' }).value).toBe('100');
  type(rpm(), '90');
  await press('Reset Requests per minute');
  expect(rpm().value).toBe('60');
  expect(await screen.findByRole('button', { name: 'Nothing changed' })).toBeDefined();
});

it('shows an unknown sign-in as empty, and fills it in', async () => {
  record = user({ oauthId: 'unknown:11111111-1111-4111-8111-111111111111' });
  await edit();
  await screen.findByRole('button', { name: 'Nothing changed' });
  const id = screen.getByRole<HTMLInputElement>('textbox', { name: 'Id there' });
  expect(id.value).toBe('');
  expect(screen.getByText(/^Not known yet/)).toBeDefined();
  type(id, 'uid-ana');
  await press('1 change: review');
  await waitFor(() =>
    expect(page.asked('users', 'previewUpdate')).toMatchObject([{ changes: { oauthId: 'uid-ana' } }]),
  );
});

it('says at the field what is no value, and asks nothing', async () => {
  await edit();
  await screen.findByRole('button', { name: 'Nothing changed' });
  type(rpm(), '1e3');
  await press('1 change: review');
  expect(await screen.findByText('This is no valid value.')).toBeDefined();
  expect(page.asked('users', 'previewUpdate')).toEqual([]);
});

it('can be looked at, not used, in a read-only workspace', async () => {
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  page.show(<Page />);
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Edit' })).disabled).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Deactivate' }).disabled).toBe(true);
});

it('takes over what somebody else changed, and no placeholder of a missing address', async () => {
  record = user({ email: null });
  const version = versionOf(7);
  page.answer('users', 'previewUpdate', (): ChangePreview => ({
    plan: '00000000-0000-4000-8000-000000000002',
    action: 'USER_UPDATE',
    grade: 'reversible',
    total: 1,
    toChange: 0,
    unchanged: 0,
    refused: 0,
    gone: 0,
    conflictCount: 1,
    conflicts: [
      {
        id: record.id,
        label: 'ana',
        now: { email: 'u1@unknown.invalid', maxBudget: '50', rpmLimit: '60' },
        wanted: { rpmLimit: '90' },
        expected: null,
        version,
        changedBy: null,
        changedAt: null,
      },
    ],
    findings: [],
    records: [],
    cascade: [],
    parts: [],
    litellm: null,
    statements: [],
  }));
  await edit();
  await screen.findByRole('button', { name: 'Nothing changed' });
  type(rpm(), '90');
  await press('1 change: review');
  expect(await screen.findByRole('row', { name: 'Max budget $100.00 $50.00' })).toBeDefined();
  expect(screen.queryByRole('row', { name: /E-mail/ })).toBeNull();
  await press('Take over what is there and keep my changes');
  await waitFor(() => expect(screen.queryByRole('dialog', { name: /^Change / })).toBeNull());
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Max budget' }).value).toBe('50');
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'E-mail' }).value).toBe('');
  expect(rpm().value).toBe('90');
  await press('1 change: review');
  await waitFor(() =>
    expect(page.asked('users', 'previewUpdate')).toContainEqual({
      targets: { selected: [{ id: record.id, version }] },
      changes: { rpmLimit: '90' },
    }),
  );
});

it('shows one review for Ctrl+Enter', async () => {
  await edit();
  type(rpm(), '90');
  const isLeftToTheBrowser = fireEvent.keyDown(rpm(), { key: 'Enter', ctrlKey: true });
  expect(await screen.findByRole('dialog', { name: /^Change / })).toBeDefined();
  // The browser would send the form with the same keys, and ask for a second review.
  expect(isLeftToTheBrowser).toBe(false);
});
