import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { expectLoaded, openLocal, openScreen } from './steps';

const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).last();

test('A quota is raised from what the overview points at, and 500 subscriptions are suspended and brought back', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  const beside = await connectToLocal(demoConsole.dataFolder);

  await test.step('from the overview to the subscription that is near its quota, and it is near no more', async () => {
    await beside.query(`UPDATE public.subscriptions SET quota_requests = 0 WHERE status = 'active'`);
    await beside.query(
      `UPDATE public.subscriptions SET quota_requests = 1000, used_requests = 950
       WHERE id = (SELECT id FROM public.subscriptions WHERE status = 'active' AND expires_at IS NULL ORDER BY id LIMIT 1)`,
    );
    // What another program wrote is not announced.
    await page.reload();
    await page.getByRole('link', { name: /^1 subscription .* quota/ }).click();
    await expectLoaded(page);
    const row = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
    await expect(row).toHaveCount(1);
    await expectAccessible(page, 'the list of what is near a quota');
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Edit…' }).click();
    const panel = dialog(page, /^Edit /);
    await panel.getByLabel('Quota of requests', { exact: true }).fill('2000');
    await panel.getByRole('button', { name: '1 change: review' }).click();
    await dialog(page, /^Change /)
      .getByRole('button', { name: 'Change 1 record' })
      .click();
    await expect(toast(page, 'Changed')).toBeVisible();
    await expect(row).toHaveCount(0);
    await openScreen(page, '/');
    await expectLoaded(page);
    await expect(page.getByRole('link', { name: /subscription .* quota/ })).toHaveCount(0);
  });

  await test.step('from the overview to what has a new period since, which begins at its date', async () => {
    await beside.query(
      `UPDATE public.subscriptions SET quota_requests = 10, used_requests = 11, budget_duration = '1d',
         reset_at = date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
       WHERE id = (SELECT id FROM public.subscriptions WHERE status = 'active' AND expires_at IS NULL ORDER BY id LIMIT 1)`,
    );
    await page.reload();
    await page.getByRole('link', { name: '1 subscription whose period has ended' }).click();
    await expectLoaded(page);
    const row = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
    await expect(row).toHaveCount(1);
    await expect(row.getByText('Suspended')).toBeVisible();
    await expectAccessible(page, 'the list of what is due');
    await page.getByRole('checkbox', { name: 'Select all rows' }).check();
    await page.getByRole('button', { name: 'Reset period', exact: true }).click();
    const review = dialog(page, /^Reset the period of 1 subscription/);
    await expect(review.getByText('Its quota suspended it: it is active again.')).toBeVisible();
    await expectAccessible(page, 'the review of a reset');
    await review.getByLabel('Reason').fill('a new day');
    await review.getByRole('button', { name: 'Change 1 record' }).click();
    await expect(toast(page, 'Changed')).toBeVisible();
    await expect(row).toHaveCount(0);
    await expect
      .poll(async () => {
        const { rows } = await beside.query(
          `SELECT status, used_requests::int AS used, reset_at > now() AS "hasNext" FROM public.subscriptions
           WHERE period_started_at = date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'`,
        );
        return rows as unknown;
      })
      .toMatchObject([{ status: 'active', hasNext: true }]);
  });

  await test.step('500 at once, and each comes back as it was', async () => {
    await beside.query(
      `WITH people AS (
         INSERT INTO public.users (username, email, oauth_provider, oauth_id)
         SELECT 'crew-' || n, 'crew-' || n || '@example.org', 'test', 'crew-' || n FROM generate_series(1, 500) AS n
         RETURNING id)
       INSERT INTO public.subscriptions (user_id, model_id, status, quota_requests, max_budget)
       SELECT people.id, (SELECT id FROM public.models WHERE is_active ORDER BY id LIMIT 1),
         'active', row_number() OVER (), row_number() OVER () * 1.5 FROM people`,
    );
    const state = async (): Promise<unknown> => {
      const { rows } = await beside.query(
        `SELECT s.status, count(*)::int AS count,
           md5(string_agg(concat_ws(',', s.id, s.quota_requests, s.max_budget, s.used_requests), ';' ORDER BY s.id)) AS rest
         FROM public.subscriptions s JOIN public.users u ON u.id = s.user_id
         WHERE u.username LIKE 'crew-%' GROUP BY s.status`,
      );
      return rows;
    };
    const before = await state();
    await openScreen(page, '/subscriptions', '?q=crew-');
    await expectLoaded(page);
    await page.getByRole('checkbox', { name: 'Select all rows' }).check();
    await page.getByRole('button', { name: 'Select all 500 that match' }).click();
    await page.getByRole('button', { name: 'Suspend', exact: true }).click();
    const review = dialog(page, /^Suspend /);
    await review.getByLabel('Reason').fill('the crew is ashore');
    await review.getByRole('button', { name: 'Change 500 records' }).click();
    await expect(toast(page, 'Changed 500 records.')).toBeVisible();
    await expect.poll(state).toMatchObject([{ status: 'suspended', count: 500 }]);
    await toast(page, 'Changed 500 records.').getByRole('button', { name: 'Undo' }).click();
    const back = dialog(page, /^Undo/);
    await back.getByLabel('Reason').fill('back aboard');
    await back.getByRole('button', { name: /^Undo/ }).click();
    await expect(toast(page, 'Undone: 500 records.')).toBeVisible();
    await expect.poll(state).toEqual(before);
  });
  await beside.end();
});
