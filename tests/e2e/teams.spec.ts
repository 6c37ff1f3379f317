import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { chooseTheme, expectLoaded, openLocal, openScreen } from './steps';

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).last();

test('A team is made of a pasted list, changed and brought back, a member leaves it, and it is deleted', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  const beside = await connectToLocal(demoConsole.dataFolder);
  const harbour = async (): Promise<unknown> => {
    const { rows } = await beside.query(
      `SELECT t.max_budget::text AS budget, t.allowed_models AS models,
         ARRAY(SELECT u.username || ' ' || m.role FROM public.team_members m JOIN public.users u ON u.id = m.user_id
           WHERE m.team_id = t.id ORDER BY 1) AS members
       FROM public.teams t WHERE t.name = 'Harbour'`,
    );
    return rows[0];
  };
  const asMade = {
    budget: '1000.000000',
    models: [],
    members: ['adam.nowak member', 'greta.lindqvist member'],
  };

  await test.step('made with members, who are pasted', async () => {
    await openScreen(page, '/teams');
    await expectLoaded(page);
    await page.getByRole('button', { name: 'New team' }).click();
    const panel = dialog(page, 'New team');
    await panel.getByLabel('Name', { exact: true }).fill('Harbour');
    await panel.getByRole('radio', { name: /^All models/ }).check();
    await panel
      .getByLabel('Or paste e-mail addresses')
      .fill('Adam.Nowak@demo.invalid; Greta Lindqvist <greta.lindqvist@demo.invalid>\nnobody@demo.invalid');
    await expect(panel.getByText('2 people.')).toBeVisible();
    await expect(panel.getByText('1 entry belongs to nobody here:')).toBeVisible();
    await expectAccessible(page, 'the panel of a new team');
    await panel.getByRole('button', { name: 'Review the new team' }).click();
    const review = dialog(page, 'Create Harbour');
    await expect(review.getByText('2 memberships of teams are made with it.')).toBeVisible();
    await expectAccessible(page, 'the review of a new team');
    await review.getByRole('button', { name: 'Create the team' }).click();
    await expect(toast(page, 'Created Harbour.')).toBeVisible();
    await expect(panel).toBeHidden();
    await expect.poll(harbour).toEqual(asMade);
  });

  await test.step('its budget changed, and brought back from the toast', async () => {
    await page.getByRole('link', { name: 'Harbour', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Harbour' })).toBeVisible();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const panel = dialog(page, 'Edit Harbour');
    await panel.getByLabel('Max budget', { exact: true }).fill('250');
    await panel.getByRole('button', { name: '1 change: review' }).click();
    const review = dialog(page, 'Change Harbour');
    await expect(review.getByRole('row', { name: 'Max budget $1,000.00 $250.00' })).toBeVisible();
    await review.getByRole('button', { name: 'Change 1 record' }).click();
    await expect(toast(page, 'Changed Harbour.')).toBeVisible();
    await expect.poll(harbour).toMatchObject({ budget: '250.000000' });
    await toast(page, 'Changed Harbour.').getByRole('button', { name: 'Undo' }).click();
    await expect(toast(page, 'Undone: Harbour.')).toBeVisible();
    await expect.poll(harbour).toEqual(asMade);
  });

  await chooseTheme(page, 'Dark');
  await test.step('a member leaves, in the dark', async () => {
    await page
      .getByRole('row', { name: /adam\.nowak/ })
      .getByRole('button')
      .click();
    await page.getByRole('menuitem', { name: 'Remove from the team…' }).click();
    const panel = dialog(page, 'Remove adam.nowak from the team');
    await expect(panel.getByText('This person has no keys in the team.')).toBeVisible();
    await expectAccessible(page, 'the dark panel of a removal');
    await panel.getByRole('button', { name: 'Review the removal' }).click();
    const review = dialog(page, 'Remove adam.nowak from the team');
    await review.getByLabel('Reason').fill('moved to another town');
    await expectAccessible(page, 'the dark review of a removal');
    await review.getByRole('button', { name: 'Remove 1 member' }).click();
    await expect(toast(page, 'Removed adam.nowak from the team.')).toBeVisible();
    await expect.poll(harbour).toMatchObject({ members: ['greta.lindqvist member'] });
  });

  await test.step('deleted by its name, and with a reason', async () => {
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const review = dialog(page, 'Delete Harbour');
    await review.getByLabel('Reason').fill('no longer needed');
    await review.getByLabel('Type Harbour to confirm').fill('Harbour');
    await expectAccessible(page, 'the dark review of a deletion');
    await review.getByRole('button', { name: 'Delete 1 record' }).click();
    await expect(toast(page, 'Harbour was deleted.')).toBeVisible();
    await expect.poll(harbour).toBeUndefined();
  });
  await beside.end();
});
