import type { Page } from '@playwright/test';
import {
  createSimulator,
  emptyState,
  keyRow,
  spendRow,
  teamRow,
  tokenOf,
  userRow,
} from '../support/litellm/index';
import { expect, expectAccessible, test } from './fixture';
import { expectLoaded, linkAndPull, openLocal, openScreen } from './steps';

const leaked = 'sk-leaked-0123456789abcdef';
const nora = '0d2f0000-0000-4000-8000-00000000000a';

/** A proxy with one person, her team and a key of hers that was used an hour ago. */
function proxyOfNora() {
  const state = emptyState();
  state.models.push({
    model_name: 'gpt-4o',
    litellm_params: { model: 'openai/gpt-4o', custom_llm_provider: 'openai' },
    model_info: {
      ...{ id: 'deployment-1', mode: 'chat', litellm_provider: 'openai' },
      ...{ input_cost_per_token: 2.5e-6, output_cost_per_token: 1e-5 },
    },
  });
  state.users.set(
    nora,
    userRow({ user_id: nora, user_alias: 'nora', user_email: 'nora@example.test', max_budget: 100 }),
  );
  const members = [{ role: 'user' as const, user_id: nora, user_email: null }];
  state.teams.set('crew', teamRow({ team_id: 'crew', team_alias: 'Crew', members_with_roles: members }));
  const key = keyRow(leaked, {
    ...{ user_id: nora, team_id: 'crew', key_alias: 'build-server', models: ['gpt-4o'] },
    ...{ max_budget: 40, budget_duration: '30d', spend: 0.03 },
  });
  state.keys.set(key.token, key);
  const at = new Date(Date.now() - 3_600_000).toISOString();
  state.spend.push(
    spendRow({
      ...{
        request_id: 'leak-1',
        startTime: at,
        endTime: at,
        api_key: key.token,
        user: nora,
        team_id: 'crew',
      },
      ...{ model: 'openai/gpt-4o', model_group: 'gpt-4o', prompt_tokens: 4, completion_tokens: 2 },
      ...{ total_tokens: 6, spend: 0.03 },
    }),
  );
  return { state, key };
}

const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

test('A leaked key is found by its value, rotated and blocked, and it is seen who used it', async ({
  page,
  demoConsole,
}) => {
  const { state, key } = proxyOfNora();
  const simulator = await createSimulator({ state });
  try {
    await page.goto(demoConsole.url);
    await openLocal(page);
    await linkAndPull(page, simulator);

    await test.step('found by its value, which stays neither in the address nor on the page', async () => {
      await openScreen(page, '/api-keys');
      await page.getByRole('link', { name: 'Why refused?' }).click();
      const field = page.getByLabel('A key, its alias, or what the client was answered');
      await field.fill(`found in a public repository: ${leaked}`);
      await page.getByRole('button', { name: 'Look' }).click();
      await expect(page.getByText('Nothing here refuses this key.')).toBeVisible();
      expect(page.url()).not.toContain('sk-');
      await expect(field).not.toHaveValue(/sk-leaked/);
      expect(await page.content()).not.toContain(leaked);
      await expectAccessible(page, 'the page of a key that was found by its value');
      await page.getByRole('link', { name: /build-server/ }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'build-server' })).toBeVisible();
    });

    await test.step('whose it is and what was used with it is told', async () => {
      await expectLoaded(page);
      const main = page.getByRole('main');
      await expect(main.getByRole('link', { name: 'nora' }).first()).toBeVisible();
      await expect(main.getByRole('link', { name: 'Crew' }).first()).toBeVisible();
      await expect(main.getByRole('definition').filter({ hasText: '$0.03' }).first()).toBeVisible();
    });

    await test.step('rotated: the new value works there, with what was spent', async () => {
      await page.getByRole('button', { name: 'Rotate…' }).click();
      const panel = dialog(page, 'Rotate build-server');
      await panel.getByRole('radio', { name: 'One hour' }).check();
      await panel.getByLabel('Reason').fill('its value is public');
      await panel.getByRole('button', { name: 'Rotate the key' }).click();
      const shown = dialog(page, 'The new value of build-server');
      const value = await shown.getByLabel('Value of the key', { exact: true }).first().innerText();
      expect(state.keys.get(tokenOf(value))).toMatchObject({
        ...{ key_alias: 'build-server', user_id: nora, team_id: 'crew', max_budget: 40, spend: 0.03 },
      });
      await shown.getByRole('button', { name: 'Done: drop the value' }).click();
      expect(await page.content()).not.toContain(value);
    });

    await test.step('the old one is blocked: LiteLLM refuses it at once', async () => {
      await expect(page.getByRole('heading', { level: 1, name: /^build-server \(until / })).toBeVisible();
      await page.getByRole('button', { name: 'Block', exact: true }).click();
      const review = dialog(page, /^Block build-server \(until /);
      await review.getByLabel('Reason').fill('its value is public');
      await review.getByRole('button', { name: 'Change 1 record' }).click();
      await expect(review).toBeHidden();
      await expect(page.getByRole('button', { name: 'Unblock', exact: true })).toBeVisible();
      expect(state.keys.get(key.token)).toMatchObject({ blocked: true });
    });

    await test.step('who used it is still told by the usage of the old key alone', async () => {
      await page.getByRole('link', { name: 'Open in Usage' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeVisible();
      await page.getByRole('button', { name: 'User', exact: true }).click();
      await expectLoaded(page);
      // The demo's people have used others.
      const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
      await expect(rows).toHaveCount(1);
      await expect(rows).toContainText('nora');
      await expect(rows).toContainText('$0.03');
      await expectAccessible(page, 'the usage of a leaked key');
    });

    await test.step('revoked it is gone in LiteLLM, and then it can be deleted here', async () => {
      await page.goBack();
      const heading = page.getByRole('heading', { level: 1, name: /^build-server \(until / });
      const title = await heading.innerText();
      await page.getByRole('button', { name: 'Revoke', exact: true }).click();
      const revocation = dialog(page, /^Revoke build-server \(until /);
      await revocation.getByLabel('Reason').fill('its value is public');
      await revocation.getByRole('button', { name: 'Revoke 1 key' }).click();
      await expect(revocation).toBeHidden();
      expect(state.keys.has(key.token)).toBe(false);
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      const deletion = dialog(page, /^Delete build-server \(until /);
      await expect(deletion.getByText(/^The recorded usage stays in all charts: 1 request/)).toBeVisible();
      await deletion.getByLabel('Reason').fill('tidied up');
      await deletion.getByLabel(/^Type /).fill(title);
      await expectAccessible(page, 'the review of a key that is deleted');
      await deletion.getByRole('button', { name: 'Delete 1 record' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'API keys' })).toBeVisible();
    });
  } finally {
    await simulator.close();
  }
});
