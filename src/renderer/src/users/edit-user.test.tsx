// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { Link } from 'react-router';
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
  expect(document.activeElement).toBe(rpm());
  expect(page.asked('users', 'previewUpdate')).toEqual([]);
});

it('can be looked at, not used, in a read-only workspace', async () => {
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  page.show(<Page />);
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Edit' })).disabled).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Deactivate' }).disabled).toBe(true);
});

/** A review of what somebody else changed since, and of nothing else once it goes on from there. */
function answerConflict(now: Record<string, string | null>, wanted: Record<string, string>): void {
  page.answer('users', 'previewUpdate', ({ targets }): ChangePreview => {
    const isStale = 'selected' in targets && targets.selected[0]?.version !== versionOf(7);
    return {
      plan: '00000000-0000-4000-8000-000000000002',
      action: 'USER_UPDATE',
      grade: 'reversible',
      total: 1,
      toChange: isStale ? 0 : 1,
      unchanged: 0,
      refused: 0,
      gone: 0,
      conflictCount: isStale ? 1 : 0,
      conflicts: isStale
        ? [
            {
              id: record.id,
              label: 'ana',
              now,
              wanted,
              expected: null,
              version: versionOf(7),
              changedBy: null,
              changedAt: null,
            },
          ]
        : [],
      findings: [],
      records: [],
      cascade: [],
      parts: [],
      litellm: null,
      statements: [],
    };
  });
}

const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name });

it('takes what only somebody else changed without a question, no placeholder among it, and goes on', async () => {
  record = user({ email: null, oauthId: 'unknown:11111111-1111-4111-8111-111111111111' });
  answerConflict(
    { email: 'u1@unknown.invalid', oauthId: record.oauthId, maxBudget: '50', rpmLimit: '60' },
    { rpmLimit: '90' },
  );
  await edit();
  await screen.findByRole('button', { name: 'Nothing changed' });
  type(rpm(), '90');
  await press('1 change: review');
  expect(
    await screen.findByRole('row', { name: 'Max budget $100.00 $50.00 Stays as it is now' }),
  ).toBeDefined();
  expect(screen.queryByRole('row', { name: /E-mail|Id there/ })).toBeNull();
  expect(screen.queryAllByRole('radio')).toEqual([]);
  await press('Go on with what is there now');
  await waitFor(() =>
    expect(page.asked('users', 'previewUpdate')).toContainEqual({
      targets: { selected: [{ id: record.id, version: versionOf(7) }] },
      changes: { rpmLimit: '90' },
    }),
  );
  await press('Cancel');
  await waitFor(() => expect(screen.queryByRole('dialog', { name: /^Change / })).toBeNull());
  expect(field('Max budget').value).toBe('50');
  expect(field('E-mail').value).toBe('');
  expect(rpm().value).toBe('90');
});

it('asks field by field where both changed one, and keeps what was chosen', async () => {
  answerConflict(
    { fullName: null, maxBudget: '50', rpmLimit: '70', tpmLimit: null },
    { maxBudget: '200', rpmLimit: '90', tpmLimit: '5000' },
  );
  await edit();
  await screen.findByRole('button', { name: 'Nothing changed' });
  type(rpm(), '90');
  type(field('Max budget'), '200');
  fireEvent.click(screen.getByRole('switch', { name: 'Tokens per minute: unlimited' }));
  type(field('Tokens per minute'), '5000');
  await press('3 changes: review');
  const goOn = await screen.findByRole<HTMLButtonElement>('button', { name: 'Go on with what is there now' });
  expect(goOn.disabled).toBe(true);
  fireEvent.click(screen.getByRole('radio', { name: 'Max budget: leave theirs' }));
  expect(goOn.disabled).toBe(true);
  fireEvent.click(screen.getByRole('radio', { name: 'Requests per minute: keep mine' }));
  // Nobody else changed it.
  expect(screen.queryByRole('radio', { name: /^Tokens per minute/ })).toBeNull();
  fireEvent.click(goOn);
  await waitFor(() =>
    expect(page.asked('users', 'previewUpdate')).toContainEqual({
      targets: { selected: [{ id: record.id, version: versionOf(7) }] },
      changes: { rpmLimit: '90', tpmLimit: '5000' },
    }),
  );
});

it('is left with nothing to change where everything of the other is left', async () => {
  answerConflict({ rpmLimit: '70' }, { rpmLimit: '90' });
  await edit();
  await screen.findByRole('button', { name: 'Nothing changed' });
  type(rpm(), '90');
  await press('1 change: review');
  fireEvent.click(await screen.findByRole('radio', { name: 'Requests per minute: leave theirs' }));
  await press('Go on with what is there now');
  await waitFor(() => expect(screen.queryByRole('dialog', { name: /^Change / })).toBeNull());
  expect(rpm().value).toBe('70');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Nothing changed' }).disabled).toBe(true);
  expect(page.asked('users', 'previewUpdate')).toHaveLength(1);
});

it('shows one review for Ctrl+Enter', async () => {
  await edit();
  type(rpm(), '90');
  const isLeftToTheBrowser = fireEvent.keyDown(rpm(), { key: 'Enter', ctrlKey: true });
  expect(await screen.findByRole('dialog', { name: /^Change / })).toBeDefined();
  // The browser would send the form with the same keys, and ask for a second review.
  expect(isLeftToTheBrowser).toBe(false);
});

it('begins at the field that an address names, and once', async () => {
  await page.tell({ workspace: openWorkspaceOf() });
  page.show(
    <>
      <Link to="/?edit=email">Missing e-mail</Link>
      <Link to="/?edit=maxBudget">Over budget</Link>
      <Link to="/?edit=password">Nothing of a user</Link>
      <Page />
    </>,
  );
  const follow = (name: string): void => void fireEvent.click(screen.getByText(name));
  await screen.findByRole('button', { name: 'Edit' });
  follow('Missing e-mail');
  const email = await screen.findByRole('textbox', { name: 'E-mail' });
  await waitFor(() => expect(document.activeElement).toBe(email));
  await press('Cancel');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  follow('Over budget');
  await waitFor(() => expect(document.activeElement).toBe(field('Max budget')));
  await press('Cancel');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  follow('Nothing of a user');
  await expect(screen.findByRole('dialog', {}, { timeout: 300 })).rejects.toThrow();
});
