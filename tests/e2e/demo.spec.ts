import { startConsole } from './console-process';
import { describeLocal } from './describe-local';
import { expect, test } from './fixture';
import { openLocal, openScreen, setUpLocal } from './steps';

test('the demo is there after one click, survives a restart, and goes with another', async ({
  page,
  console_,
  demoConsole,
}) => {
  await page.goto(console_.url);
  await setUpLocal(page, { demo: true });
  const made = await describeLocal(console_.dataFolder);
  await openScreen(page, '/users');
  await expect(page.getByText(/of 40\b/)).toBeVisible();
  await openScreen(page, '/api-keys');
  await expect(page.getByText(/of 80\b/)).toBeVisible();

  // A pasted key is looked for by its hash and stays out of the address.
  await page.getByRole('textbox', { name: /search/i }).fill('sk-not-a-key-of-anybody');
  await expect(page.getByText(/of 80\b/)).toBeHidden();
  expect(page.url()).not.toContain('sk-not');

  // There is no keychain on most test machines: the local database opens without one.
  await console_.stop();
  const again = await startConsole({ dataFolder: console_.dataFolder });
  try {
    await page.goto(again.url);
    await openLocal(page);
    await openScreen(page, '/database');
    await page.getByRole('button', { name: /remove demo data/i }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /remove/i })
      .click();
    await openScreen(page, '/users');
    await expect(
      page.getByText('Nobody here yet').or(page.getByText(/nothing here yet|no users yet/i)),
    ).toBeVisible({ timeout: 30_000 });
  } finally {
    await again.stop();
  }

  await test.step('what the other tests begin with is what that click makes', async () => {
    await page.goto(demoConsole.url);
    await openLocal(page);
    expect(await describeLocal(demoConsole.dataFolder)).toEqual(made);
  });
});
