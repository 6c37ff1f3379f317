import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { chooseTheme, expectLoaded, openLocal, openScreen } from './steps';

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).last();

test('A key is edited, brought back, blocked from the list and revoked', async ({ page, demoConsole }) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  const beside = await connectToLocal(demoConsole.dataFolder);
  await beside.query(
    `INSERT INTO public.api_keys (user_id, name, key_hash, key_prefix, max_budget, expires_at)
     SELECT id, 'Harbour crane', repeat('c', 64), 'sk-cran', '40', NULL FROM public.users WHERE is_active
     ORDER BY username LIMIT 1`,
  );
  await beside.query(
    `INSERT INTO public.api_key_models (api_key_id, model_id)
     SELECT k.id, m.id FROM public.api_keys k, public.models m WHERE k.name = 'Harbour crane'
     ORDER BY m.id LIMIT 2`,
  );
  const crane = async (): Promise<unknown> => {
    const { rows } = await beside.query(
      `SELECT max_budget::text AS budget, is_active AS "isActive", revoked_at IS NOT NULL AS "isRevoked",
         to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS ends,
         (SELECT count(*)::int FROM public.api_key_models m WHERE m.api_key_id = k.id) AS models
       FROM public.api_keys k WHERE name = 'Harbour crane'`,
    );
    return rows[0];
  };
  const asMade = { budget: '40.000000', isActive: true, isRevoked: false, ends: null, models: 2 };

  await test.step('edited beside the list, and brought back from the toast', async () => {
    await openScreen(page, '/api-keys', '?q=Harbour');
    await expectLoaded(page);
    await page
      .getByRole('row', { name: /Harbour crane/ })
      .getByRole('button')
      .click();
    await page.getByRole('menuitem', { name: 'Edit…' }).click();
    const panel = dialog(page, 'Edit Harbour crane');
    await panel.getByLabel('Max budget', { exact: true }).fill('25');
    await panel.getByRole('switch', { name: 'Never expires' }).click();
    await panel.getByLabel('Expires', { exact: true }).fill('2099-12-31');
    await panel.getByRole('radio', { name: /^All models/ }).check();
    await expectAccessible(page, 'the panel of a key');
    await panel.getByRole('button', { name: '3 changes: review' }).click();
    const review = dialog(page, 'Change Harbour crane');
    await expect(review.getByText(/^Works until 2099-12-31 \d\d:59:59 UTC\.$/)).toBeVisible();
    await expect(review.getByText('May use every model, including those added later.')).toBeVisible();
    await review.getByLabel('Reason').fill('the crane is rented');
    await expectAccessible(page, 'the review of a key');
    await review.getByRole('button', { name: 'Change 1 record' }).click();
    await expect(toast(page, 'Changed Harbour crane.')).toBeVisible();
    await expect.poll(crane).toMatchObject({ budget: '25.000000', models: 0 });
    // To take it back takes models away: that is looked at, and asks for a reason.
    await toast(page, 'Changed Harbour crane.').getByRole('button', { name: 'Undo' }).click();
    const undo = page.getByRole('dialog');
    await undo.getByLabel('Reason').fill('not rented after all');
    await undo.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(toast(page, 'Undone: Harbour crane.')).toBeVisible();
    await expect.poll(crane).toEqual(asMade);
  });

  await chooseTheme(page, 'Dark');
  await test.step('blocked with all that match', async () => {
    await page
      .getByRole('row', { name: /Harbour crane/ })
      .getByRole('checkbox')
      .check();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const review = dialog(page, 'Block 1 key');
    await review.getByLabel('Reason').fill('leaked');
    await expectAccessible(page, 'the dark review of a blocked key');
    await review.getByRole('button', { name: 'Change 1 record' }).click();
    await expect(toast(page, 'Changed Harbour crane.')).toBeVisible();
    await expect.poll(crane).toMatchObject({ isActive: false, isRevoked: false });
  });

  await test.step('asked why it is refused, and let go again where that says', async () => {
    await page.getByRole('link', { name: 'Why refused?' }).click();
    await page.getByLabel('A key, its alias, or what the client was answered').fill('harbour crane');
    await page.getByRole('button', { name: 'Look' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'Not blocked' })).toContainText('Refuses');
    await expectAccessible(page, 'the dark page of a refused key');
    await page.getByRole('link', { name: 'Mend it at Harbour crane' }).click();
    const review = dialog(page, 'Unblock Harbour crane');
    await review.getByLabel('Reason').fill('it was another one');
    await review.getByRole('button', { name: 'Change 1 record' }).click();
    await expect(review).toBeHidden();
    await expect.poll(crane).toMatchObject({ isActive: true });
  });

  await test.step('revoked on its page', async () => {
    await expect(page.getByRole('heading', { level: 1, name: 'Harbour crane' })).toBeVisible();
    // Nothing is spent of its own budget of 40, and its rate is not known yet.
    const budgets = page.getByRole('region', { name: 'Limits that apply', exact: true }).last();
    const own = budgets.getByRole('row').filter({ hasText: 'Harbour crane' });
    await expect(own).toContainText('$40.00');
    await expect(own).toContainText('LiteLLM’s own counter, as last read.');
    await expect(own).toContainText('Too little is known');
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    const review = dialog(page, 'Revoke Harbour crane');
    await review.getByLabel('Reason').fill('leaked');
    await review.getByRole('button', { name: 'Revoke 1 key' }).click();
    await expect(toast(page, 'Harbour crane was revoked.')).toBeVisible();
    await expect.poll(crane).toMatchObject({ isActive: false, isRevoked: true });
    await expectAccessible(page, 'the dark page of a revoked key');
  });
  await beside.end();
});
