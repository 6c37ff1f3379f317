import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { chooseTheme, openLocal, openScreen } from './steps';

test('A suspended subscription says why, and is restored by what it offers', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  const beside = await connectToLocal(demoConsole.dataFolder);
  const { rows } = await beside.query<{ id: string }>(`
    SELECT id FROM public.subscriptions
    WHERE public.effective_subscription_status(status, expires_at) = 'active' AND used_requests > 0
      AND quota_tokens IS NULL
    ORDER BY id LIMIT 1`);
  const id = rows[0]?.id ?? '';
  await beside.query(`UPDATE public.subscriptions SET quota_requests = used_requests WHERE id = $1`, [id]);
  await beside.query(
    `INSERT INTO public.usage_logs (subscription_id, model_id, request_tokens, response_tokens, status_code)
     SELECT id, model_id, 7, 5, 200 FROM public.subscriptions WHERE id = $1`,
    [id],
  );

  await openScreen(page, '/subscriptions', '?status=suspended');
  await page
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })
    .first()
    .waitFor();
  await page.locator(`[data-id="${id}"]`).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Why suspended?' }).click();
  const section = page.getByRole('region', { name: 'Why is it suspended?' });
  await expect(section.getByText('A request went past the quota of requests.')).toBeVisible();
  await expect(section.getByText('of 12 tokens', { exact: false }).first()).toBeVisible();
  await expectAccessible(page, 'a subscription that says why it is suspended');
  await chooseTheme(page, 'Dark');
  await expectAccessible(page, 'a dark subscription that says why it is suspended');
  await section.getByRole('button', { name: 'Raise the quota…' }).click();
  const review = page.getByRole('dialog', { name: /^Raise the quota of / });
  await review.getByLabel('Reason').fill('agreed with finance');
  await review.getByRole('button', { name: 'Change 1 record' }).click();
  // What lies under a dialog is hidden too.
  await expect(review).toBeHidden();
  await expect(section).toBeHidden();
  const status = async (): Promise<unknown> =>
    (await beside.query(`SELECT status::text FROM public.subscriptions WHERE id = $1`, [id])).rows;
  await expect.poll(status).toEqual([{ status: 'active' }]);
  await beside.end();
});
