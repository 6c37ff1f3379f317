// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { BudgetLevel } from '../../../shared/contract/api-keys';
import { ApplyingBudgets } from './applying-budgets';

const id = '00000000-0000-4000-8000-00000000000a';
const level = (changes: Partial<BudgetLevel>): BudgetLevel => ({
  ...{ level: 'key', record: { id, label: 'laptop' }, limit: '50', spent: '20', left: '30' },
  ...{ period: 'lifetime', startedAt: null, endsAt: null, isOfUsage: false },
  ...{ enforcement: 'enforced', outlook: 'unknown', forecast: null, isStrictest: false },
  ...changes,
});

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  await page.tell({ workspace: openWorkspaceOf() });
});
const show = (...levels: BudgetLevel[]) => {
  page.answer('apiKeys', 'budgets', () => ({ levels }));
  page.show(<ApplyingBudgets id={id} />);
};
const row = (name: RegExp) => screen.findByRole('row', { name });

it('shows what is left of each budget, which is the strictest, and what only counts', async () => {
  show(
    level({ isStrictest: true, period: 'monthly', startedAt: '2026-12-01T00:00:00Z' }),
    level({
      ...{ level: 'user', record: { id, label: 'ana' }, limit: '5', spent: '7', left: '-2' },
      ...{ enforcement: 'other_keys', outlook: 'over', isOfUsage: true },
    }),
    level({ level: 'team', record: { id, label: 'Crew' }, limit: null, left: null }),
  );
  const key = within(await row(/laptop/));
  expect(key.getByText('Strictest')).toBeDefined();
  expect(key.getByText('$30.00')).toBeDefined();
  expect(key.getByText('Monthly')).toBeDefined();
  const user = within(await row(/Whose it is|ana/));
  expect(user.getByText(/^Only counted: LiteLLM asks/)).toBeDefined();
  expect(user.getByText('Used up')).toBeDefined();
  expect(user.getByText('Over its lifetime')).toBeDefined();
  expect(within(await row(/Crew/)).getByText('Never used up')).toBeDefined();
  expect(screen.getByText('Less is left of a budget that does not stop this key: ana.')).toBeDefined();
});

it('tells the day with its band in the tooltip, and says where too little is known', async () => {
  const forecast = { days: 12, perDay: '2.5', band: '1', likely: '2026-12-20' };
  show(
    level({
      ...{ isStrictest: true, outlook: 'will_be_over' },
      forecast: { ...forecast, earliest: '2026-12-10', latest: null },
    }),
    level({ level: 'team', record: { id, label: 'Crew' } }),
  );
  const outlook = await screen.findByText('Used up about Dec 20, 2026');
  fireEvent.mouseOver(outlook);
  expect((await screen.findByRole('tooltip')).textContent).toBe(
    'At $2.50 a day, give or take $1.00 (two standard errors of the mean of 12 whole days): from Dec 10, 2026 to never.',
  );
  expect(within(await row(/Crew/)).getByText('Too little is known')).toBeDefined();
});

it('warns where nothing ends the spend', async () => {
  show(level({ limit: null, left: null, outlook: 'within' }));
  expect(await screen.findByText('No budget ends what this key may spend.')).toBeDefined();
});
