// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  jobOf,
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { DatabaseScreen } from './database-screen';
import { MigrationsSection } from './migrations-section';
import type { Migration } from './migrations-table';
import type { PreflightCheck } from './preflight-checks';

const check = (name: string, changes: Partial<PreflightCheck> = {}): PreflightCheck => ({
  check: name,
  ok: true,
  message: `${name} is met`,
  hint: null,
  acceptable: false,
  ...changes,
});
const notMet = { ok: false, message: 'It is not met.', hint: 'Mend it.' };
const others = check('others_creating', { ...notMet, message: 'Others may create.', acceptable: true });
const applied = { state: 'applied', appliedAt: '2026-01-01T00:00:00.000000Z' } as const;
const file = (name: string, changes: Partial<Migration> = {}): Migration => ({
  name,
  purpose: `What ${name} is for.`,
  state: 'pending',
  appliedAt: null,
  ...changes,
});

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('database', 'migrate', () => ({ jobId: 'migration' }));
  await page.tell({ workspace: openWorkspaceOf({ schema: 'empty' }) });
});

async function show(
  migrations: readonly Migration[],
  preflight: readonly PreflightCheck[],
  canMigrate = true,
): Promise<void> {
  page.answer('database', 'migrations', () => ({ migrations: [...migrations], preflight: [...preflight] }));
  page.show(<MigrationsSection canMigrate={canMigrate} />);
  await screen.findByRole('table');
}

const migrateButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Migrate now' });
const nevertheless = () =>
  screen.queryByRole<HTMLInputElement>('checkbox', { name: /^I trust those who may create there/ });

it('shows what stands in the way before what does not, and lets nobody past it', async () => {
  await show([file('0000_base')], [check('version'), check('planted_objects', notMet)]);
  const checks = screen.getByRole('group', { name: 'Checks before migrating' });
  expect(checks.textContent).toBe('Not passed: It is not met.Mend it.version is met');
  expect(screen.getByText(/1 migration pending\. 1 check is not passed\./)).toBeDefined();
  expect(nevertheless()).toBeNull();
  expect(migrateButton().disabled).toBe(true);
});

it('migrates where others may create only after the tick', async () => {
  await show([file('0000_base')], [check('version'), others]);
  expect(nevertheless()?.checked).toBe(false);
  expect(migrateButton().disabled).toBe(true);
  fireEvent.click(nevertheless() as HTMLInputElement);
  fireEvent.click(migrateButton());
  await waitFor(() => expect(page.asked('database', 'migrate')).toEqual([{ acceptOthersCreating: true }]));
});

it('does not let a tick about others carry over what may not be accepted', async () => {
  await show([file('0000_base')], [check('planted_objects', notMet), others]);
  fireEvent.click(nevertheless() as HTMLInputElement);
  expect(migrateButton().disabled).toBe(true);
});

it('offers the choice to a refused superuser, and sends it once it is made', async () => {
  await show([file('0000_base')], [check('version')]);
  fireEvent.click(migrateButton());
  await waitFor(() => expect(page.asked('database', 'migrate')).toEqual([{ acceptOthersCreating: false }]));
  const refused = {
    code: 'db_superuser',
    message: '“boss” is a superuser.',
    details: { others: '“stranger” may create in the schema “public”' },
  } as const;
  await page.tell({
    jobs: [{ ...jobOf('database.migrate', refused, 'migration'), workspaceId: 'workspace' }],
  });
  const choice = screen.getByRole('group', { name: 'Who else has a hand in this database' });
  expect(choice.textContent).toContain('“stranger” may create in the schema “public”');
  expect(migrateButton().disabled).toBe(true);
  fireEvent.click(within(choice).getByRole('checkbox'));
  fireEvent.click(migrateButton());
  await waitFor(() =>
    expect(page.asked('database', 'migrate')[1]).toEqual({
      acceptOthersCreating: false,
      acceptSuperuser: true,
    }),
  );
});

it('shows functions, triggers and views as a group of their own, by their names and purposes', async () => {
  const routines = [
    file('routines/010_first', applied),
    file('routines/020_older', { appliedAt: applied.appliedAt }),
    file('routines/030_edited', { ...applied, state: 'changed' }),
  ];
  await show([file('0000_base', applied), ...routines], [check('version')]);
  fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
  const rows = screen.getAllByRole<HTMLTableRowElement>('row').slice(1);
  expect(rows.map(({ cells }) => [...cells].slice(0, 3).map(({ textContent }) => textContent))).toEqual([
    ['0000_base', 'What 0000_base is for.', 'Applied'],
    [expect.stringMatching(/^Functions, triggers and views/)],
    ['010_first', 'What routines/010_first is for.', 'Applied'],
    ['020_older', 'What routines/020_older is for.', 'Newer one pending'],
    ['030_edited', 'What routines/030_edited is for.', 'Differs'],
  ]);
  expect(screen.getByText('1 file of functions, triggers and views pending.')).toBeDefined();
});

it('offers no migration where none may be run', async () => {
  await show([file('0000_base')], [others], false);
  expect(screen.queryByRole('button', { name: 'Migrate now' })).toBeNull();
  expect(nevertheless()).toBeNull();
  expect(screen.getByText('Others may create.', { exact: false })).toBeDefined();
});

it('says that the schema is up to date although its place on the screen changes with it', async () => {
  page.answer('database', 'migrations', () => ({
    migrations: [file('0000_base')],
    preflight: [check('version')],
  }));
  page.show(<DatabaseScreen />);
  fireEvent.click(await screen.findByRole('button', { name: 'Migrate now' }));
  await waitFor(() => expect(page.asked('database', 'migrate')).toHaveLength(1));
  const done = { ...jobOf('database.migrate', 'succeeded', 'migration'), workspaceId: 'workspace' };
  await page.tell({ workspace: openWorkspaceOf({ schema: 'current' }), jobs: [done] });
  expect(await screen.findByText('The schema is up to date.')).toBeDefined();
});
