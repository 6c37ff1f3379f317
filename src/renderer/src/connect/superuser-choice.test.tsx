// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { openRenderedPage, type RenderedPage } from '../../../../tests/support/rendered-page';
import { SuperuserChoice } from './superuser-choice';
import { superuserRefusal } from './superuser-refusal';

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
});

const refusalBy = (count: number) => ({
  code: 'db_superuser' as const,
  details: {
    others: Array.from({ length: count }, (_unused, at) => `“role ${at + 1}” owns a view`).join('\n'),
  },
});

it('names who has a hand in, says what that risks, and is chosen by nobody but the person', () => {
  const onChange = vi.fn();
  page.show(<SuperuserChoice refusal={refusalBy(2)} isChosen={false} onChange={onChange} />);
  expect(screen.getByRole('group', { name: 'Who else has a hand in this database' })).toBeDefined();
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    '“role 1” owns a view',
    '“role 2” owns a view',
  ]);
  expect(screen.getByText(/run with your role’s rights/)).toBeDefined();
  const choice = screen.getByRole<HTMLInputElement>('checkbox', { name: /^I know them and trust them/ });
  expect(choice.checked).toBe(false);
  fireEvent.click(choice);
  expect(onChange.mock.calls).toEqual([[true]]);
});

it('keeps a long list from pushing the choice away, and shows all of it on demand', () => {
  page.show(<SuperuserChoice refusal={refusalBy(21)} isChosen={false} onChange={vi.fn()} />);
  expect(screen.getAllByRole('listitem')).toHaveLength(5);
  const more = screen.getByRole('button', { name: 'Show all 21' });
  expect(more.getAttribute('aria-expanded')).toBe('false');
  fireEvent.click(more);
  expect(screen.getAllByRole('listitem')).toHaveLength(21);
  fireEvent.click(screen.getByRole('button', { name: 'Show fewer' }));
  expect(screen.getAllByRole('listitem')).toHaveLength(5);
});

it('says of a choice made before how it is taken back', () => {
  page.show(<SuperuserChoice refusal={null} isChosen onChange={vi.fn()} />);
  expect(screen.getByRole('group', { name: 'You chose to be this role here' })).toBeDefined();
  expect(screen.getByText(/Untick and save to take the choice back/)).toBeDefined();
  expect(screen.queryByRole('list')).toBeNull();
});

it('is about this refusal only', () => {
  expect(superuserRefusal({ code: 'db_superuser' })).toEqual({ code: 'db_superuser' });
  expect(superuserRefusal({ code: 'db_auth' })).toBeNull();
  expect(superuserRefusal(undefined)).toBeNull();
});
