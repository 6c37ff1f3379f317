import { readFile } from 'node:fs/promises';
import { expect, test } from './fixture';
import { openScreen, openLocal } from './steps';

test('a list keeps its page, order and search in the address, over reload and back', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  await openScreen(page, '/users');
  await expect(page.getByText('1–25 of 40')).toBeVisible();
  // After the checkbox.
  const firstUser = page.getByRole('gridcell').nth(1);
  const onFirstPage = await firstUser.innerText();

  await page.getByRole('button', { name: 'Go to next page' }).click();
  await expect(page.getByText('26–40 of 40')).toBeVisible();
  await expect(firstUser).not.toHaveText(onFirstPage, { useInnerText: true });
  await page.reload();
  await expect(page.getByText('26–40 of 40')).toBeVisible();

  // The other way round begins at the first page again.
  // The grid says it too, a moment after the address: a click before that would ask for the same order again.
  const username = page.getByRole('columnheader', { name: 'Username' });
  await username.click();
  await expect(page).toHaveURL(/sort=username(:|%3A)asc/);
  await expect(username).toHaveAttribute('aria-sort', 'ascending');
  await username.click();
  await expect(page).toHaveURL(/sort=username(:|%3A)desc/);
  await expect(page.getByText('1–25 of 40')).toBeVisible();
  await expect(firstUser).toContainText('zoe.martin');

  const name = (await firstUser.getByRole('link').innerText()).trim();
  await firstUser.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.goBack();
  await expect(firstUser).toContainText(name);

  const searchBox = page.getByRole('textbox', { name: /search/i });
  await searchBox.fill(name);
  await expect(page.getByText('1–1 of 1')).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(name);
  await searchBox.fill('nobody is called that');
  await expect(page.getByText('Nothing matches')).toBeVisible();
});
