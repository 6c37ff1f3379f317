// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { RolesSection } from './roles-section';

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('database', 'roleSql', ({ role, name }) => ({
    database: 'litemaas',
    exists: false,
    statements: `-- ${role} ${name}`,
  }));
  await page.tell({ workspace: openWorkspaceOf({ schema: 'current' }) });
});

const nameField = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Name of the role' });

async function choose(role: string): Promise<void> {
  fireEvent.mouseDown(screen.getByRole('combobox', { name: 'Role' }));
  fireEvent.click(within(await screen.findByRole('listbox')).getByRole('option', { name: role }));
}

it('shows the SQL of the role that is chosen, by the name that is typed', async () => {
  page.show(<RolesSection />);
  expect(await screen.findByText('-- reader litemaas_reader')).toBeDefined();
  await choose('Administrator');
  expect(await screen.findByText('-- administrator litemaas_administrator')).toBeDefined();
  fireEvent.change(nameField(), { target: { value: 'on call' } });
  expect(await screen.findByText('-- administrator on call')).toBeDefined();
  expect(screen.queryByText(/^-- reader/)).toBeNull();
});

it('asks for no name that no role can have, and saves nothing then', async () => {
  page.show(<RolesSection />);
  await screen.findByText('-- reader litemaas_reader');
  fireEvent.change(nameField(), { target: { value: 'public' } });
  await waitFor(() => expect(nameField().getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Save as file/ }).disabled).toBe(true);
  expect(screen.queryByText(/^-- reader/)).toBeNull();
  expect(page.asked('database', 'roleSql').map(({ name }) => name)).toEqual(['litemaas_reader']);
});

it('saves what is seen', async () => {
  page.answer('database', 'exportRoleSql', () => ({ state: 'saved' as const, name: 'litemaas-reader.sql' }));
  page.show(<RolesSection />);
  await screen.findByText('-- reader litemaas_reader');
  fireEvent.click(screen.getByRole('button', { name: /^Save as file/ }));
  await waitFor(() =>
    expect(page.asked('database', 'exportRoleSql')).toEqual([{ role: 'reader', name: 'litemaas_reader' }]),
  );
});

it('offers the owner alone where the schema is not complete', async () => {
  page.show(<RolesSection roles={['owner']} />);
  expect(await screen.findByText('-- owner litemaas_owner')).toBeDefined();
});
