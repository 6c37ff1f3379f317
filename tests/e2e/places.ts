import { expect, type Page } from '@playwright/test';
import { goTo, screens } from './steps';

/** Lists whose first row leads to a page of its own. */
const lists = ['/users', '/teams', '/models', '/subscriptions', '/api-keys', '/audit'] as const;

/** Every address that shows something of its own, of a console with data: screens, forms, records, and none at all. */
export async function allPlaces(page: Page): Promise<readonly string[]> {
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
  // A checkbox before it opens nothing.
  await page.getByRole('row').nth(1).locator('[role=gridcell]:not([data-field^=__])').first().click();
  await expect(page).not.toHaveURL(new RegExp(`#${list}$`));
  return new URL(page.url()).hash.slice(1);
}
