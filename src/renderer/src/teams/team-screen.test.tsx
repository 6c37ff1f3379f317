// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { TeamSpend } from './team-spend';
import { RecordTabs } from '../records/record-tabs';

const id = '00000000-0000-4000-8000-00000000000a';

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  await page.tell({ workspace: openWorkspaceOf() });
});

it('shows what each member spends against the team’s budget, and who has left', async () => {
  page.answer('teams', 'spend', () => ({
    total: '120',
    members: [{ user: { id, label: 'ana' }, spent: '50' }],
    others: { count: 2, spent: '20' },
    left: '50',
  }));
  page.show(<TeamSpend team={{ id, maxBudget: '100' }} />);
  expect(await screen.findByText('All together: $120.00 of $100.00')).toBeDefined();
  const ana = screen.getByRole('meter', { name: 'ana' });
  expect(ana.getAttribute('aria-valuenow')).toBe('50');
  expect(screen.getByText('2 other members')).toBeDefined();
  expect(screen.getByRole('meter', { name: 'Who is no member any more, or nobody known' })).toBeDefined();
});

it('says that nothing was spent, and tries again what failed', async () => {
  let isBroken = true;
  page.answer('teams', 'spend', () => {
    if (isBroken) throw new Error('no');
    return { total: '0', members: [], others: { count: 0, spent: '0' }, left: null };
  });
  page.show(<TeamSpend team={{ id, maxBudget: null }} />);
  const again = await screen.findByRole('button', { name: 'Try again' });
  isBroken = false;
  fireEvent.click(again);
  expect(await screen.findByText('Nothing was spent in this team this month')).toBeDefined();
});

it('shows one part of a record at a time', async () => {
  page.show(
    <RecordTabs
      label="Parts"
      tabs={[
        { name: 'one', label: 'One', content: () => <p>first</p> },
        { name: 'two', label: 'Two', content: () => <p>second</p> },
      ]}
    />,
  );
  expect(within(await screen.findByRole('tabpanel', { name: 'One' })).getByText('first')).toBeDefined();
  fireEvent.click(screen.getByRole('tab', { name: 'Two' }));
  expect(within(await screen.findByRole('tabpanel', { name: 'Two' })).getByText('second')).toBeDefined();
  expect(screen.queryByText('first')).toBeNull();
  fireEvent.click(screen.getByRole('tab', { name: 'One' }));
  expect(await screen.findByText('first')).toBeDefined();
});
