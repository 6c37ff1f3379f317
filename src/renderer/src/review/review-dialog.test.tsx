// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  jobOf,
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { previewOf as preview, resultOf as result } from '../../../../tests/support/review-fixture';
import type { ChangePreview, ChangeResult } from '../../../shared/contract/changes';
import { notify } from '../ui/notifications';
import { ReviewHost } from './review-host';
import { showReview } from './review-store';

const request = { targets: { filter: { filters: {} } }, changes: { maxBudget: null } };

const anaId = '00000000-0000-4000-8000-0000000000a1';

let page: RenderedPage;
/** Of this test: a page that knew a job by the same id would take it for over. */
let runName = '';
let tests = 0;
let runs = 0;
beforeEach(async () => {
  page = await openRenderedPage();
  runs = 0;
  runName = `test-${(tests += 1)}`;
  page.answer('changes', 'run', () => ({ jobId: `${runName}-${(runs += 1)}` }));
  await page.tell({ workspace: openWorkspaceOf() });
  page.show(<ReviewHost />);
});

const open = (title = 'Change ana', onDone?: () => void): void =>
  showReview({
    request: { area: 'users', procedure: 'previewUpdate', input: request },
    title,
    ...(onDone ? { onDone } : {}),
  });
const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>('button', { name });

/** The run that was started last ends. */
async function endRun(end: Partial<ChangeResult> = {}): Promise<void> {
  await waitFor(() => expect(page.asked('changes', 'run')).toHaveLength(runs));
  const job = {
    ...jobOf('changes.run', 'succeeded', `${runName}-${runs}`),
    workspaceId: 'workspace',
    result: result(end),
  };
  await page.tell({ jobs: [job] });
}

it('shows old and new, and does what it showed', async () => {
  page.answer('users', 'previewUpdate', () => preview());
  let done = 0;
  open('Change ana', () => (done += 1));
  expect(await screen.findByRole('row', { name: 'Max budget $100.00 Unlimited' })).toBeDefined();
  fireEvent.click(await button('Change 1 record'));
  await endRun();
  expect(page.asked('changes', 'run')).toEqual([{ plan: preview().plan, reason: null }]);
  expect(await screen.findByText('Changed ana.')).toBeDefined();
  expect(done).toBe(1);
});

const revokedAt = (after: string): ChangePreview =>
  preview({
    plan: anaId,
    records: [
      {
        ...{ id: 'ana-id', label: 'ana', way: 'update', parts: [] },
        fields: [{ field: 'revokedAt', before: null, after }],
      },
    ],
  });

it.each([
  ['the same, once', preview({ plan: anaId }), [{ plan: anaId, reason: null }]],
  ['what happens at that moment', revokedAt('2026-01-01T00:00:09.000000Z'), [{ plan: anaId, reason: null }]],
  ['nothing that has changed meanwhile', preview({ plan: anaId, toChange: 0, unchanged: 1 }), []],
])('confirms while it is read anew %s', async (what, next, runsAsked) => {
  let answer = (): void => undefined;
  let isFirst = true;
  page.answer('users', 'previewUpdate', async () => {
    if (isFirst) {
      isFirst = false;
      return what.includes('moment') ? revokedAt('2026-01-01T00:00:05.000000Z') : preview();
    }
    await new Promise<void>((resolve) => (answer = resolve));
    return next;
  });
  open();
  await button('Change 1 record');
  page.readAgain();
  await waitFor(() => expect(page.asked('users', 'previewUpdate')).toHaveLength(2));
  fireEvent.click(await button('Change 1 record'));
  expect(page.asked('changes', 'run')).toEqual([]);
  answer();
  if (runsAsked.length === 0) await screen.findByText(/changed while you confirmed it/);
  else await waitFor(() => expect(page.asked('changes', 'run')).toEqual(runsAsked));
  expect(page.asked('changes', 'run')).toEqual(runsAsked);
});

it('asks the same of a record as it is now, where there is nothing to choose', async () => {
  const [seen, now] = ['1', '2'].map((digit) => digit.repeat(32)) as [string, string];
  page.answer('users', 'previewUpdate', ({ targets }) =>
    'selected' in targets && targets.selected[0]?.version === seen
      ? preview({
          toChange: 0,
          conflictCount: 1,
          conflicts: [
            {
              ...{ id: anaId, label: 'ana', version: now, changedBy: 'admin', changedAt: null },
              ...{ expected: null, now: { isActive: true }, wanted: { isActive: false } },
            },
          ],
        })
      : preview(),
  );
  const input = { targets: { selected: [{ id: anaId, version: seen }] }, changes: { isActive: false } };
  showReview({ request: { area: 'users', procedure: 'previewUpdate', input }, title: 'Deactivate ana' });
  fireEvent.click(await button('Go on with what is there now'));
  fireEvent.click(await button('Change 1 record'));
  await endRun();
  expect(page.asked('users', 'previewUpdate').at(-1)).toEqual({
    ...input,
    targets: { selected: [{ id: anaId, version: now }] },
  });
});

it('asks for a reason where people notice', async () => {
  page.answer('users', 'previewUpdate', () =>
    preview({ grade: 'reaches_people', parts: [{ kind: 'api_key', way: 'update', count: 2 }] }),
  );
  open();
  expect(await screen.findByText('2 API keys change with it.')).toBeDefined();
  const confirm = await button('Change 1 record');
  expect(confirm.disabled).toBe(true);
  fireEvent.change(screen.getByRole('textbox', { name: 'Reason' }), { target: { value: '  ' } });
  expect(confirm.disabled).toBe(true);
  fireEvent.change(screen.getByRole('textbox', { name: 'Reason' }), { target: { value: 'left' } });
  fireEvent.click(confirm);
  await waitFor(() => expect(page.asked('changes', 'run')).toMatchObject([{ reason: 'left' }]));
});

it('deletes only for whoever gave a reason and typed the name, and shows what goes along', async () => {
  page.answer('users', 'previewDelete', () =>
    preview({
      action: 'USER_DELETE',
      grade: 'destroys',
      records: [
        {
          id: 'ana-id',
          label: 'ana',
          way: 'delete',
          fields: [
            { field: 'username', before: 'ana', after: null },
            { field: 'createdAt', before: '2026-07-29 11:37:49.493+00', after: null },
          ],
          parts: [],
        },
      ],
      cascade: [
        { table: 'public.usage_logs', fate: 'deleted', rows: 1_200 },
        { table: 'public.audit_logs', fate: 'blanked', rows: 2 },
      ],
    }),
  );
  const targets = { selected: [{ id: preview().plan, version: '0'.repeat(32) }] };
  showReview({
    request: { area: 'users', procedure: 'previewDelete', input: { targets } },
    title: 'Delete ana',
  });
  expect(
    await screen.findByRole('row', {
      name: 'public.usage_logs moved to the archive; charts keep it 1,200',
    }),
  ).toBeDefined();
  expect(screen.getByRole('row', { name: 'public.audit_logs loses the reference 2' })).toBeDefined();
  expect(screen.getByRole('row', { name: /^Created Jul (?:29|30), 2026,/ })).toBeDefined();
  // It is read from its beginning.
  expect(document.activeElement).not.toBe(screen.getByRole('textbox', { name: 'Reason' }));
  const confirm = await button('Delete 1 record');
  fireEvent.change(screen.getByRole('textbox', { name: 'Reason' }), { target: { value: 'left' } });
  expect(confirm.disabled).toBe(true);
  const typed = screen.getByRole('textbox', { name: 'Type ana to confirm' });
  fireEvent.change(typed, { target: { value: 'anna' } });
  expect(confirm.disabled).toBe(true);
  fireEvent.change(typed, { target: { value: 'ana' } });
  fireEvent.click(confirm);
  await waitFor(() => expect(page.asked('changes', 'run')).toMatchObject([{ reason: 'left' }]));
});

it('counts what does not change, names whom a finding is about, and says what LiteLLM does not know', async () => {
  page.answer('users', 'previewUpdate', () =>
    preview({
      total: 9,
      toChange: 2,
      unchanged: 3,
      refused: 1,
      gone: 1,
      conflictCount: 2,
      findings: [
        { severity: 'error', text: 'Not allowed.', count: 1, examples: [{ id: 'b', label: 'ben' }] },
      ],
      litellm: { waiting: 2, takesAway: 1 },
    }),
  );
  open();
  expect(
    await screen.findByText(
      '2 records change. 3 already are as wished. 1 may not be changed. 1 is not there any more. 2 were changed since and are left alone.',
    ),
  ).toBeDefined();
  expect(screen.getByText('Not allowed. (1 record: ben)')).toBeDefined();
  expect(screen.getByText(/2 objects wait to be told to LiteLLM.*still works in LiteLLM/)).toBeDefined();
});

it('offers nothing to confirm where nothing would change', async () => {
  page.answer('users', 'previewUpdate', () => preview({ toChange: 0, unchanged: 1, records: [] }));
  open();
  expect(await screen.findByText('Nothing would change.')).toBeDefined();
  expect(screen.queryByRole('button', { name: /^Change/ })).toBeNull();
});

it('stays with what was not changed, and tries the same plan again', async () => {
  page.answer('users', 'previewUpdate', () => preview({ total: 2, toChange: 2 }));
  open();
  fireEvent.click(await button('Change 2 records'));
  await endRun({
    problemCount: 1,
    problems: [{ id: 'b', label: 'ben', outcome: 'failed', text: 'The row is locked.' }],
  });
  expect(await screen.findByText(/^Failed \(1\)\. The row is locked\./)).toBeDefined();
  expect(screen.getByText('ben')).toBeDefined();
  fireEvent.click(await button('Try 1 again'));
  await waitFor(() => expect(page.asked('changes', 'run')).toHaveLength(2));
  const [first, second] = page.asked('changes', 'run');
  expect(second).toEqual(first);
});

it('says in the toast how much was left, shows it again from there, and tries that again', async () => {
  page.answer('users', 'previewUpdate', () => preview({ total: 5, toChange: 5, grade: 'reaches_people' }));
  let done = 0;
  open('Change five', () => (done += 1));
  fireEvent.change(await screen.findByRole('textbox', { name: 'Reason' }), { target: { value: 'left' } });
  fireEvent.click(await button('Change 5 records'));
  const problem = (label: string, outcome: 'failed' | 'gone', text: string) => ({
    id: label,
    label,
    outcome,
    text,
  });
  await endRun({
    done: 2,
    problemCount: 3,
    problems: [
      problem('ben', 'failed', 'The row is locked.'),
      problem('cy', 'gone', 'Somebody deleted it.'),
      problem('dan', 'failed', 'The row is locked.'),
    ],
  });
  expect(await screen.findByText('2 changed, 3 not changed.')).toBeDefined();
  // What was changed is: the panel behind has nothing left to change in them.
  expect(done).toBe(1);
  fireEvent.click(await button('Close'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  fireEvent.click(await button('Show'));
  const dialog = await screen.findByRole('dialog', { name: 'Change five' });
  expect(dialog.textContent).toMatch(
    /2 records were changed\..*Failed \(2\)\. The row is locked\.bendan.*Gone \(1\)/,
  );
  expect(page.asked('users', 'previewUpdate')).toHaveLength(1);
  fireEvent.click(await button('Try 2 again'));
  await waitFor(() => expect(page.asked('changes', 'run')).toHaveLength(2));
  const [first, second] = page.asked('changes', 'run');
  expect(second).toEqual(first);
  await endRun({ done: 4 });
  expect(await screen.findByText('Changed 4 records.')).toBeDefined();
  expect(done).toBe(1);
});

it('offers nothing to try again where somebody else was quicker', async () => {
  page.answer('users', 'previewUpdate', () => preview());
  open();
  fireEvent.click(await button('Change 1 record'));
  await endRun({
    done: 0,
    problemCount: 1,
    problems: [{ id: 'b', label: 'ben', outcome: 'changed_since', text: 'Somebody changed it.' }],
  });
  expect(await screen.findByText('0 changed, 1 not changed.')).toBeDefined();
  expect(screen.queryByRole('button', { name: /again/ })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
});

it('takes back exactly the batch of its own toast, at once where nothing speaks against it', async () => {
  page.answer('users', 'previewUpdate', () => preview());
  page.answer('changes', 'previewUndo', () => preview());
  open();
  fireEvent.click(await button('Change 1 record'));
  await endRun({ batchId: '00000000-0000-4000-8000-00000000000a' });
  fireEvent.click(await button('Undo'));
  await waitFor(() =>
    expect(page.asked('changes', 'previewUndo')).toMatchObject([
      { batchId: '00000000-0000-4000-8000-00000000000a' },
    ]),
  );
  await waitFor(() => expect(page.asked('changes', 'run')).toHaveLength(2));
  await endRun();
  expect(await screen.findByText('Undone: ana.')).toBeDefined();
});

it('shows an undo that somebody else’s change is in the way of, and starts nothing', async () => {
  page.answer('changes', 'previewUndo', () =>
    preview({
      action: 'USER_UPDATE_UNDO',
      toChange: 0,
      records: [],
      conflictCount: 1,
      conflicts: [
        {
          id: anaId,
          label: 'ana',
          now: { maxBudget: '75', rpmLimit: '90' },
          wanted: { maxBudget: '100', rpmLimit: '60' },
          expected: { maxBudget: '50', rpmLimit: '90' },
          version: '0'.repeat(32),
          changedBy: null,
          changedAt: null,
        },
      ],
    }),
  );
  showReview({
    request: {
      area: 'changes',
      procedure: 'previewUndo',
      input: { batchId: '00000000-0000-4000-8000-00000000000a' },
    },
    title: 'Undo a change',
    atOnce: true,
  });
  expect(
    await screen.findByRole('row', { name: 'Max budget Changed since $50.00 $75.00 $100.00' }),
  ).toBeDefined();
  expect(screen.getByRole('row', { name: 'Requests per minute 90 90 60' })).toBeDefined();
  expect(page.asked('changes', 'run')).toEqual([]);
  page.answer('users', 'previewEdits', () => preview());
  fireEvent.click(await button('Put back the field that nobody changed since…'));
  expect(await screen.findByRole('dialog', { name: 'Put back fields of ana' })).toBeDefined();
  expect(page.asked('users', 'previewEdits')).toEqual([
    { edits: [{ id: anaId, version: '0'.repeat(32), changes: { rpmLimit: '60' } }] },
  ]);
});

it('keeps two toasts apart: each takes back its own batch, also when both are clicked at once', async () => {
  const batches = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
  for (const [index, batchId] of batches.entries()) {
    page.answer('users', 'previewUpdate', () => ({
      ...preview(),
      plan: batchId,
      records: [
        { id: batchId, label: index === 0 ? 'ana' : 'ben', way: 'update' as const, fields: [], parts: [] },
      ],
    }));
    open();
    // What an earlier review saw is looked at anew before it may be confirmed.
    const confirm = await button('Change 1 record');
    await waitFor(() => expect(confirm.disabled).toBe(false));
    fireEvent.click(confirm);
    await waitFor(() => expect(page.asked('changes', 'run')).toHaveLength(index + 1));
    await endRun({ batchId });
    await screen.findByText(index === 0 ? 'Changed ana.' : 'Changed ben.');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  }
  page.answer('changes', 'previewUndo', ({ batchId }) => preview({ plan: batchId }));
  const [undoAna, undoBen] = screen.getAllByRole('button', { name: 'Undo' });
  if (undoAna === undefined || undoBen === undefined) throw new Error('There are not two toasts.');
  fireEvent.click(undoBen);
  fireEvent.click(undoAna);
  await waitFor(() => expect(page.asked('changes', 'run')).toHaveLength(4));
  const undone = page.asked('changes', 'run').slice(2);
  expect(undone.map(({ plan }) => plan)).toEqual([batches[1], batches[0]]);
});

it('offers Undo also where the review was closed while it ran', async () => {
  page.answer('users', 'previewUpdate', () => preview());
  let done = 0;
  open('Change ana', () => (done += 1));
  fireEvent.click(await button('Change 1 record'));
  await waitFor(() => expect(page.asked('changes', 'run')).toHaveLength(1));
  fireEvent.click(await button('Close'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await endRun();
  expect(await button('Undo')).toBeDefined();
  expect(done).toBe(1);
});

it('withdraws the offer to undo when its database is left', async () => {
  notify('success', 'Changed ana.', { label: 'Undo', run: () => undefined });
  expect(await button('Undo')).toBeDefined();
  cleanup();
  page.show(<p>Another database</p>);
  expect(await screen.findByText('Another database')).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
});

it('names who is over the new budget at once, and offers to count from now', async () => {
  const edits = [{ id: anaId, version: '1'.repeat(32), changes: { maxBudget: '600' } }];
  const person = { id: anaId, label: 'ana', spent: '500', budget: '100' };
  page.answer('users', 'previewUpdate', () => ({
    ...preview({ total: 40, toChange: 40 }),
    overBudget: {
      count: 7,
      people: [
        { ...person, period: null, resetsAt: null },
        { ...person, id: 'bea', label: 'bea', period: '365d', resetsAt: null },
        { ...person, id: 'cy', label: 'cy', period: '1mo', resetsAt: '2026-12-01T00:00:00.000000Z' },
      ],
      countFromNow: edits,
    },
  }));
  const taken: unknown[] = [];
  showReview({
    request: { area: 'users', procedure: 'previewUpdate', input: request },
    title: 'Change forty',
    onCountFromNow: (instead) => taken.push(instead),
  });
  expect(await screen.findByRole('heading', { name: 'Over the new budget at once (7)' })).toBeDefined();
  expect(screen.getByRole('row', { name: 'ana $500.00 $100.00 Never' })).toBeDefined();
  expect(screen.getByRole('row', { name: 'bea $500.00 $100.00 Every 365d' })).toBeDefined();
  expect(screen.getByRole('row', { name: /^cy .*2026/ })).toBeDefined();
  fireEvent.click(await button('Count from now: what is spent, plus the new budget'));
  expect(taken).toEqual([edits]);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});
