import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { chooseTheme, expectLoaded, openScreen, openLocal } from './steps';

async function openFirstUser(page: Page): Promise<string> {
  await openScreen(page, '/users', '?active=true');
  await expectLoaded(page);
  await page.getByRole('gridcell').getByRole('link').first().click();
  await expect(page.getByRole('button', { name: 'Edit' })).toBeVisible();
  return page.getByRole('heading', { level: 1 }).innerText();
}

const panel = (page: Page) => page.getByRole('dialog', { name: /^Edit / });
/** The latest note that says so; an earlier one may still offer its own undo. */
const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).last();
const review = (page: Page, title: RegExp) => page.getByRole('dialog', { name: title });

test('A user is edited, reviewed, changed and brought back, by mouse and by keyboard', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  const beside = await connectToLocal(demoConsole.dataFolder);
  const name = await openFirstUser(page);
  const limits = async (): Promise<unknown> =>
    (
      await beside.query(
        'SELECT rpm_limit::text AS rpm, max_budget::text AS budget, is_active AS active FROM public.users WHERE username = $1',
        [name],
      )
    ).rows[0];
  await beside.query(
    'UPDATE public.users SET rpm_limit = 60, max_budget = 100, full_name = NULL WHERE username = $1',
    [name],
  );
  await page.reload();

  await test.step('by mouse: limit and budget, looked at before, undone from the toast', async () => {
    await page.getByRole('button', { name: 'Edit' }).click();
    await expect(panel(page).getByRole('button', { name: 'Nothing changed' })).toBeDisabled();
    await panel(page).getByLabel('Requests per minute', { exact: true }).fill('90');
    await panel(page).getByRole('switch', { name: 'Max budget: unlimited' }).click();
    await expectAccessible(page, 'the panel');
    await panel(page).getByRole('button', { name: '2 changes: review' }).click();
    const dialog = review(page, /^Change /);
    await expect(dialog.getByRole('row', { name: 'Requests per minute 60 90' })).toBeVisible();
    await expect(dialog.getByText('The budget becomes unlimited.')).toBeVisible();
    await expectAccessible(page, 'the review');
    await dialog.getByRole('button', { name: 'Change 1 record' }).click();
    await expect(toast(page, `Changed ${name}.`)).toBeVisible();
    await expect(panel(page)).toBeHidden();
    await expect.poll(limits).toEqual({ rpm: '90', budget: null, active: true });
    await toast(page, `Changed ${name}.`).getByRole('button', { name: 'Undo' }).click();
    await expect(toast(page, `Undone: ${name}.`)).toBeVisible();
    await expect.poll(limits).toEqual({ rpm: '60', budget: '100.000000', active: true });
  });

  /** The page reads the record again a moment after the note: what is begun before that meets a conflict. */
  const expectBudget = (budget: string) =>
    expect(page.getByText(budget, { exact: true }).first()).toBeVisible();

  await test.step('a wrong value is said at its field, and a field can be reset', async () => {
    await expectBudget('$100.00');
    await page.getByRole('button', { name: 'Edit' }).click();
    await panel(page).getByLabel('Max budget', { exact: true }).fill('12,5');
    await panel(page).getByRole('button', { name: '1 change: review' }).click();
    await expect(panel(page).getByText('This is no valid value.')).toBeVisible();
    await panel(page).getByRole('button', { name: 'Reset Max budget' }).click();
    await expect(panel(page).getByLabel('Max budget', { exact: true })).toHaveValue('100');
    await panel(page).getByLabel('Requests per minute', { exact: true }).fill('70');
  });

  await test.step('what only somebody else changed since is shown beside, and kept', async () => {
    await beside.query('UPDATE public.users SET max_budget = 50 WHERE username = $1', [name]);
    await panel(page).getByRole('button', { name: '1 change: review' }).click();
    const dialog = review(page, /^Change /);
    await expect(dialog.getByRole('row', { name: 'Max budget $100.00 $50.00' })).toBeVisible();
    await expectAccessible(page, 'the conflict');
    await dialog.getByRole('button', { name: 'Go on with what is there now' }).click();
    await dialog.getByRole('button', { name: 'Change 1 record' }).click();
    await expect(toast(page, `Changed ${name}.`)).toBeVisible();
    await expect.poll(limits).toEqual({ rpm: '70', budget: '50.000000', active: true });
    await expectBudget('$50.00');
  });

  await chooseTheme(page, 'Dark');
  await test.step('what both changed is chosen field by field', async () => {
    await page.getByRole('button', { name: 'Edit' }).click();
    await panel(page).getByLabel('Max budget', { exact: true }).fill('80');
    await panel(page).getByLabel('Requests per minute', { exact: true }).fill('75');
    await beside.query('UPDATE public.users SET max_budget = 55, rpm_limit = 65 WHERE username = $1', [name]);
    await panel(page).getByRole('button', { name: '2 changes: review' }).click();
    const dialog = review(page, /^Change /);
    await dialog.getByRole('radio', { name: 'Max budget: leave theirs' }).check();
    await expect(dialog.getByRole('button', { name: 'Go on with what is there now' })).toBeDisabled();
    await dialog.getByRole('radio', { name: 'Requests per minute: keep mine' }).check();
    await expectAccessible(page, 'the dark conflict');
    await dialog.getByRole('button', { name: 'Go on with what is there now' }).click();
    await expect(dialog.getByRole('row', { name: 'Requests per minute 65 75' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Change 1 record' }).click();
    // The panel can't be seen while the review is open, nor once it is done.
    await expect(dialog).toBeHidden();
    await expect(panel(page)).toBeHidden();
    await expect.poll(limits).toEqual({ rpm: '75', budget: '55.000000', active: true });
    await expectBudget('$55.00');
  });

  await test.step('by keyboard alone: deactivated with a reason, undone with one', async () => {
    await page.getByRole('button', { name: 'Deactivate' }).focus();
    await page.keyboard.press('Enter');
    const dialog = review(page, /^Deactivate /);
    await expect(dialog.getByRole('textbox', { name: 'Reason' })).toBeFocused();
    await expect(dialog.getByRole('button', { name: 'Change 1 record' })).toBeDisabled();
    await expectAccessible(page, 'the dark review');
    await page.keyboard.type('left the company');
    await page.keyboard.press('Enter');
    await expect(toast(page, `Changed ${name}.`)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Reactivate' })).toBeVisible();
    await expect.poll(limits).toMatchObject({ active: false });
    await toast(page, `Changed ${name}.`).getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    const undo = review(page, /^Undo a change/);
    await undo.getByRole('textbox', { name: 'Reason' }).fill('was a mistake');
    // The review is read again when the news of the change before arrives: nothing can be confirmed meanwhile.
    await expect(async () => {
      if (await undo.isVisible()) await page.keyboard.press('Enter');
      await expect(undo).toBeHidden({ timeout: 5_000 });
    }).toPass();
    await expect(toast(page, `Undone: ${name}.`)).toBeVisible();
    await expect.poll(limits).toMatchObject({ active: true });
  });

  await test.step('from the overview and from the palette to the panel, at its field', async () => {
    await beside.query(`UPDATE public.users SET email = id || '@unknown.invalid' WHERE username = $1`, [
      name,
    ]);
    await openScreen(page, '/');
    await page.reload();
    await page.getByRole('link', { name: '1 user without e-mail' }).click();
    await expect(panel(page).getByLabel('E-mail', { exact: true })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(panel(page)).toBeHidden();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill(`edit ${name}`);
    await page.getByRole('option', { name: `Edit ${name}…`, exact: true }).click();
    await expect(panel(page).getByLabel('Username', { exact: true })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(panel(page)).toBeHidden();
  });

  await test.step('leaving the panel with changes asks', async () => {
    await page.getByRole('button', { name: 'Edit' }).click();
    await panel(page).getByLabel('Full name', { exact: true }).fill('Somebody');
    await expectAccessible(page, 'the dark panel');
    await page.keyboard.press('Escape');
    await page
      .getByRole('dialog', { name: 'Leave without saving?' })
      .getByRole('button', { name: 'Leave' })
      .click();
    await expect(panel(page)).toBeHidden();
  });
  await beside.end();
});
