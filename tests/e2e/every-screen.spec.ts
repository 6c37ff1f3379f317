import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectReflow, test } from './fixture';
import { isUntranslated, listenToAnswers, pseudo, textsOf } from './page-text';
import { chooseTheme, goTo, screens, setUpLocal } from './steps';

/** Lists whose first row leads to a page of its own. */
const lists = ['/users', '/teams', '/models', '/subscriptions', '/api-keys', '/audit'] as const;

/** Every address that shows something of its own, of a console with data: screens, forms, records, and none at all. */
async function allPlaces(page: Page): Promise<readonly string[]> {
  const places = [
    ...Object.keys(screens),
    '/connect',
    '/database/browse/public/users',
    '/no/such/place',
    '/workspaces',
  ];
  await goTo(page, '/workspaces');
  const edit = await page.locator('a[href^="#/workspaces/"]').first().getAttribute('href');
  places.push(edit?.slice(1) ?? 'no workspace');
  for (const list of lists) places.push(await firstRecord(page, list));
  return places;
}

/** The address of the first record of a list. */
async function firstRecord(page: Page, list: string): Promise<string> {
  await goTo(page, list);
  await page.getByRole('row').nth(1).getByRole('gridcell').first().click();
  await expect(page).not.toHaveURL(new RegExp(`#${list}$`));
  return new URL(page.url()).hash.slice(1);
}

/** At 200 % a window of 1280 x 800 has half as many CSS pixels each way. */
const zooms = { '100 %': { width: 1280, height: 800 }, '200 %': { width: 640, height: 400 } } as const;
const looks = [
  ['Dark', '200 %'],
  // Axe takes a minute for each: all of them in npm run test:long.
  ...(process.env['LITEMAAS_LONG'] === '1'
    ? ([
        ['Light', '200 %'],
        ['Light', '100 %'],
        ['Dark', '100 %'],
      ] as const)
    : []),
] as const;

test('every screen, form and record page is accessible, dark and at 200 % zoom; in both themes and sizes in the long suite', async ({
  page,
  console_,
}) => {
  test.setTimeout(900_000);
  await page.goto(console_.url);
  await setUpLocal(page, { demo: true });
  const places = await allPlaces(page);
  for (const [theme, zoom] of looks) {
    await page.setViewportSize(zooms[zoom]);
    await chooseTheme(page, theme);
    for (const place of places) {
      await goTo(page, place);
      if (zoom === '200 %') await expectReflow(page, place);
      await expectAccessible(page, `${place} (${theme}, ${zoom})`);
    }
  }
});

test('no text is untranslated or clipped in the pseudo-locale', async ({ page, startConsole }) => {
  const console_ = await startConsole({ environment: { LITEMAAS_LANGUAGE: 'en-XA' } });
  const answers = listenToAnswers(page);
  await page.goto(console_.url);
  await expect(page.getByRole('heading', { name: pseudo('Set up your console') })).toBeVisible();
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: pseudo('Set up local database') }).click();
  await expect(page.getByRole('heading', { level: 1, name: pseudo('Overview') })).toBeVisible({
    timeout: 90_000,
  });
  const untranslated = new Set<string>();
  const clipped = new Set<string>();
  for (const path of await allPlaces(page)) {
    await goTo(page, path);
    const texts = await textsOf(page);
    await answers.settled();
    for (const found of texts) {
      if (isUntranslated(found.text, answers)) untranslated.add(`${path}: ${found.text}`);
      if (found.clipped && found.text.includes('⟦')) clipped.add(`${path}: ${found.text}`);
    }
  }
  expect([...untranslated, ...answers.untranslated]).toEqual([]);
  expect([...clipped]).toEqual([]);
});
