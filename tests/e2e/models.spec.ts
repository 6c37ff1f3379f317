import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { chooseTheme, expectLoaded, openLocal, openScreen } from './steps';

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const toast = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).last();

test('A model is made, priced, edited with others, replaced and retired, and all of it is brought back', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  const beside = await connectToLocal(demoConsole.dataFolder);
  const model = async (): Promise<unknown> => {
    const { rows } = await beside.query(
      `SELECT trim_scale(input_price_per_1k)::text AS price, is_active AS "isActive", description,
         (SELECT count(*)::int FROM litemaas_console.model_prices p WHERE p.model_id = m.id) AS prices
       FROM public.models m WHERE id = 'own/harbour'`,
    );
    return rows[0];
  };

  await test.step('made in a panel beside the list', async () => {
    await openScreen(page, '/models');
    await expectLoaded(page);
    await page.getByRole('button', { name: 'New model' }).click();
    const panel = dialog(page, 'New model');
    await panel.getByLabel('Id', { exact: true }).fill('own/harbour');
    await panel.getByLabel('Name', { exact: true }).fill('Harbour');
    await panel.getByLabel('Provider', { exact: true }).fill('own');
    await panel.getByLabel('Input, USD per million tokens').fill('2.5');
    await expectAccessible(page, 'the panel of a new model');
    await panel.getByRole('button', { name: 'Review the new model' }).click();
    const review = dialog(page, 'New model Harbour');
    await expect(review.getByText('$2.50 / 1M')).toBeVisible();
    await expectAccessible(page, 'the review of a new model');
    await review.getByRole('button', { name: 'Create the model' }).click();
    await expect(toast(page, 'Created Harbour.')).toBeVisible();
    await expect.poll(model).toEqual({ price: '0.0025', isActive: true, description: null, prices: 1 });
  });

  await beside.query(
    `INSERT INTO public.subscriptions (user_id, model_id, status)
     SELECT id, 'own/harbour', 'active' FROM public.users WHERE is_active ORDER BY username LIMIT 2`,
  );
  await beside.query(
    `INSERT INTO public.api_keys (user_id, name, key_hash, key_prefix)
     SELECT id, 'Only harbour', repeat('d', 64), 'sk-harb' FROM public.users WHERE is_active ORDER BY username LIMIT 1`,
  );
  await beside.query(
    `INSERT INTO public.api_key_models (api_key_id, model_id)
     SELECT id, 'own/harbour' FROM public.api_keys WHERE name = 'Only harbour'`,
  );

  await chooseTheme(page, 'Dark');
  await test.step('given another price on its page, which an undo takes back', async () => {
    await openScreen(page, '/models', '?q=Harbour');
    await page.getByRole('link', { name: 'Harbour', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Harbour' })).toBeVisible();
    await page.getByRole('button', { name: 'Set price' }).click();
    const panel = dialog(page, 'Price of Harbour');
    await expect(panel.getByLabel('Input, USD per million tokens')).toHaveValue('2.5');
    await panel.getByLabel('Input, USD per million tokens').fill('4');
    await expectAccessible(page, 'the dark panel of a price');
    await panel.getByRole('button', { name: 'Review the new price' }).click();
    const review = dialog(page, 'New price of Harbour');
    await expect(review.getByText('Last month nobody used the model')).toBeVisible();
    await review.getByLabel('Reason').fill('the provider raised it');
    await expectAccessible(page, 'the dark review of a price');
    await review.getByRole('button', { name: 'Set the price' }).click();
    await expect(toast(page, 'Harbour has a new price.')).toBeVisible();
    await expect.poll(model).toMatchObject({ price: '0.004', prices: 2 });
    await toast(page, 'Harbour has a new price.').getByRole('button', { name: 'Undo' }).click();
    await expect(toast(page, 'Undone: Harbour.')).toBeVisible();
    await expect.poll(model).toMatchObject({ price: '0.0025', prices: 1 });
  });

  await test.step('edited with all that match', async () => {
    await openScreen(page, '/models', '?q=Harbour');
    await page
      .getByRole('row', { name: /Harbour/ })
      .getByRole('checkbox')
      .check();
    await page.getByRole('button', { name: 'Edit…', exact: true }).click();
    const panel = dialog(page, 'Edit 1 model');
    await panel.getByRole('combobox', { name: 'Description' }).click();
    await page.getByRole('option', { name: 'Set to…' }).click();
    await panel.getByLabel('New value: Description').fill('For the harbour');
    await expectAccessible(page, 'the dark panel of several models');
    await panel.getByRole('button', { name: '1 change: review' }).click();
    await dialog(page, 'Change 1 model').getByRole('button', { name: 'Change 1 record' }).click();
    await expect(toast(page, 'Changed Harbour.')).toBeVisible();
    await expect.poll(model).toMatchObject({ description: 'For the harbour' });
  });

  await beside.query(
    `INSERT INTO public.models (id, name, provider, input_price_per_1k, is_active) VALUES ('own/pier', 'Pier', 'own', 0.004, true)`,
  );
  await test.step('replaced by another from its row, which an undo takes back', async () => {
    const uses = async (): Promise<unknown> => {
      const { rows } = await beside.query(
        `SELECT (SELECT array_agg(model_id || ' ' || status ORDER BY model_id, status) FROM public.subscriptions
             WHERE model_id IN ('own/harbour', 'own/pier')) AS subscriptions,
           (SELECT array_agg(km.model_id::text) FROM public.api_key_models km JOIN public.api_keys k ON k.id = km.api_key_id
             WHERE k.name = 'Only harbour') AS key`,
      );
      return rows[0];
    };
    const before = { subscriptions: ['own/harbour active', 'own/harbour active'], key: ['own/harbour'] };
    await expect.poll(uses).toEqual(before);
    await page
      .getByRole('row', { name: /Harbour/ })
      .getByRole('button')
      .click();
    await page.getByRole('menuitem', { name: 'Replace…' }).click();
    const panel = dialog(page, 'Replace Harbour');
    await panel.getByRole('combobox', { name: 'By which model' }).fill('Pie');
    await page.getByRole('option', { name: 'Pier', exact: true }).click();
    await expectAccessible(page, 'the dark panel of a replacement');
    await panel.getByRole('button', { name: 'Review the replacement' }).click();
    const review = dialog(page, 'Replace Harbour').last();
    await expect(review.getByText(/Pier: 4 USD \(\+1.5\) in/)).toBeVisible();
    await expect(review.getByText(/^1 key gets the one in place of the other/)).toBeVisible();
    await review.getByLabel('Reason').fill('the pier is newer');
    await expectAccessible(page, 'the dark review of a replacement');
    await review.getByRole('button', { name: 'Replace 2 subscriptions' }).click();
    await expect(toast(page, 'Replaced 2 subscriptions.')).toBeVisible();
    await expect.poll(uses).toEqual({
      subscriptions: [
        ...['own/harbour cancelled', 'own/harbour cancelled'],
        ...['own/pier active', 'own/pier active'],
      ],
      key: ['own/pier'],
    });
    await toast(page, 'Replaced 2 subscriptions.').getByRole('button', { name: 'Undo' }).click();
    const undo = page.getByRole('dialog');
    await undo.getByLabel('Reason').fill('the harbour stays open');
    await undo.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(toast(page, /Undone: 2 records/)).toBeVisible();
    await expect.poll(uses).toEqual(before);
  });

  await test.step('retired from its row with what would be left, and brought back whole', async () => {
    const left = async (): Promise<unknown> => {
      const { rows } = await beside.query(
        `SELECT (SELECT array_agg(DISTINCT status::text) FROM public.subscriptions WHERE model_id = 'own/harbour') AS statuses,
           (SELECT is_active FROM public.api_keys WHERE name = 'Only harbour') AS key`,
      );
      return rows[0];
    };
    await page
      .getByRole('row', { name: /Harbour/ })
      .getByRole('button')
      .click();
    await page.getByRole('menuitem', { name: 'Retire…' }).click();
    const review = dialog(page, 'Retire Harbour');
    await expect(review.getByText(/^2 subscriptions end, of /)).toBeVisible();
    await expect(
      review.getByText(
        '1 key would be left without a model, which in LiteLLM means all of them. It is blocked: Only harbour.',
      ),
    ).toBeVisible();
    await review.getByLabel('Reason').fill('the harbour closes');
    await expectAccessible(page, 'the dark review of a retired model');
    await review.getByRole('button', { name: 'Retire 1 model' }).click();
    await expect(toast(page, 'Harbour was retired.')).toBeVisible();
    await expect.poll(left).toEqual({ statuses: ['cancelled'], key: false });
    await toast(page, 'Harbour was retired.').getByRole('button', { name: 'Undo' }).click();
    const undo = page.getByRole('dialog');
    await undo.getByLabel('Reason').fill('it stays open');
    await undo.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(toast(page, 'Undone: Harbour.')).toBeVisible();
    await expect.poll(left).toEqual({ statuses: ['active'], key: true });
    await expect.poll(model).toMatchObject({ isActive: true });
  });
  await beside.end();
});
