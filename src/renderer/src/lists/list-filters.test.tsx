// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/react';
import type { ReactElement } from 'react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { ListedRecords } from '../../../shared/records/definition';
import { ListFilters } from './list-filters';
import { listUrl } from './list-url';
import { useListState } from './use-list-state';

const pets = {
  sortFields: ['name'],
  order: { field: 'name', direction: 'asc' },
  filters: {
    tame: { kind: 'boolean' },
    size: { kind: 'choice', values: ['small', 'big'] },
    breed: { kind: 'text', longest: 20 },
    ownerId: { kind: 'record', of: 'user' },
    born: { kind: 'day' },
    lost: { kind: 'boolean', byLink: true },
  },
} as const satisfies ListedRecords;
const petUrl = listUrl(pets);

/** The fields, and what the list is asked for. */
function Pets(): ReactElement {
  const list = useListState(petUrl);
  return (
    <div role="search">
      <ListFilters
        definition={pets}
        list={list}
        texts={{
          tame: { label: 'Tame', true: 'Is tame', false: 'Is wild' },
          size: { label: 'Size', word: (size) => `${size} one` },
          breed: { label: 'Breed', choices: ['poodle'] },
          ownerId: { label: 'Owner' },
          born: <button onClick={() => list.setFilter('born', '2024-02-29')}>Leap day</button>,
          lost: (is) => (is ? 'Lost' : 'Not lost'),
        }}
      />
      <button onClick={() => list.setFilter('lost', true)}>A link</button>
      <output>{JSON.stringify(list.input.filters)}</output>
    </div>
  );
}

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('users', 'options', () => ({ options: [{ id: ownerId, label: 'ada' }] }));
  await page.tell({ workspace: openWorkspaceOf() });
  page.show(<Pets />);
});

const ownerId = '0b2c7f6e-8a4d-4c1e-9f3b-5d6e7f8a9b0c';
const asked = (): unknown => JSON.parse(screen.getByRole('status').textContent);

async function choose(field: string, option: string): Promise<void> {
  fireEvent.mouseDown(await screen.findByRole('combobox', { name: field }));
  fireEvent.click(within(await screen.findByRole('listbox')).getByRole('option', { name: option }));
}

it('narrows by a field of each kind, and by none again', async () => {
  await choose('Tame', 'Is wild');
  expect(asked()).toEqual({ tame: false });
  await choose('Size', 'big one');
  await choose('Breed', 'poodle');
  fireEvent.click(screen.getByRole('button', { name: 'Leap day' }));
  expect(asked()).toEqual({ tame: false, size: 'big', breed: 'poodle', born: '2024-02-29' });
  await choose('Tame', 'All');
  expect(asked()).toEqual({ size: 'big', breed: 'poodle', born: '2024-02-29' });
});

it('finds a record to narrow by', async () => {
  fireEvent.mouseDown(await screen.findByRole('combobox', { name: 'Owner' }));
  fireEvent.click(await screen.findByRole('option', { name: 'ada' }));
  expect(asked()).toEqual({ ownerId });
});

it('offers no field for what only a link sets, and takes it away', async () => {
  expect(screen.queryByText('Lost')).toBeNull();
  fireEvent.click(await screen.findByRole('button', { name: 'A link' }));
  expect(asked()).toEqual({ lost: true });
  fireEvent.click(screen.getByText('Lost'));
  expect(asked()).toEqual({});
});
