import { createSimulator, seedDemoState, type Simulator, spendTotals } from '../support/litellm/index';
import { createDatabase } from '../support/postgres-databases';
import { clusterOfRun, createRunFolder, missingPostgres, removeRunFolder } from '../support/postgres-cluster';
import { expect, expectAccessible, test } from './fixture';
import { chooseTheme, connectAndMigrate, linkAndPull, openScreen, pull, setUpLocal } from './steps';
import type { Page } from '@playwright/test';

/** The proxy's real trace and people: read by the console over HTTP, counted here from the simulator's own rows. */
async function startProxy(): Promise<Simulator> {
  return createSimulator({ state: seedDemoState({ now: new Date() }) });
}

const number = new Intl.NumberFormat('en-GB');

/** A tile of figures, found by its label. */
function tile(page: Page, label: RegExp) {
  return page.getByRole('main').locator('.MuiCard-root, .MuiPaper-root').filter({ hasText: label }).first();
}

/** Every figure the overview shows over all of the trace is what the simulator's rows add up to. */
async function expectTotals(page: Page, simulator: Simulator): Promise<void> {
  const totals = spendTotals(simulator.state);
  await openScreen(page, '/');
  await page.getByRole('button', { name: '90 days' }).click();
  await expect(tile(page, /^Requests/)).toContainText(number.format(totals.requests));
  await expect(tile(page, /^Errors/)).toContainText(number.format(totals.failures));
  await expect(tile(page, /^Spend/)).toContainText(`$${totals.spend.toFixed(2)}`);
  await openScreen(page, '/usage');
  await page.getByRole('button', { name: '90 days' }).click();
  const main = page.getByRole('main');
  await expect(main).toContainText(number.format(totals.requests));
  await expect(main).toContainText(number.format(totals.promptTokens));
  await expect(main).toContainText(number.format(totals.completionTokens));
}

/** People and keys that have a home: all but LiteLLM's own admin, and keys without a known user. */
async function expectRecords(page: Page, simulator: Simulator): Promise<void> {
  const people = [...simulator.state.users.keys()].filter((id) => id !== 'default_user_id');
  const keys = [...simulator.state.keys.values()].filter(
    ({ team_id: team, user_id: user }) =>
      team !== 'litellm-dashboard' && user !== null && people.includes(user),
  );
  await openScreen(page, '/users');
  await expect(page.getByText(new RegExp(`of ${String(people.length)}\\b`))).toBeVisible();
  await openScreen(page, '/api-keys');
  await expect(page.getByText(new RegExp(`of ${String(keys.length)}\\b`))).toBeVisible();
}

const screens = [
  '/',
  '/users',
  '/teams',
  '/subscriptions',
  '/api-keys',
  '/usage',
  '/sync',
  '/database',
] as const;

test.describe('from nothing to a filled console', () => {
  test('one click, a real PostgreSQL, a first sync, and figures that agree with the proxy', async ({
    page,
    console_,
  }) => {
    const simulator = await startProxy();
    try {
      await page.goto(console_.url);
      await setUpLocal(page);
      await linkAndPull(page, simulator);
      simulator.recorder.assertNoViolations();
      simulator.recorder.assertNoWrites();
      await expectTotals(page, simulator);
      await expectRecords(page, simulator);

      // A second pull finds nothing to write.
      await openScreen(page, '/sync');
      await pull(page);
      await expect(page.getByText('0 new, 0 changed').first()).toBeVisible();

      for (const theme of ['Light', 'Dark'] as const) {
        await chooseTheme(page, theme);
        for (const path of screens) {
          await openScreen(page, path);
          await page.waitForLoadState('networkidle');
          await expectAccessible(page, `${path} (${theme})`);
        }
      }
    } finally {
      await simulator.close();
    }
  });

  const missing = missingPostgres(15);
  const required = (process.env['LITEMAAS_REQUIRE'] ?? '').split(',').includes('pg15');
  test('the same on a PostgreSQL 15 server given by URI', async ({ page, console_ }) => {
    test.skip(missing !== null && !required, missing ?? '');
    const runFolder = await createRunFolder();
    const simulator = await startProxy();
    try {
      const cluster = await clusterOfRun(runFolder, 15);
      const database = await createDatabase(cluster, 'given_by_uri', { migrated: false });
      await page.goto(console_.url);
      const uri = `postgresql://${cluster.ownerUser}@${cluster.host}:${String(cluster.port)}/${database.name}?sslmode=disable`;
      await connectAndMigrate(page, uri, 'Fifteen');
      await linkAndPull(page, simulator);
      await expectTotals(page, simulator);
      await expectRecords(page, simulator);
    } finally {
      await simulator.close();
      await removeRunFolder(runFolder);
    }
  });
});
