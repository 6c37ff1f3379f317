import { expect, type Page } from '@playwright/test';
import type { Simulator } from '../support/litellm/index';

/** Every screen of the console: its address and its title. */
export const screens = {
  '/': 'Overview',
  '/users': 'Users',
  '/teams': 'Teams',
  '/models': 'Models',
  '/subscriptions': 'Subscriptions',
  '/api-keys': 'API keys',
  '/usage': 'Usage',
  '/sync': 'LiteLLM sync',
  '/database': 'Database',
  '/database/browse': 'Browse',
  '/database/sql': 'SQL',
  '/database/health': 'Schema health',
  '/audit': 'Audit log',
  '/settings': 'Settings',
} as const;

/** Opens a screen by its address, as a bookmark would, and waits for its title. */
export async function openScreen(page: Page, path: keyof typeof screens, query = ''): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, `#${path}${query}`);
  await expect(page.getByRole('heading', { level: 1, name: screens[path] })).toBeVisible();
}

/** Until no part of the screen shows that it is still loading (the long poll keeps the network busy for good). */
export async function expectLoaded(page: Page): Promise<void> {
  await expect(page.locator('main .MuiSkeleton-root, main [role="progressbar"]')).toHaveCount(0);
}

/** Opens any address, as a bookmark would, and waits until its page has taken the place of the one before. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    if (window.location.hash === hash) return;
    document.querySelector('h1')?.setAttribute('data-left', '');
    window.location.hash = hash;
  }, `#${path}`);
  // A page's code is loaded when it is opened first, which takes a while on a busy machine.
  await expect(page.locator('h1:not([data-left])')).toBeVisible({ timeout: 60_000 });
  await expectLoaded(page);
}

/** The one click, until the overview of the new database is there. */
export async function setUpLocal(page: Page, { demo = false } = {}): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Set up your console' })).toBeVisible();
  if (demo) await page.getByRole('checkbox', { name: /demo data/i }).check();
  await page.getByRole('button', { name: 'Set up local database' }).click();
  await expectOverview(page);
}

/** Opens the local database that an earlier console set up, until its overview is there. */
export async function openLocal(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open local database' }).click();
  await expectOverview(page);
}

/**
 * Until the overview of a database that is being opened is there. The work ends a moment after it, and whoever is back
 * on the list of workspaces by then is led to the overview once more.
 */
async function expectOverview(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole('button', { name: /jobs? running$/ })).toHaveCount(0);
}

/** Connects to a server by URI, from the first page of a new console. */
export async function connectAsAdministrator(page: Page, uri: string, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Connect to a server…' }).click();
  await page.getByLabel('Connection URI').fill(uri);
  await page.getByRole('button', { name: 'Fill in' }).click();
  await expect(page.getByText('The form is filled in from the URI.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('radio', { name: /^Administer/ }).check();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}

/** Connects to a server by URI as administrator and runs the migrations there. */
export async function connectAndMigrate(page: Page, uri: string, name: string): Promise<void> {
  await connectAsAdministrator(page, uri, name);
  await expect(page.getByRole('heading', { level: 1, name: 'An empty database' })).toBeVisible();
  await page.getByRole('link', { name: 'Create the schema…' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Database' })).toBeVisible();
  await page.getByRole('button', { name: 'Migrate now' }).click();
  await expect(page.getByText(/migrations applied/i)).toBeVisible({ timeout: 60_000 });
}

/** Links the simulator on the sync screen and pulls everything. */
export async function linkAndPull(page: Page, simulator: Simulator): Promise<void> {
  await openScreen(page, '/sync');
  await page.getByLabel('Base URL').fill(simulator.url);
  await page.getByLabel('Key', { exact: true }).fill(simulator.masterKey);
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await expect(page.getByText('Security warning')).toBeVisible();
  await pull(page);
}

/** Runs a pull from the sync screen until it says it is done; the message of an earlier one goes by itself first. */
export async function pull(page: Page): Promise<void> {
  await expect(page.getByText('The pull is done.')).toBeHidden();
  await page.getByRole('button', { name: 'Pull now' }).click();
  await expect(page.getByText('The pull is done.')).toBeVisible({ timeout: 150_000 });
}

/** The choice of the appearance menu, kept over reloads. */
export async function chooseTheme(page: Page, theme: 'Light' | 'Dark'): Promise<void> {
  await page.getByRole('button', { name: /theme|appearance/i }).click();
  await page
    .getByRole('menuitemradio', { name: theme })
    .or(page.getByRole('menuitem', { name: theme }))
    .click();
  // While it fades its colours are nobody's, and it has left the tree of roles already.
  await expect(page.locator('.MuiPopover-root')).toHaveCount(0);
}
