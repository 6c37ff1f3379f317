import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { expectLoaded, openLocal, openScreen } from './steps';

const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).last();

test('A leaver: all at once and a report, deleted later, and no key comes back live', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  const beside = await connectToLocal(demoConsole.dataFolder);
  const one = async (text: string): Promise<unknown> => (await beside.query(text)).rows[0];
  await beside.query(`
    INSERT INTO public.users (username, email, oauth_provider, oauth_id)
    SELECT name, name || '@example.org', 'test', name FROM unnest(ARRAY['lea-goes', 'hana-stays']) AS name`);
  await beside.query(`
    WITH team AS (INSERT INTO public.teams (name) VALUES ('Lighthouse') RETURNING id), lea AS (
      SELECT id FROM public.users WHERE username = 'lea-goes'), joined AS (
      INSERT INTO public.team_members (team_id, user_id, role) SELECT team.id, lea.id, 'admin' FROM team, lea), subscribed AS (
      INSERT INTO public.subscriptions (user_id, model_id, status)
      SELECT lea.id, m.id, 'active' FROM lea, (SELECT id FROM public.models WHERE is_active ORDER BY id LIMIT 2) AS m)
    INSERT INTO public.api_keys (user_id, team_id, name, key_hash, key_prefix)
    SELECT lea.id, CASE k.name WHEN 'lea-team' THEN team.id END, k.name, md5(k.name), 'sk-...' || right(md5(k.name), 4)
    FROM lea, team, unnest(ARRAY['lea-own', 'lea-team']) AS k (name)`);
  const state = () =>
    one(`
      SELECT u.is_active AS active,
        (SELECT count(*)::int FROM public.api_keys k WHERE k.user_id = u.id) AS keys,
        (SELECT count(*)::int FROM public.api_keys k WHERE k.user_id = u.id AND k.is_active) AS live,
        (SELECT count(*)::int FROM public.subscriptions s WHERE s.user_id = u.id AND s.status = 'active') AS subscriptions,
        (SELECT string_agg(tu.username || ' ' || tm.role, ', ' ORDER BY tu.username) FROM public.team_members tm
         JOIN public.users tu ON tu.id = tm.user_id JOIN public.teams t ON t.id = tm.team_id WHERE t.name = 'Lighthouse') AS team
      FROM public.users u WHERE u.username = 'lea-goes'`);
  const there = { active: true, keys: 2, live: 2, subscriptions: 2, team: 'lea-goes admin' };
  const left = { active: false, keys: 2, live: 0, subscriptions: 0, team: 'hana-stays admin' };
  expect(await state()).toEqual(there);

  const leave = async (): Promise<void> => {
    const panel = dialog(page, 'Offboard lea-goes');
    await expect(
      panel.getByText('2 API keys are blocked: here, and in LiteLLM where one is linked.'),
    ).toBeVisible();
    await expect(panel.getByRole('button', { name: '1 team to decide on' })).toBeDisabled();
    await panel.getByRole('combobox', { name: 'New admin of Lighthouse' }).fill('hana');
    await page.getByRole('option', { name: 'hana-stays' }).click();
    await expectAccessible(page, 'the panel of who leaves');
    await panel.getByRole('button', { name: 'Review', exact: true }).click();
    // The panel stays under its review, under the same name.
    const review = dialog(page, 'Offboard lea-goes').last();
    await expect(review.getByText('hana-stays becomes admin of Lighthouse.')).toBeVisible();
    await expect(review.getByText(/^2 API keys that are on are blocked/)).toBeVisible();
    await expectAccessible(page, 'the review of who leaves');
    await review.getByLabel('Reason').fill('has left us');
    await review.getByRole('button', { name: 'Offboard', exact: true }).click();
    await expect(toast(page, 'lea-goes was offboarded.')).toBeVisible();
    await expect.poll(state).toEqual(left);
  };

  await test.step('from the list: what must be decided, the review, and the undo of all of it', async () => {
    await openScreen(page, '/users', '?q=lea-goes');
    await expectLoaded(page);
    const row = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
    await expect(row).toHaveCount(1);
    await row.getByRole('button').last().click();
    await page.getByRole('menuitem', { name: 'Offboard…' }).click();
    await leave();
    await toast(page, 'lea-goes was offboarded.').getByRole('button', { name: 'Undo' }).click();
    const back = dialog(page, /^Undo/);
    await back.getByLabel('Reason').fill('stays after all');
    await back.getByRole('button', { name: /^Undo/ }).click();
    await expect(toast(page, 'Undone: lea-goes.')).toBeVisible();
    await expect.poll(state).toEqual(there);
    await expect(page.getByText('Taken back since').first()).toBeVisible();
  });

  await test.step('from the page, with a report that is printed and found again', async () => {
    await openScreen(page, '/users', '?q=lea-goes');
    await expectLoaded(page);
    await page.getByRole('gridcell').getByRole('link', { name: 'lea-goes' }).click();
    await page.getByRole('button', { name: 'Offboard…' }).click();
    await leave();
    await expect(page.getByRole('heading', { level: 1, name: 'Offboarding of lea-goes' })).toBeVisible();
    const keys = page.getByRole('table', { name: 'API keys that were blocked' });
    await expect(keys.getByRole('row', { name: /^lea-team .* Lighthouse/ })).toBeVisible();
    const teams = page.getByRole('table', { name: 'Memberships that ended' });
    await expect(teams.getByRole('row', { name: /^Lighthouse Administrator hana-stays/ })).toBeVisible();
    await expect(page.getByText('has left us')).toBeVisible();
    await expectAccessible(page, 'the report');
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', 'yes');
    });
    await page.getByRole('button', { name: 'Print report…' }).click();
    await expect(page.locator('body[data-printed]')).toHaveCount(1);
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('button', { name: 'Print report…' })).toBeHidden();
    await expect(keys).toBeVisible();
    await page.emulateMedia({ media: 'screen' });
    await openScreen(page, '/audit', '?action=USER_OFFBOARD');
    await expectLoaded(page);
    await page.getByRole('gridcell').getByRole('link').first().click();
    await page.getByRole('link', { name: 'Offboarding report' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Offboarding of lea-goes' })).toBeVisible();
  });

  await test.step('deleted in a later review; its undo brings keys back that are not live', async () => {
    await openScreen(page, '/users', '?q=lea-goes');
    await expectLoaded(page);
    await page.getByRole('gridcell').getByRole('link', { name: 'lea-goes' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const review = dialog(page, /^Delete /);
    await review.getByLabel('Reason').fill('a year later');
    await review.getByLabel(/^Type/).fill('lea-goes');
    await review.getByRole('button', { name: /^Delete/ }).click();
    await expect(toast(page, 'lea-goes')).toBeVisible();
    await expect.poll(state).toBeUndefined();
    await toast(page, 'lea-goes').getByRole('button', { name: 'Undo' }).click();
    await expect(toast(page, 'Undone: lea-goes.')).toBeVisible();
    await expect.poll(state).toEqual(left);
  });
  await beside.end();
});
