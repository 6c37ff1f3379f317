import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { chooseTheme, expectLoaded, openLocal, openScreen } from './steps';

const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).last();

test('Requests are approved and denied by key, subscriptions suspended together, and one is extended and changed', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  const beside = await connectToLocal(demoConsole.dataFolder);
  const count = async (status: string): Promise<number> => {
    const { rows } = await beside.query<{ total: number }>(
      `SELECT count(*)::int AS total FROM public.subscriptions
       WHERE public.effective_subscription_status(status, expires_at)::text = $1`,
      [status],
    );
    return rows[0]?.total ?? 0;
  };
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  /** Goes into the row of somebody's request, as the arrow keys do. */
  const enter = (person: string) => rows.filter({ hasText: person }).getByRole('checkbox').focus();
  // Who asked for one of the two has left meanwhile.
  await beside.query(`UPDATE public.users SET is_active = false WHERE username = 'rachel.cohen'`);
  const active = await count('active');

  await test.step('the queue: A approves, and not whom the world has left behind', async () => {
    await openScreen(page, '/subscriptions');
    await page.getByRole('link', { name: '2 wait for approval' }).click();
    await expect(page.getByText('In a row, A approves and D denies it.', { exact: false })).toBeVisible();
    await expect(rows).toHaveCount(2);
    await expect(
      rows.filter({ hasText: 'rachel.cohen' }).getByRole('img', { name: 'The person was deactivated' }),
    ).toBeVisible();
    await expectAccessible(page, 'the queue of requests');
    await enter('liam.oconnor');
    await page.keyboard.press('a');
    const review = dialog(page, /^Approve /);
    await expect(review.getByRole('rowheader', { name: 'Status' })).toBeVisible();
    await review.getByRole('button', { name: 'Approve 1 request' }).click();
    await expect(toast(page, 'Approved')).toBeVisible();
    await expect(rows).toHaveCount(1);
    await expect.poll(() => count('active')).toBe(active + 1);
  });

  await test.step('D denies for a reason, the denied one is listed as such and can be opened again', async () => {
    await enter('rachel.cohen');
    // It can't be approved: the key does nothing, and no review comes before that of D.
    await page.keyboard.press('a');
    await page.keyboard.press('d');
    const review = dialog(page, /^Deny /);
    await review.getByLabel('Reason').fill('has left');
    await expectAccessible(page, 'the review of a denial');
    await review.getByRole('button', { name: 'Deny 1 request' }).click();
    await expect(toast(page, 'Denied')).toBeVisible();
    await openScreen(page, '/subscriptions', '?denied=true');
    await expect(rows).toHaveCount(1);
    await expect(rows.first().getByText('Denied', { exact: true })).toBeVisible();
    await rows.first().getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Open again…' }).click();
    await dialog(page, /^Open .* again$/)
      .getByRole('button', { name: 'Change 1 record' })
      .click();
    await expect(toast(page, 'Changed')).toBeVisible();
    await expect.poll(() => count('pending')).toBe(1);
  });

  await chooseTheme(page, 'Dark');
  await test.step('all that a filter finds are suspended together, and brought back from the toast', async () => {
    await openScreen(page, '/subscriptions', '?status=active');
    await expectLoaded(page);
    await page.getByRole('checkbox', { name: 'Select all rows' }).check();
    await page.getByRole('button', { name: /^Select all / }).click();
    await page.getByRole('button', { name: 'Suspend', exact: true }).click();
    const review = dialog(page, /^Suspend /);
    await review.getByLabel('Reason').fill('audit');
    await expectAccessible(page, 'the dark review of suspensions');
    await review.getByRole('button', { name: /^Change \d+ records$/ }).click();
    await expect(toast(page, 'records.')).toBeVisible();
    await expect.poll(() => count('active')).toBe(0);
    await toast(page, 'records.').getByRole('button', { name: 'Undo' }).click();
    const back = dialog(page, /^Undo/);
    await back.getByLabel('Reason').fill('audit is over');
    await back.getByRole('button', { name: /^Undo/ }).click();
    await expect(toast(page, 'Undone')).toBeVisible();
    await expect.poll(() => count('active')).toBe(active + 1);
  });

  await test.step('on its page one is given an end and a lower quota', async () => {
    await openScreen(page, '/subscriptions', '?status=active');
    await expectLoaded(page);
    await rows.first().getByRole('link').first().click();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const panel = dialog(page, /^Edit /);
    await panel.getByLabel('Requests per minute', { exact: true }).fill('33');
    await panel.getByRole('switch', { name: 'Never expires' }).click();
    await expectAccessible(page, 'the dark panel of a subscription');
    await panel.getByRole('button', { name: '2 changes: review' }).click();
    const review = dialog(page, /^Change /);
    await expect(review.getByText(/^Works until .* 23:59:59 UTC\.$/)).toBeVisible();
    await review.getByRole('button', { name: 'Change 1 record' }).click();
    await expect(toast(page, 'Changed')).toBeVisible();
    await expect(panel).toBeHidden();
    await page.getByRole('button', { name: 'Extend…' }).click();
    await dialog(page, /^Extend /)
      .getByRole('button', { name: 'Review' })
      .click();
    await dialog(page, /^Extend /)
      .getByRole('button', { name: 'Change 1 record' })
      .click();
    // The panel proposes 90 days, the dialog 30.
    const extended = async (): Promise<unknown> => {
      const { rows: found } = await beside.query(
        `SELECT (expires_at AT TIME ZONE 'UTC')::date - (now() AT TIME ZONE 'UTC')::date AS days
         FROM public.subscriptions WHERE rpm_limit = 33`,
      );
      return found[0];
    };
    await expect.poll(extended).toEqual({ days: 120 });
  });
  await test.step('two people get a model in one review, whoever has it is named, and the toast takes it back', async () => {
    await beside.query(`UPDATE public.users SET is_active = true WHERE username = 'rachel.cohen'`);
    const { rows: chosen } = await beside.query<{ name: string; holder: string }>(
      `SELECT m.name, u.username AS holder FROM public.subscriptions s
       JOIN public.models m ON m.id = s.model_id AND m.is_active JOIN public.users u ON u.id = s.user_id AND u.is_active
       WHERE s.status = 'active' AND s.expires_at IS NULL AND NOT EXISTS (
         SELECT FROM public.subscriptions o JOIN public.users r ON r.id = o.user_id
         WHERE o.model_id = s.model_id AND r.username = 'rachel.cohen')
       ORDER BY 2, 1 LIMIT 1`,
    );
    const { name = '', holder = '' } = chosen[0] ?? {};
    const { rows: emails } = await beside.query<{ email: string }>(
      `SELECT email FROM public.users WHERE username = ANY($1)`,
      [[holder, 'rachel.cohen']],
    );
    const before = await count('active');
    await openScreen(page, '/subscriptions');
    await page.getByRole('button', { name: 'New subscriptions…' }).click();
    const panel = dialog(page, 'New subscriptions');
    await panel.getByLabel('Or paste e-mail addresses').fill(emails.map(({ email }) => email).join('; '));
    await panel.getByRole('combobox', { name: 'Models' }).fill(name);
    await page.getByRole('option', { name, exact: true }).click();
    await expectAccessible(page, 'the panel of new subscriptions');
    await panel.getByRole('button', { name: 'Review 2 subscriptions' }).click();
    const review = dialog(page, 'New subscriptions: people 2, models 1');
    await expect(review.getByRole('link', { name: `${holder} · ${name}` })).toBeVisible();
    await expectAccessible(page, 'the review of new subscriptions');
    await review.getByRole('button', { name: 'Open 1 subscription' }).click();
    await expect(toast(page, 'Created')).toBeVisible();
    await expect(panel).toBeHidden();
    await expect.poll(() => count('active')).toBe(before + 1);
    await toast(page, 'Created').getByRole('button', { name: 'Undo' }).click();
    await expect(toast(page, 'Undone')).toBeVisible();
    await expect.poll(() => count('active')).toBe(before);
  });
  await beside.end();
});
