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
import type { UserRow } from '../../../shared/contract/users';
import { isOffered, runPageAction } from '../ui/page-actions';
import { ReviewHost } from '../review/review-host';
import { UsersScreen } from './users-screen';

const versionOf = (number: number): string => String(number).padStart(32, '0');
const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const user = (number: number, changes: Partial<UserRow> = {}): UserRow => ({
  id: idOf(number),
  username: `user ${number}`,
  email: `user${number}@example.com`,
  fullName: null,
  roles: ['user'],
  isActive: true,
  teams: [],
  teamCount: 0,
  subscriptionCount: 0,
  apiKeyCount: 0,
  maxBudget: '100',
  tpmLimit: null,
  rpmLimit: number === 1 ? '60' : '90',
  syncStatus: null,
  lastLoginAt: null,
  createdAt: null,
  untold: 'none',
  version: versionOf(number),
  ...changes,
});
const preview: ChangePreview = {
  plan: '00000000-0000-4000-8000-00000000000a',
  action: 'USER_UPDATE',
  grade: 'reversible',
  total: 2,
  toChange: 2,
  unchanged: 0,
  refused: 0,
  gone: 0,
  conflictCount: 0,
  conflicts: [],
  findings: [],
  records: [],
  parts: [],
  cascade: [],
  litellm: null,
  statements: [],
};

let page: RenderedPage;
/** Whom the database has, as far as the test looks: two of each page of the list. */
let people: UserRow[];
beforeEach(async () => {
  page = await openRenderedPage();
  people = [user(1), user(2), user(3), user(4), user(5)];
  page.answer('users', 'list', ({ page: place = 0, search }) => {
    const found = people.filter(({ username }) => username.includes(search ?? ''));
    return {
      rows: found.slice(place * 2, place * 2 + 2),
      total: search === undefined || search === '' ? 30 : found.length,
      totalIsExact: true,
    };
  });
  page.answer('teams', 'options', () => ({ options: [], isComplete: true }) as never);
  page.answer('users', 'previewUpdate', () => preview);
});

async function openList(access: 'administer' | 'read-only' = 'administer'): Promise<void> {
  await page.tell({ workspace: openWorkspaceOf({ access }) });
  page.show(
    <>
      <UsersScreen />
      <ReviewHost />
    </>,
  );
  await screen.findByText('user 1');
}

const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });
const select = (name: string) => fireEvent.click(box(name));
const bar = () => screen.findByRole('group', { name: 'What is selected' });
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const cellOf = (name: string): HTMLElement => {
  const cell = screen.getByText(name).closest<HTMLElement>('[role=gridcell]');
  if (cell === null) throw new Error(`There is no cell ${name}.`);
  return cell;
};
async function turnPage(to: 'next' | 'previous', shows: string): Promise<void> {
  await press(`Go to ${to} page`);
  await screen.findByText(shows);
}
const choose = async (field: string, option: string): Promise<void> => {
  fireEvent.mouseDown(await screen.findByRole('combobox', { name: field }));
  fireEvent.click(await screen.findByRole('option', { name: option }));
};
const asked = () => page.asked('users', 'previewUpdate');

it('keeps what is selected over pages, says how much, and sends each row with the version that was seen', async () => {
  await openList();
  select('Select user 1');
  await turnPage('next', 'user 3');
  select('Select user 4');
  expect(within(await bar()).getByText('2 selected')).toBeDefined();
  await turnPage('previous', 'user 1');
  expect(box('Select user 1').checked).toBe(true);
  expect(box('Select user 2').checked).toBe(false);
  await press('Edit…');
  await choose('Max budget', 'Unlimited');
  await press('1 change: review');
  await waitFor(() =>
    expect(asked()).toEqual([
      {
        targets: {
          selected: [
            { id: idOf(1), version: versionOf(1) },
            { id: idOf(4), version: versionOf(4) },
          ],
        },
        changes: { maxBudget: null },
      },
    ]),
  );
});

it('selects the page by the box above it, and all that match by the bar', async () => {
  await openList();
  select('Select all rows of this page');
  expect(within(await bar()).getByText('2 selected')).toBeDefined();
  await press('Select all 30 that match');
  expect(within(await bar()).getByText('All 30 that match are selected')).toBeDefined();
  await turnPage('next', 'user 3');
  expect(box('Select user 3').checked).toBe(true);
  await press('Deactivate');
  await waitFor(() => expect(asked()).toHaveLength(1));
  expect(asked()).toMatchObject([
    { targets: { filter: { search: '', filters: {} } }, changes: { isActive: false } },
  ]);
  expect(await screen.findByText(/^The filter finds 2 records now\./)).toBeDefined();
});

it('means what can be seen once a row is taken out of all that match', async () => {
  await openList();
  select('Select user 1');
  await press('Select all 30 that match');
  select('Select user 1');
  expect(within(await bar()).getByText('1 selected')).toBeDefined();
  expect(box('Select user 2').checked).toBe(true);
});

it('forgets what is selected when the search or the workspace changes', async () => {
  await openList();
  select('Select user 1');
  await bar();
  await press('Clear selection');
  expect(screen.queryByRole('group', { name: 'What is selected' })).toBeNull();
  select('Select user 2');
  await bar();
  // The filters keep their room under the bar.
  fireEvent.change(screen.getByPlaceholderText(/^Search/), {
    target: { value: 'user 2' },
  });
  await waitFor(() => expect(screen.queryByText('user 1')).toBeNull());
  expect(screen.queryByRole('group', { name: 'What is selected' })).toBeNull();
  expect(box('Select user 2').checked).toBe(false);
  select('Select user 2');
  await bar();
  await page.tell({ workspace: openWorkspaceOf({ id: 'another' }) });
  expect(screen.queryByRole('group', { name: 'What is selected' })).toBeNull();
});

it('takes the rows as they are shown, and keeps those that a panel was opened with', async () => {
  await openList();
  select('Select user 1');
  people = [user(1, { version: versionOf(11), maxBudget: '50' }), ...people.slice(1)];
  await turnPage('next', 'user 3');
  await turnPage('previous', 'user 1');
  fireEvent.click(screen.getByLabelText('Read again', { selector: 'button' }));
  await screen.findByText('$50.00');
  await press('Edit…');
  const panel = await screen.findByRole('dialog', { name: 'Edit user 1' });
  expect(panel.textContent).toMatch(/Max budget.*Now, for all of them: \$50\.00/);
  people = [user(1, { version: versionOf(12), maxBudget: '40' }), ...people.slice(1)];
  fireEvent.click(screen.getByLabelText('Read again', { selector: 'button' }));
  await screen.findByText('$40.00');
  await choose('Max budget', 'Unlimited');
  await press('1 change: review');
  await waitFor(() =>
    expect(asked()).toMatchObject([{ targets: { selected: [{ id: idOf(1), version: versionOf(11) }] } }]),
  );
});

it('tells leaving, setting and clearing apart, shows what differs, and zero is no "unlimited"', async () => {
  await openList();
  select('Select user 1');
  select('Select user 2');
  await press('Edit…');
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Nothing chosen' })).disabled).toBe(
    true,
  );
  expect(screen.getByText('Now: different values')).toBeDefined();
  await choose('Requests per minute', 'Set to…');
  await press('1 change: review');
  expect(await screen.findByText('This is no valid value.')).toBeDefined();
  expect(asked()).toEqual([]);
  fireEvent.change(screen.getByRole('textbox', { name: 'New value: Requests per minute' }), {
    target: { value: '0' },
  });
  await choose('State', 'Inactive');
  await choose('Tokens per minute', 'Unlimited');
  await press('Reset Tokens per minute');
  await press('2 changes: review');
  await waitFor(() => expect(asked()).toMatchObject([{ changes: { rpmLimit: '0', isActive: false } }]));
  expect(Object.keys(asked()[0]?.changes ?? {}).sort()).toEqual(['isActive', 'rpmLimit']);
});

it('decides for each of them what somebody else changed, and looks again', async () => {
  const conflict = (number: number) => ({
    id: idOf(number),
    label: `user ${number}`,
    now: { maxBudget: '75' },
    wanted: { maxBudget: null },
    expected: null,
    version: versionOf(number + 100),
    changedBy: null,
    changedAt: null,
  });
  page.answer('users', 'previewUpdate', ({ targets }) =>
    'selected' in targets && targets.selected.some(({ version }) => version === versionOf(1))
      ? { ...preview, toChange: 0, conflictCount: 2, conflicts: [conflict(1), conflict(2)] }
      : preview,
  );
  await openList();
  select('Select all rows of this page');
  await press('Edit…');
  await choose('Max budget', 'Unlimited');
  await press('1 change: review');
  expect(await screen.findAllByText('$75.00')).toHaveLength(2);
  page.answer('users', 'previewEdits', () => ({ ...preview, total: 1, toChange: 1 }));
  await press('Keep mine everywhere');
  const [first] = screen.getAllByRole('radio', { name: 'Max budget: leave theirs' });
  if (first !== undefined) fireEvent.click(first);
  await press('Go on with what is there now in all 2');
  expect(await screen.findByRole('button', { name: 'Change 1 record' })).toBeDefined();
  expect(page.asked('users', 'previewEdits')).toEqual([
    { edits: [{ id: idOf(2), version: versionOf(102), changes: { maxBudget: null } }] },
  ]);
});

it('ends the selection and closes the panel once they are changed', async () => {
  page.answer('changes', 'run', () => ({ jobId: 'bulk' }));
  await openList();
  select('Select all rows of this page');
  await press('Edit…');
  await choose('Max budget', 'Unlimited');
  await press('1 change: review');
  await press('Change 2 records');
  await waitFor(() => expect(page.asked('changes', 'run')).toHaveLength(1));
  const result = { batchId: preview.plan, done: 2, unchanged: 0, problems: [], problemCount: 0, waiting: 0 };
  await page.tell({
    jobs: [{ ...jobOf('changes.run', 'succeeded', 'bulk'), workspaceId: 'workspace', result }],
  });
  expect(await screen.findByText('Changed 2 records.')).toBeDefined();
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.queryByRole('group', { name: 'What is selected' })).toBeNull();
});

it('keeps the buttons in a read-only workspace, disabled, beside the way to change it', async () => {
  await openList('read-only');
  select('Select user 1');
  const buttons = within(await bar());
  for (const name of ['Edit…', 'Deactivate', 'Reactivate']) {
    expect(buttons.getByRole<HTMLButtonElement>('button', { name }).disabled).toBe(true);
  }
  expect(buttons.getByRole<HTMLButtonElement>('button', { name: 'Open as administrator…' }).disabled).toBe(
    false,
  );
  expect(isOffered('editSelected')).toBe(false);
  fireEvent.contextMenu(cellOf('user 1'));
  expect(await screen.findByText(/^This workspace is open read-only\./)).toBeDefined();
  const edit = screen.getByRole('menuitem', { name: 'Edit…' });
  expect(edit.getAttribute('aria-disabled')).toBe('true');
});

it('selects by the space bar, leaves by Escape, and opens the menu of a row by keyboard', async () => {
  await openList();
  const cell = cellOf('user2@example.com');
  cell.focus();
  fireEvent.keyDown(cell, { key: ' ' });
  expect(within(await bar()).getByText('1 selected')).toBeDefined();
  expect(box('Select user 2').checked).toBe(true);
  fireEvent.keyDown(cell, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('group', { name: 'What is selected' })).toBeNull());
  fireEvent.keyDown(cell, { key: 'F10', shiftKey: true });
  expect(await screen.findByRole('menu', { name: 'Actions for user 2' })).toBeDefined();
  fireEvent.click(screen.getByRole('menuitem', { name: 'Deactivate…' }));
  await waitFor(() =>
    expect(asked()).toEqual([
      { targets: { selected: [{ id: idOf(2), version: versionOf(2) }] }, changes: { isActive: false } },
    ]),
  );
  expect(await screen.findByRole('dialog', { name: 'Deactivate user 2' })).toBeDefined();
});

it('reads a user anew before it is edited from the menu, which its button opens too', async () => {
  page.answer('users', 'get', ({ id }) => ({
    ...user(1, { id, maxBudget: '33' }),
    updatedAt: null,
    untoldNews: [],
    oauthProvider: 'test',
    oauthId: 'one',
    sameEmail: [],
    createdTeams: [],
    createdTeamCount: 0,
    litellm: [],
  }));
  await openList();
  await press('Actions for user 1');
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Edit…' }));
  expect(await screen.findByRole('dialog', { name: 'Edit user 1' })).toBeDefined();
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Max budget' }).value).toBe('33');
});

it('offers the palette what can be done with those that are selected', async () => {
  await openList();
  expect(isOffered('editSelected')).toBe(false);
  select('Select user 1');
  await bar();
  expect(isOffered('deactivateSelected')).toBe(true);
  runPageAction('editSelected');
  expect(await screen.findByRole('dialog', { name: 'Edit user 1' })).toBeDefined();
});
