import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { createSimulator, seedDemoState, type Simulator, spendTotals } from '../support/litellm/index';
import { createDatabase } from '../support/postgres-databases';
import { clusterOfRun, createRunFolder, missingPostgres, removeRunFolder } from '../support/postgres-cluster';
import { quickestFolder } from '../support/quickest-folder';
import { expect, expectAccessible, test } from './fixture';
import {
  chooseTheme,
  connectAndMigrate,
  expectLoaded,
  linkAndPull,
  openScreen,
  pull,
  setUpLocal,
} from './steps';

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
  await expect(page.getByRole('main')).toContainText(number.format(totals.requests));
  expect(await exportedSums(page)).toEqual({
    requests: String(totals.requests),
    errors: String(totals.failures),
    input_tokens: String(totals.promptTokens),
    output_tokens: String(totals.completionTokens),
    cost: dollars(totals.costUnits),
  });
}

/** Units of 10⁻¹² dollars as decimal text with all 12 places. */
function dollars(units: bigint): string {
  const digits = units.toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

/** The units of an exported cost; it has no more decimals than the schema keeps. */
function unitsOf(cost: string): bigint {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d{1,12}))?$/.exec(cost) ?? [];
  return BigInt(`${whole}${fraction.padEnd(12, '0')}`);
}

/** The exact sums of the breakdown, from the file that a person gets by "Export CSV". */
async function exportedSums(page: Page): Promise<Record<string, string>> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const text = await readFile(await (await downloading).path(), 'utf8');
  const [header = [], ...rows] = text
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  const sum = (column: string, read: (text: string) => bigint): bigint => {
    const index = header.indexOf(column);
    return rows.reduce((total, row) => total + read(row[index] ?? ''), 0n);
  };
  const counts = ['requests', 'errors', 'input_tokens', 'output_tokens'];
  return {
    ...Object.fromEntries(counts.map((name) => [name, String(sum(name, BigInt))])),
    cost: dollars(sum('cost', unitsOf)),
  };
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

      // The other screens: every-screen.spec.ts.
      for (const theme of ['Light', 'Dark'] as const) {
        await chooseTheme(page, theme);
        await expectLoaded(page);
        await expectAccessible(page, `/sync (${theme})`);
      }
    } finally {
      await simulator.close();
    }
  });

  const missing = missingPostgres(15);
  const required = (process.env['LITEMAAS_REQUIRE'] ?? '').split(',').includes('pg15');
  test('the same on a PostgreSQL 15 server given by URI', async ({ page, console_ }) => {
    test.skip(missing !== null && !required, missing ?? '');
    const runFolder = await createRunFolder(quickestFolder());
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
