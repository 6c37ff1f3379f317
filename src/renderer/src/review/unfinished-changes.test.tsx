// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  jobOf,
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { UnfinishedChange } from '../../../shared/contract/changes';
import { UnfinishedHost } from './unfinished-host';

const batchId = '00000000-0000-4000-8000-0000000000b1';
const interrupted: UnfinishedChange = {
  batchId,
  kind: 'user',
  way: 'delete',
  records: [{ id: 'ana-id', label: 'ana' }],
  total: 1,
  through: 0,
  moved: 120_000,
  toMove: 1_000_000,
  reason: 'has left',
  actor: 'root@host',
  begunAt: '2026-11-30T10:00:00.000000Z',
  isRunning: false,
};

let page: RenderedPage;
/** Of this test: a page that knew a job by the same id would take it for over. */
let jobId = '';
let tests = 0;
beforeEach(async () => {
  page = await openRenderedPage();
  tests += 1;
  jobId = `finishing ${String(tests)}`;
  page.answer('changes', 'finish', () => ({ jobId }));
  await page.tell({ workspace: openWorkspaceOf({ access: 'administer' }) });
});

const button = (name: string): HTMLButtonElement => screen.getByRole('button', { name });

/** Asked for and not done until the word is typed. */
async function confirm(word: string, action: string): Promise<void> {
  fireEvent.click(screen.getByRole('button', { name: /^Go on: ana/ }));
  const field = await screen.findByRole('textbox');
  expect(button(action).disabled).toBe(true);
  expect(page.asked('changes', 'finish')).toEqual([]);
  fireEvent.change(field, { target: { value: word } });
  fireEvent.click(button(action));
}

it('says what was interrupted and how far it was, and puts it back', async () => {
  page.answer('changes', 'unfinished', () => ({ items: [interrupted] }));
  page.show(<UnfinishedHost />);
  await screen.findByText('Deletion of ana was interrupted: 120,000 of 1,000,000 requests moved');
  expect(screen.getByText(/Reason: has left/)).toBeTruthy();
  // The rest of a selection is nowhere.
  expect(screen.getByText(/Whoever else was selected with them was not begun/)).toBeTruthy();
  expect(screen.queryByText(/deleted before/)).toBeNull();
  expect(button('Go on: ana').disabled).toBe(false);
  fireEvent.click(button('Put back: ana'));
  await waitFor(() => expect(page.asked('changes', 'finish')).toEqual([{ batchId, how: 'put_back' }]));
  // One at a time.
  await waitFor(() => expect(button('Go on: ana').disabled).toBe(true));
  const result = { batchId, done: 0, unchanged: 1, problems: [], problemCount: 0, waiting: 0 };
  await page.tell({
    jobs: [{ ...jobOf('changes.finish', 'succeeded', jobId), result }],
  });
  await screen.findByText('Finished what was interrupted.');
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
});

it('offers to undo a deletion that was gone on with', async () => {
  page.answer('changes', 'unfinished', () => ({ items: [interrupted] }));
  page.show(<UnfinishedHost />);
  await screen.findByText(/Deletion of ana/);
  await confirm('ana', 'Delete ana');
  await waitFor(() => expect(page.asked('changes', 'finish')).toEqual([{ batchId, how: 'go_on' }]));
  const result = { batchId, done: 1, unchanged: 0, problems: [], problemCount: 0, waiting: 0 };
  await page.tell({
    jobs: [{ ...jobOf('changes.finish', 'succeeded', jobId), result }],
  });
  expect(await screen.findByRole('button', { name: 'Undo' })).toBeTruthy();
});

it('names everybody before it goes on deleting several', async () => {
  const records = ['ana', 'ben'].map((label) => ({ id: `${label}-id`, label }));
  page.answer('changes', 'unfinished', () => ({
    items: [{ ...interrupted, records, total: 3, through: 150 }],
  }));
  page.show(<UnfinishedHost />);
  await screen.findByRole('button', { name: 'Put back: ana and others, 3 in all' });
  expect(screen.getByText(/150 people were deleted before, by the same change\./)).toBeTruthy();
  await confirm('3', 'Delete 3 people');
  expect(screen.getAllByRole('listitem').map((each) => each.textContent)).toEqual([
    'ana',
    'ben',
    'and one more',
  ]);
  await waitFor(() => expect(page.asked('changes', 'finish')).toEqual([{ batchId, how: 'go_on' }]));
});

it('says of teams that their requests stay in the log', async () => {
  const team = { ...interrupted, kind: 'team' as const, through: 1 };
  page.answer('changes', 'unfinished', () => ({
    items: [
      team,
      { ...team, batchId: '00000000-0000-4000-8000-0000000000b2', way: 'restore' as const, total: 2 },
    ],
  }));
  page.show(<UnfinishedHost />);
  await screen.findByText(
    'Deletion of ana was interrupted: 120,000 of 1,000,000 requests taken out of the team',
  );
  expect(
    screen.getByText(
      'Bringing back 2 teams was interrupted: 120,000 of 1,000,000 requests belong to them again',
    ),
  ).toBeTruthy();
  expect(screen.getByText(/All requests stay in the log/)).toBeTruthy();
  expect(screen.getByText(/1 team was deleted before/)).toBeTruthy();
  fireEvent.click(button('Go on: ana'));
  await screen.findByText(/stay in the log, then this is deleted/);
  expect(document.body.textContent).not.toMatch(/people|person|archive|Whoever/);
});

it('only goes on with an undo, and with nothing while a console is at work or the workspace is read-only', async () => {
  page.answer('changes', 'unfinished', () => ({
    items: [
      { ...interrupted, way: 'restore' as const, total: 3, moved: 5, toMove: 20, reason: null },
      { ...interrupted, batchId: '00000000-0000-4000-8000-0000000000b2', isRunning: true },
    ],
  }));
  page.show(<UnfinishedHost />);
  await screen.findByText('Bringing back 3 people was interrupted: 5 of 20 requests are back');
  expect(screen.getByText('Deletion of ana is under way: 120,000 of 1,000,000 requests moved')).toBeTruthy();
  const disabled = (name: RegExp): boolean[] =>
    screen.getAllByRole<HTMLButtonElement>('button', { name }).map((each) => each.disabled);
  expect(disabled(/^Go on/)).toEqual([false, true]);
  expect(disabled(/^Put back/)).toEqual([true]);
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  await waitFor(() => expect(disabled(/^Go on/)).toEqual([true, true]));
});

it('follows what another console does, until it is through', async () => {
  let items: UnfinishedChange[] = [{ ...interrupted, isRunning: true }];
  page.answer('changes', 'unfinished', () => ({ items }));
  page.show(<UnfinishedHost />);
  await screen.findByText('Deletion of ana is under way: 120,000 of 1,000,000 requests moved');
  items = [{ ...interrupted, moved: 130_000, isRunning: true }];
  await screen.findByText(/130,000 of 1,000,000/, {}, { timeout: 10_000 });
  items = [];
  await waitFor(() => expect(screen.queryByText(/Deletion of ana/)).toBeNull(), { timeout: 10_000 });
  expect(page.asked('changes', 'finish')).toEqual([]);
}, 30_000);

it('shows what could not be counted as unknown, and a failure as one', async () => {
  let isFailing = true;
  page.answer('changes', 'unfinished', () => {
    if (isFailing) throw new Error('The server went away.');
    return { items: [{ ...interrupted, moved: null, toMove: null }] };
  });
  page.show(<UnfinishedHost />);
  await screen.findByText('Whether a deletion or its undo was interrupted is not known');
  isFailing = false;
  fireEvent.click(button('Try again'));
  await screen.findByText('Deletion of ana was interrupted: ? of ? requests moved');
});
