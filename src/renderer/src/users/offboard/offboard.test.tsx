// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { useState, type ReactElement } from 'react';
import { Route, Routes } from 'react-router';
import { beforeEach, expect, it, vi } from 'vitest';
import {
  jobOf,
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../../tests/support/rendered-page';
import type { ChangePreview } from '../../../../shared/contract/changes';
import type { AnswerOf, Contract } from '../../../../shared/contract/index';
import type { Reference } from '../../../../shared/contract/values';
import { ReviewHost } from '../../review/review-host';
import { OffboardReportScreen } from './offboard-report-screen';
import { OffboardUsers } from './offboard-users';

type Report = AnswerOf<Contract['users']['offboardReport']>;

const idOf = (number: number): string => `00000000-0000-4000-8000-00000000000${String(number)}`;
const version = '1'.repeat(32);
const ana = { id: idOf(1), label: 'ana' };
const ben = { id: idOf(2), label: 'ben' };
const crew = { id: idOf(3), label: 'Crew', admins: 'ana' };
const band = { id: idOf(4), label: 'Band', admins: 'ana' };

const preview: ChangePreview = {
  plan: idOf(9),
  action: 'USER_OFFBOARD',
  grade: 'reaches_people',
  total: 1,
  toChange: 1,
  unchanged: 0,
  refused: 0,
  gone: 0,
  conflictCount: 0,
  conflicts: [],
  findings: [],
  records: [
    {
      ...ana,
      way: 'update',
      fields: [{ field: 'isActive', before: true, after: false }],
      parts: [],
    },
  ],
  parts: [
    { kind: 'api_key', way: 'update', count: 2 },
    { kind: 'team_member', way: 'delete', count: 1 },
  ],
  cascade: [],
  litellm: { waiting: 4, takesAway: 3 },
  statements: [],
};

const report = (changes: Partial<Report['people'][number]> = {}): Report => ({
  at: '2026-11-30T10:00:00.000000Z',
  actor: 'bea@host',
  reason: 'has left',
  proxy: 'https://litellm.test',
  people: [
    {
      ...{ id: ana.id, username: 'ana', email: 'ana@example.com', fullName: 'Ana Example' },
      ...{ isDeleted: false, isUndone: false, told: 'waits' },
      keyCount: 502,
      keys: [
        { id: idOf(5), label: 'laptop', prefix: 'sk-...abcd', team: 'Crew', told: 'refused' },
        { id: idOf(6), label: 'batch', prefix: 'sk-...efgh', team: null, told: 'told' },
      ],
      subscriptionCount: 1,
      subscriptions: [{ id: idOf(7), model: 'GPT', before: 'suspended' }],
      teamCount: 2,
      teams: [
        { id: crew.id, label: 'Crew', role: 'admin', to: 'ben', isWithoutAdmin: false, told: 'waits' },
        { id: band.id, label: 'Band', role: 'admin', to: null, isWithoutAdmin: true, told: 'waits' },
      ],
      ...changes,
    },
  ],
});

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('users', 'leaving', () => ({
    people: [{ ...ana, version }],
    keys: 2,
    subscriptions: 1,
    memberships: 3,
    teams: [crew, band],
    teamCount: 2,
  }));
  page.answer('users', 'options', () => ({ options: [ana, ben] }));
  page.answer('users', 'previewOffboard', () => preview);
  page.answer('changes', 'run', () => ({ jobId: 'offboard' }));
  page.answer('users', 'offboardReport', () => report());
  await page.tell({ workspace: openWorkspaceOf({ access: 'administer' }) });
});

function Screens({ onDone }: { readonly onDone?: () => void }): ReactElement {
  const [people, setPeople] = useState<readonly Reference[] | null>([ana]);
  return (
    <>
      <Routes>
        <Route path="users/offboarded/:batchId" element={<OffboardReportScreen />} />
        <Route
          path="*"
          element={<OffboardUsers people={people} onClose={() => setPeople(null)} onDone={onDone} />}
        />
      </Routes>
      <ReviewHost />
    </>
  );
}
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));

async function choose(label: string): Promise<void> {
  const field = await screen.findByRole('combobox', { name: label });
  fireEvent.mouseDown(field);
  fireEvent.click(await screen.findByRole('option', { name: 'ben' }));
}

it('asks who takes over each team, reviews it with a reason, and shows the report that can be printed', async () => {
  const onDone = vi.fn();
  const print = vi.fn();
  vi.stubGlobal('print', print);
  page.show(<Screens onDone={onDone} />);
  const panel = within(await screen.findByRole('dialog', { name: 'Offboard ana' }));
  expect(
    await panel.findByText('2 API keys are blocked: here, and in LiteLLM where one is linked.'),
  ).toBeDefined();
  expect(panel.getByText('3 memberships of teams end.')).toBeDefined();
  expect(panel.getByRole<HTMLButtonElement>('button', { name: '2 teams to decide on' }).disabled).toBe(true);
  await choose('New admin of Crew');
  expect(
    (await panel.findByRole<HTMLButtonElement>('button', { name: '1 team to decide on' })).disabled,
  ).toBe(true);
  fireEvent.click(panel.getByRole('checkbox', { name: 'Band goes on without an admin' }));
  await press('Review');
  await waitFor(() =>
    expect(page.asked('users', 'previewOffboard')).toEqual([
      {
        targets: { selected: [{ id: ana.id, version }] },
        handedOn: [
          { teamId: crew.id, to: ben.id },
          { teamId: band.id, to: null },
        ],
      },
    ]),
  );
  const review = within(
    (await screen.findByRole('button', { name: 'Offboard' })).closest<HTMLElement>('[role="dialog"]') ??
      document.body,
  );
  fireEvent.change(review.getByRole('textbox', { name: 'Reason' }), { target: { value: 'has left' } });
  fireEvent.click(review.getByRole('button', { name: 'Offboard' }));
  await waitFor(() => expect(page.asked('changes', 'run')).toEqual([{ plan: idOf(9), reason: 'has left' }]));
  const result = { batchId: idOf(9), done: 1, unchanged: 0, problems: [], problemCount: 0, waiting: 4 };
  await page.tell({
    jobs: [{ ...jobOf('changes.run', 'succeeded', 'offboard'), workspaceId: 'workspace', result }],
  });
  expect(await screen.findByText('ana was offboarded.')).toBeDefined();
  expect(onDone).toHaveBeenCalledOnce();
  expect(await screen.findByRole('heading', { name: 'Offboarding of ana' })).toBeDefined();
  expect(page.asked('users', 'offboardReport')).toContainEqual({ batchId: idOf(9) });
  await press('Print report…');
  expect(print).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});

it('takes one person for all teams', async () => {
  page.show(<Screens />);
  await choose('New admin of all of them');
  await press('Review');
  await waitFor(() =>
    expect(page.asked('users', 'previewOffboard')).toMatchObject([
      { handedOn: [{ to: ben.id }, { to: ben.id }] },
    ]),
  );
});

it('says in the report what LiteLLM has not heard of, what was taken back, and on paper where it is from', async () => {
  window.history.replaceState(null, '', '/');
  page.show(<OffboardReportScreen />);
  expect(
    await screen.findByText(/^1 key still works in LiteLLM: it was not told yet, or refused/),
  ).toBeDefined();
  const keys = within(screen.getByRole('table', { name: 'API keys that were blocked' }));
  expect(keys.getAllByRole('row').map(({ textContent }) => textContent)).toEqual([
    'KeyValueTeamLiteLLM',
    'laptopsk-...abcdCrewRefused: it works there as before',
    'batchsk-...efghHas heard',
  ]);
  expect(screen.getByText('And 500 more, in the audit log under this change.')).toBeDefined();
  const teams = within(screen.getByRole('table', { name: 'Memberships that ended' }));
  expect(teams.getByRole('row', { name: /^Crew Administrator ben/ })).toBeDefined();
  expect(teams.getByRole('row', { name: /^Band Administrator No admin now/ })).toBeDefined();
  expect(screen.queryByText(/^Workspace /)).toBeNull();
  act(() => void window.dispatchEvent(new Event('beforeprint')));
  expect(screen.getByText(/^Workspace /)).toBeDefined();
  act(() => void window.dispatchEvent(new Event('afterprint')));
  expect(screen.queryByText(/^Workspace /)).toBeNull();
});

it('warns of no key any more where the leaving was taken back, and says who was deleted', async () => {
  page.answer('users', 'offboardReport', () => report({ isUndone: true, isDeleted: true }));
  page.show(<OffboardReportScreen />);
  expect(await screen.findByRole('heading', { name: 'Offboarding of ana' })).toBeDefined();
  expect(screen.getAllByText('Taken back since').length).toBeGreaterThan(0);
  expect(screen.getByText('Deleted since')).toBeDefined();
  expect(screen.queryByText(/still works in LiteLLM/)).toBeNull();
});
