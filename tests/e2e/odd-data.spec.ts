import type { Page } from '@playwright/test';
import type pg from 'pg';
import {
  insertApiKey,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../support/builders';
import {
  clusterOfRun,
  createRunFolder,
  removeRunFolder,
  type PostgresCluster,
} from '../support/postgres-cluster';
import { createDatabase } from '../support/postgres-databases';
import { quickestFolder } from '../support/quickest-folder';
import { openTestSession } from '../support/test-session';
import { expect, expectReflow, test } from './fixture';
import { clippedTexts } from './page-text';
import { connectAsAdministrator, goTo } from './steps';

const unbroken = 'x'.repeat(200);
const odd = {
  unbroken,
  rightToLeft: 'ليلى ‏שלום '.repeat(12),
  emoji: '👩‍👩‍👧‍👦📦'.repeat(20),
  invisible: '\u200B\u2060',
  empty: '',
};
/** The second is the largest that the schema holds. */
const budgets = ['99999999.99', '99999999999999.999999'] as const;

/** Rows that a database may hold, with each odd name once; answers the addresses of their pages. */
async function insertOddRows(client: pg.Client): Promise<readonly string[]> {
  const places: string[] = [];
  for (const [place, name] of Object.values(odd).entries()) {
    const limits = { max_budget: budgets[place % budgets.length], tpm_limit: '9223372036854775807' };
    const user = await insertUser(client, { username: name, full_name: name, ...limits });
    const model = await insertModel(client, { id: `odd-${place}`, name, description: unbroken.repeat(10) });
    const team = await insertTeam(client, {
      name,
      alias: name,
      description: unbroken.repeat(10),
      metadata: JSON.stringify({ note: unbroken }),
      created_by: user.id,
      current_spend: '99999999.99',
      allowed_models: [model.id],
      ...limits,
    });
    await insertTeamMember(client, { team_id: team.id, user_id: user.id });
    const used = { team_id: team.id, current_spend: '999999999999.9999999999', ...limits };
    const subscription = await insertSubscription(client, {
      user_id: user.id,
      model_id: model.id,
      used_requests: '9007199254740993',
      quota_requests: '9223372036854775807',
      ...used,
    });
    const key = await insertApiKey(client, {
      user_id: user.id,
      name,
      litellm_key_alias: name,
      subscription_id: subscription.id,
      ...used,
    });
    await insertUsageLog(client, {
      subscription_id: subscription.id,
      api_key_id: key.id,
      team_id: team.id,
      model_id: model.id,
      created_at: new Date().toISOString(),
      input_cost: '99999999.9999999999',
    });
    const records = {
      users: user.id,
      models: model.id,
      teams: team.id,
      subscriptions: subscription.id,
      'api-keys': key.id,
    };
    for (const [area, id] of Object.entries(records)) places.push(`/${area}/${id}`);
  }
  return places;
}

const lists = [
  '/',
  '/users',
  '/teams',
  '/models',
  '/subscriptions',
  '/api-keys',
  '/usage',
  '/database/browse/public/teams',
  '/database/browse/public/users',
];

async function expectWhole(page: Page, where: string): Promise<void> {
  await expectReflow(page, where);
  expect(await clippedTexts(page), `cut without dots on ${where}`).toEqual([]);
}

let runFolder: string;
let cluster: PostgresCluster;

test.beforeAll(async () => {
  runFolder = await createRunFolder(quickestFolder());
  cluster = await clusterOfRun(runFolder, 18);
});
test.afterAll(async () => {
  await removeRunFolder(runFolder);
});

test('names and numbers of any length widen no page and are cut with dots only', async ({
  page,
  console_,
}) => {
  const { name, config } = await createDatabase(cluster, 'e2e_odd');
  const client = await openTestSession(config);
  const records = await insertOddRows(client);
  await client.end();
  await page.goto(console_.url);
  const uri = `postgresql://${cluster.ownerUser}@${cluster.host}:${String(cluster.port)}/${name}`;
  await connectAsAdministrator(page, uri, unbroken.slice(0, 60));
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  for (const width of [1280, 640]) {
    await page.setViewportSize({ width, height: 800 });
    for (const place of [...lists, ...records]) {
      await goTo(page, place);
      await expectWhole(page, `${place} at ${width}`);
    }
  }

  await page.setViewportSize({ width: 1280, height: 800 });
  await test.step('a budget that is cut is read whole in a tooltip', async () => {
    await goTo(page, '/users');
    await page.getByText('$99,999,999.99', { exact: true }).first().hover();
    await expect(page.getByRole('tooltip', { name: '$99,999,999.99' })).toBeVisible();
  });

  await test.step('a title spells what cannot be seen, and a chart of one request counts in whole steps', async () => {
    const subscriptions = records.filter((path) => path.startsWith('/subscriptions'));
    await goTo(page, subscriptions[Object.keys(odd).indexOf('invisible')] ?? 'none');
    // Each name is isolated by direction marks.
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      /^\W*U\+200B U\+2060\W+U\+200B U\+2060\W*$/,
    );
    const ticks = page.locator('.recharts-yAxis-tick-labels text, .recharts-yAxis text');
    await expect(ticks.first()).toBeVisible();
    const words = await ticks.allInnerTexts();
    expect(words).toEqual([...new Set(words)]);
    await expect(ticks.filter({ hasText: '1' })).toHaveCount(1);
  });
});
