import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { chooseTheme, expectLoaded, openScreen, setUpLocal } from './steps';

const panel = (page: Page) => page.getByRole('dialog', { name: 'New users' });
const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).last();

test('Users are created, one and pasted as a list, by mouse and by keyboard, and taken back', async ({
  page,
  console_,
}) => {
  await page.goto(console_.url);
  await setUpLocal(page);
  const beside = await connectToLocal(console_.dataFolder);
  const created = async (): Promise<unknown> =>
    (
      await beside.query(
        `SELECT u.username, u.email, u.full_name AS name, u.oauth_id LIKE 'unknown:%' AS unknown,
           (SELECT count(*)::int FROM public.team_members m WHERE m.user_id = u.id) AS teams
         FROM public.users u ORDER BY 1`,
      )
    ).rows;
  await beside.query(`INSERT INTO public.teams (name) VALUES ('Crew')`);
  await beside.query(`INSERT INTO public.models (id, name, provider) VALUES ('mini', 'Mini', 'test')`);
  await openScreen(page, '/users');
  await expectLoaded(page);

  await test.step('by mouse: one person with a further team, undone from the toast', async () => {
    await page.getByRole('button', { name: 'New user' }).click();
    await panel(page).getByLabel('E-mail', { exact: true }).fill('ana@example.org');
    await panel(page).getByLabel('Further teams').click();
    await page.getByRole('option', { name: 'Crew' }).click();
    await panel(page).getByLabel('Id there').fill('uid-ana');
    await panel(page).getByRole('combobox', { name: 'Models' }).click();
    await page.getByRole('option', { name: 'Mini' }).click();
    await panel(page).getByLabel('Quota of requests', { exact: true }).fill('70');
    await expectAccessible(page, 'the panel of one person');
    await panel(page).getByRole('button', { name: 'Review 1 new user' }).click();
    const review = page.getByRole('dialog', { name: 'Create ana' });
    await expect(review.getByRole('row', { name: 'Max budget $100.00' })).toBeVisible();
    await expectAccessible(page, 'the review of one person');
    await review.getByRole('button', { name: 'Create 1 user' }).click();
    await expect(toast(page, 'Created ana.')).toBeVisible();
    await expect(panel(page)).toBeHidden();
    const subscribed = async (): Promise<unknown> =>
      (await beside.query(`SELECT model_id, status, quota_requests FROM public.subscriptions`)).rows;
    await expect.poll(subscribed).toEqual([{ model_id: 'mini', status: 'active', quota_requests: '70' }]);
    const ana = { username: 'ana', email: 'ana@example.org', name: null, unknown: false, teams: 2 };
    await expect.poll(created).toEqual([ana]);
    await expect(page.getByRole('gridcell', { name: 'ana', exact: true }).first()).toBeVisible();
    await toast(page, 'Created ana.').getByRole('button', { name: 'Undo' }).click();
    await expect(toast(page, 'Undone: ana.')).toBeVisible();
    await expect.poll(created).toEqual([]);
    await expect.poll(subscribed).toEqual([]);
  });

  await test.step('by mouse: a list, of whom one is there already', async () => {
    await beside.query(
      `INSERT INTO public.users (username, email, oauth_provider, oauth_id) VALUES ('cleo', 'Cleo@example.org', 'test', 'cleo')`,
    );
    await page.getByRole('button', { name: 'New user' }).click();
    await panel(page).getByRole('radio', { name: 'Paste a list' }).check();
    await panel(page)
      .getByLabel('E-mail addresses')
      .fill('"Lopez, Ana" <ana@example.org>; bea@example.org\ncleo@example.org\nnobody');
    await expect(panel(page).getByText('2 people are new.')).toBeVisible();
    await expect(panel(page).getByText('Line 3: “nobody”. No e-mail address.')).toBeVisible();
    await expectAccessible(page, 'the panel of a list');
    await panel(page).getByRole('link', { name: 'Show them in the list' }).click();
    await expect(panel(page)).toBeHidden();
    await expect(page.getByText('1 chosen person')).toBeVisible();
    await expect(page.getByRole('gridcell', { name: 'cleo', exact: true }).first()).toBeVisible();
    await page.getByRole('button', { name: 'New user' }).click();
    await panel(page).getByRole('button', { name: 'Review 2 new users' }).click();
    const review = page.getByRole('dialog', { name: 'Create 2 users' });
    await expect(review.getByText('2 records are created.')).toBeVisible();
    await expectAccessible(page, 'the review of a list');
    await review.getByRole('button', { name: 'Create 2 users' }).click();
    await expect(toast(page, 'Created 2 users.')).toBeVisible();
    await expect
      .poll(created)
      .toMatchObject([
        { username: 'ana', name: 'Lopez, Ana', unknown: true, teams: 1 },
        { username: 'bea', name: null, unknown: true, teams: 1 },
        { username: 'cleo' },
      ]);
  });

  await chooseTheme(page, 'Dark');
  await test.step('by keyboard alone, from another screen and in the dark', async () => {
    await openScreen(page, '/teams');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused();
    await page.keyboard.type('new user');
    await page.keyboard.press('Enter');
    await expect(panel(page)).toBeVisible();
    await expectAccessible(page, 'the dark panel');
    await panel(page).getByLabel('E-mail', { exact: true }).focus();
    await page.keyboard.type('dora@example.org');
    await page.keyboard.press('Tab');
    await page.keyboard.type('dora.k');
    await page.keyboard.press('Control+Enter');
    const review = page.getByRole('dialog', { name: 'Create dora.k' });
    await expect(review.getByRole('button', { name: 'Create 1 user' })).toBeEnabled();
    await expectAccessible(page, 'the dark review');
    await review.getByRole('button', { name: 'Create 1 user' }).focus();
    await page.keyboard.press('Enter');
    await expect(toast(page, 'Created dora.k.')).toBeVisible();
    await toast(page, 'Created dora.k.').getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await expect(toast(page, 'Undone: dora.k.')).toBeVisible();
    await expect.poll(created).toHaveLength(3);
  });
  await test.step('from the overview: a record made twice is merged, in the dark, and taken back', async () => {
    await beside.query(
      `WITH twin AS (
         INSERT INTO public.users (username, email, oauth_provider, oauth_id, last_login_at)
         VALUES ('ana.l', 'Ana@Example.org', 'openshift', 'uid-ana', now()) RETURNING id
       ), member AS (
         INSERT INTO public.team_members (team_id, user_id, role)
         SELECT t.id, u.id, 'admin' FROM public.teams t, public.users u WHERE t.name = 'Crew' AND u.username = 'ana'
       )
       INSERT INTO public.api_keys (user_id, name, key_hash, key_prefix)
       SELECT id, 'laptop', 'hash', 'sk-ana' FROM public.users WHERE username = 'ana'`,
    );
    const crew = async (): Promise<unknown> =>
      (
        await beside.query(
          `SELECT u.username, u.is_active AS active,
             (SELECT count(*)::int FROM public.team_members m WHERE m.user_id = u.id) AS teams,
             (SELECT count(*)::int FROM public.api_keys k WHERE k.user_id = u.id) AS keys
           FROM public.users u WHERE u.username LIKE 'ana%' ORDER BY 1`,
        )
      ).rows;
    const before = [
      { username: 'ana', active: true, teams: 2, keys: 1 },
      { username: 'ana.l', active: true, teams: 1, keys: 0 },
    ];
    await expect.poll(crew).toEqual(before);
    await openScreen(page, '/');
    await page.getByRole('link', { name: '2 users share an e-mail' }).click();
    await expect(page.getByRole('button', { name: /somebody else has in other capitals/ })).toBeVisible();
    await page.getByRole('link', { name: 'ana', exact: true }).click();
    await page.getByRole('button', { name: 'Merge with ana.l…' }).click();
    const choice = page.getByRole('dialog', { name: 'Merge two users' });
    await expect(choice.getByRole('radio', { name: /^ana\.l · / })).toBeChecked();
    await expectAccessible(page, 'the choice of who stays');
    await choice.getByRole('button', { name: 'Review' }).click();
    const review = page.getByRole('dialog', { name: 'Merge ana into ana.l' });
    await expect(review.getByText('Memberships that move to ana.l: Crew.')).toBeVisible();
    await expectAccessible(page, 'the review of a merge');
    await review.getByLabel('Reason').fill('one person');
    await review.getByRole('button', { name: 'Merge' }).click();
    await expect(toast(page, 'ana was merged.')).toBeVisible();
    await expect.poll(crew).toEqual([
      { username: 'ana', active: false, teams: 0, keys: 0 },
      { username: 'ana.l', active: true, teams: 2, keys: 1 },
    ]);
    await expect(page.getByText('Another user has this address')).toBeHidden();
    await toast(page, 'ana was merged.').getByRole('button', { name: 'Undo' }).click();
    const undo = page.getByRole('dialog', { name: 'Undo a change' });
    await undo.getByLabel('Reason').fill('two people');
    await undo.getByRole('button', { name: 'Undo' }).click();
    await expect(toast(page, 'Undone: ana.')).toBeVisible();
    await expect.poll(crew).toEqual(before);
  });
  await beside.end();
});
