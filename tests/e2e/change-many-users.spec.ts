import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { chooseTheme, expectLoaded, goTo, openScreen, openLocal } from './steps';

const bar = (page: Page) => page.getByRole('group', { name: 'What is selected' });
const rowBoxes = (page: Page) => page.getByRole('checkbox', { name: /^Select (?!all)/ });
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
/** The latest note that says so. */
const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).last();

test('Several users are changed at once and brought back, by mouse and by keyboard', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  const beside = await connectToLocal(demoConsole.dataFolder);
  await beside.query('UPDATE public.users SET max_budget = 100');
  await openScreen(page, '/users');
  await expectLoaded(page);
  const withBudget = async (budget: string): Promise<number> => {
    const { rows } = await beside.query<{ total: number }>(
      'SELECT count(*)::int AS total FROM public.users WHERE max_budget = $1',
      [budget],
    );
    return rows[0]?.total ?? 0;
  };

  await test.step('by mouse: three of them, looked at before, undone from the toast', async () => {
    for (const place of [0, 2, 3]) await rowBoxes(page).nth(place).check();
    await expect(bar(page).getByText('3 selected')).toBeVisible();
    await expectAccessible(page, 'a selection');
    await bar(page).getByRole('button', { name: 'Edit…' }).click();
    const panel = dialog(page, 'Edit 3 users');
    await expect(panel.getByRole('button', { name: 'Nothing chosen' })).toBeDisabled();
    await panel.getByRole('combobox', { name: 'Max budget' }).click();
    await page.getByRole('option', { name: 'Set to…' }).click();
    await panel.getByRole('textbox', { name: 'New value: Max budget' }).fill('12.5');
    await expectAccessible(page, 'the panel of several');
    await panel.getByRole('button', { name: '1 change: review' }).click();
    const review = dialog(page, 'Change 3 users');
    await expect(review.getByRole('cell', { name: '$12.50' })).toHaveCount(3);
    await review.getByRole('button', { name: 'Change 3 records' }).click();
    await expect(toast(page, 'Changed 3 records.')).toBeVisible();
    await expect(panel).toBeHidden();
    await expect(bar(page)).toBeHidden();
    await expect.poll(() => withBudget('12.5')).toBe(3);
    await toast(page, 'Changed 3 records.').getByRole('button', { name: 'Undo' }).click();
    await expect(toast(page, 'Undone: 3 records.')).toBeVisible();
    await expect.poll(() => withBudget('12.5')).toBe(0);
  });

  await chooseTheme(page, 'Dark');
  await test.step('by keyboard alone: rows by the space bar, then all that match', async () => {
    await page.getByRole('gridcell').getByRole('link').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await expect(bar(page).getByText('1 selected')).toBeVisible();
    await page.keyboard.press('Shift+ArrowDown');
    await expect(bar(page).getByText('2 selected')).toBeVisible();
    await bar(page).getByRole('button', { name: 'Select all 40 that match' }).focus();
    await page.keyboard.press('Enter');
    await expect(bar(page).getByText('All 40 that match are selected')).toBeVisible();
    await bar(page).getByRole('button', { name: 'Edit…' }).focus();
    await page.keyboard.press('Enter');
    const panel = dialog(page, 'Edit 40 users');
    await panel.getByRole('combobox', { name: 'Max budget' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: 'Leave as it is' }).press('ArrowDown');
    await page.keyboard.press('Enter');
    await panel.getByRole('textbox', { name: 'New value: Max budget' }).focus();
    await page.keyboard.type('7');
    await page.keyboard.press('Enter');
    const review = dialog(page, 'Change 40 users');
    await expect(review.getByText(/^The filter finds 40 records now\./)).toBeVisible();
    await expectAccessible(page, 'the dark review of many');
    await review.getByRole('button', { name: 'Change 40 records' }).press('Enter');
    await expect(toast(page, 'Changed 40 records.')).toBeVisible();
    await expect.poll(() => withBudget('7')).toBe(40);
    // The bar that held the focus has gone; the keyboard goes on in the list.
    await expect(page.locator('[role=gridcell]:focus')).toBeVisible();
    await expectAccessible(page, 'the dark list');
  });

  await test.step('a row that the database refuses is named, and tried again', async () => {
    const name = await page.getByRole('gridcell').getByRole('link').first().innerText();
    await beside.query(
      `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN IF NEW.username = TG_ARGV[0] THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$`,
    );
    await beside.query(
      `CREATE TRIGGER refuse BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.refuse('${name}')`,
    );
    for (const place of [0, 1]) await rowBoxes(page).nth(place).check();
    await bar(page).getByRole('button', { name: 'Edit…' }).click();
    await dialog(page, 'Edit 2 users').getByRole('combobox', { name: 'Requests per minute' }).click();
    await page.getByRole('option', { name: 'Set to…' }).click();
    await page.getByRole('textbox', { name: 'New value: Requests per minute' }).fill('33');
    await page.getByRole('button', { name: '1 change: review' }).click();
    const review = dialog(page, 'Change 2 users');
    await review.getByRole('button', { name: 'Change 2 records' }).click();
    await expect(review.getByRole('listitem').filter({ hasText: name })).toBeVisible();
    await review.getByRole('button', { name: 'Close' }).click();
    await toast(page, '1 changed, 1 not changed.').getByRole('button', { name: 'Show' }).click();
    await beside.query('DROP TRIGGER refuse ON public.users');
    await review.getByRole('button', { name: 'Try 1 again' }).click();
    await expect(toast(page, 'Changed 2 records.')).toBeVisible();
    const { rows } = await beside.query('SELECT username FROM public.users WHERE rpm_limit = 33');
    expect(rows).toHaveLength(2);
  });

  await test.step('the menu of a row, by a right click and by keyboard', async () => {
    const cell = page.getByRole('row').nth(2).getByRole('gridcell').nth(2);
    await cell.click({ button: 'right' });
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
    await expect(cell).toBeFocused();
    await page.keyboard.press('Shift+F10');
    await expect(page.getByRole('menuitem', { name: 'Open' })).toBeFocused();
    await expectAccessible(page, 'the menu of a row');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: /^Edit / })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(cell).toBeFocused();
  });

  await test.step('one is deleted with what goes along, and comes back whole', async () => {
    const { rows } = await beside.query<{ id: string; username: string; keys: number; usage: number }>(
      `SELECT u.id, u.username, (SELECT count(*)::int FROM public.api_keys k WHERE k.user_id = u.id) AS keys,
         (SELECT count(*)::int FROM public.usage_logs l JOIN public.subscriptions s ON s.id = l.subscription_id
          WHERE s.user_id = u.id) AS usage
       FROM public.users u WHERE NOT u.roles @> '{admin}' ORDER BY keys DESC, u.username LIMIT 1`,
    );
    const { id, username, keys, usage } = rows[0] ?? { id: '', username: '', keys: 0, usage: 0 };
    const usageLeft = async (): Promise<unknown[]> =>
      (
        await beside.query<{ total: number }>(
          'SELECT count(*)::int AS total FROM public.usage_logs l JOIN public.subscriptions s ON s.id = l.subscription_id WHERE s.user_id = $1',
          [id],
        )
      ).rows;
    const keysLeft = async (): Promise<unknown[]> =>
      (await beside.query<{ id: string }>('SELECT id FROM public.api_keys WHERE user_id = $1', [id])).rows;
    expect(keys).toBeGreaterThan(0);
    expect(usage).toBeGreaterThan(0);
    await goTo(page, `/users/${id}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    const review = dialog(page, `Delete ${username}`);
    await expect(review.getByRole('row', { name: /public\.usage_logs moved to the archive/ })).toBeVisible();
    await expectAccessible(page, 'the review of a deletion');
    const confirm = review.getByRole('button', { name: 'Delete 1 record' });
    await review.getByRole('textbox', { name: 'Reason' }).fill('has left');
    await expect(confirm).toBeDisabled();
    await review.getByRole('textbox', { name: `Type ${username} to confirm` }).fill(username);
    await confirm.click();
    const deleted = toast(page, `${username} was deleted.`);
    await expect(deleted).toBeVisible();
    await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
    await expect.poll(keysLeft).toHaveLength(0);
    await deleted.getByRole('button', { name: 'Undo' }).click();
    await expect(toast(page, `Undone: ${username}.`)).toBeVisible();
    await expect.poll(keysLeft).toHaveLength(keys);
    await expect.poll(usageLeft).toEqual([{ total: usage }]);
  });
  await beside.end();
});
