import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixture';
import { connectToLocal } from './local-database';
import { chooseTheme, expectLoaded, openScreen, openLocal } from './steps';

const secret = 'sk-a-key-that-must-never-be-shown-1234567890';

/** A table of another program in the demo's database: long JSON, a secret, NULL beside an empty text. */
async function addForeignTable(dataFolder: string): Promise<void> {
  const client = await connectToLocal(dataFolder);
  await client.query(`
    CREATE SCHEMA "قسم آخر";
    CREATE TABLE "قسم آخر".documents (id int PRIMARY KEY, body jsonb, note text, remark text, api_key text);
    COMMENT ON TABLE "قسم آخر".documents IS 'Papers of another program';
    INSERT INTO "قسم آخر".documents
    SELECT n, jsonb_build_object('pages', (SELECT jsonb_agg('line ' || i) FROM generate_series(1, 400) AS i)),
           '', NULL, '${secret}'
    FROM generate_series(1, 3) AS n`);
  await client.end();
}

async function openPath(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, `#${path}`);
}

/** The cell of a row under a column, both counted from 0. */
function cell(page: Page, row: number, column: number): Locator {
  return page
    .getByRole('row')
    .nth(row + 1)
    .getByRole('gridcell')
    .nth(column);
}

test('Browse shows any table: found, paged, filtered, whole values, secrets masked', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  await addForeignTable(demoConsole.dataFolder);

  await test.step('relations are listed, filtered and exported', async () => {
    await openScreen(page, '/database');
    await page.getByRole('navigation', { name: 'Database' }).getByRole('link', { name: 'Browse' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Browse' })).toBeVisible();
    await page.getByLabel('Kind').click();
    await page.getByRole('option', { name: 'Partitioned table' }).click();
    await expect(page.getByText('1–1 of 1')).toBeVisible();
    await page.getByRole('link', { name: 'usage_logs' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'usage_logs' })).toBeVisible();
    await page.getByRole('tab', { name: 'Partitions' }).click();
    await expect(page.getByRole('link', { name: 'usage_logs_default' })).toBeVisible();
    await page.getByRole('tab', { name: 'Indexes and constraints' }).click();
    await expect(page.getByText('usage_logs_pkey').first()).toBeVisible();
  });

  await test.step('rows are paged by key, and a filter is kept over a reload', async () => {
    await openPath(page, '/database/browse/public/users?size=25');
    const first = cell(page, 0, 0);
    await expect(page.getByText('25 rows on this page')).toBeVisible();
    const onFirstPage = await first.innerText();
    await expect(page.getByRole('button', { name: 'Previous page' })).toBeDisabled();
    await page.getByRole('button', { name: 'Next page' }).click();
    await expect(page.getByText('15 rows on this page')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Next page' })).toBeDisabled();
    await page.reload();
    await expect(page.getByText('15 rows on this page')).toBeVisible();
    await page.getByRole('button', { name: 'Previous page' }).click();
    await expect(first).toHaveText(onFirstPage, { useInnerText: true });
    await page.getByRole('button', { name: 'Last page' }).click();
    // A page that is turned later than the next click would forget what that one asks for.
    await expect(first).not.toHaveText(onFirstPage, { useInnerText: true });
    await page.getByRole('button', { name: 'First page' }).click();
    await expect(first).toHaveText(onFirstPage, { useInnerText: true });
    await page.getByRole('button', { name: 'Count', exact: true }).click();
    await expect(page.getByText('40 rows in all')).toBeVisible();

    await page.getByRole('button', { name: 'Add filter' }).click();
    const form = page.getByRole('dialog', { name: 'Filter' });
    await form.getByLabel('Column').fill('username');
    await page.getByRole('option', { name: 'username' }).click();
    await form.getByLabel('Comparison').click();
    await page.getByRole('option', { name: 'begins with' }).click();
    await form.getByLabel('Value').fill('zoe');
    await form.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByText('1 row in all')).toBeVisible();
    await page.reload();
    await expect(page.getByText('1 row in all')).toBeVisible();
    await expect(page.getByRole('gridcell', { name: 'zoe.martin', exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Remove filter: username begins with zoe' }).click();
    await expect(page.getByText('25 rows on this page')).toBeVisible();
    await page.getByRole('columnheader', { name: 'username' }).click();
    await expect(page).toHaveURL(/sort=asc(:|%3A)username/);
    await expect(cell(page, 0, 1)).toHaveText('adam.nowak');
  });

  await test.step('a foreign key leads to the row it points to', async () => {
    await openPath(page, '/database/browse/public/api_keys');
    await page.getByRole('link', { name: 'Show the row of users that this points to' }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: 'users' })).toBeVisible();
    await expect(page.getByText('1 row in all')).toBeVisible();
  });

  await test.step('a long value opens whole, and the focus returns to its cell', async () => {
    await openPath(page, `/database/browse/${encodeURIComponent('قسم آخر')}/documents`);
    await expect(page.getByText('Papers of another program')).toBeVisible();
    await expect(cell(page, 0, 2)).toHaveText('empty text');
    await expect(cell(page, 0, 3)).toHaveText('NULL');
    const body = cell(page, 0, 1);
    await body.click();
    await page.keyboard.press('Enter');
    const whole = page.getByRole('region', { name: 'Value of body' });
    await expect(whole).toContainText('"line 400"');
    await expect(whole).toContainText('\n  "pages": [\n');
    await page.keyboard.press('Escape');
    await expect(whole).toBeHidden();
    await expect(body).toBeFocused();
  });

  await test.step('a secret is masked on screen and in the export', async () => {
    await expect(cell(page, 0, 4)).toHaveText('Masked');
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const text = await readFile(await (await downloading).path(), 'utf8');
    expect(text).toContain('line 400');
    expect(text).not.toContain(secret);
    expect(await page.content()).not.toContain(secret);
  });

  for (const theme of ['Light', 'Dark'] as const) {
    await chooseTheme(page, theme);
    await expectAccessible(page, `rows (${theme})`);
    await page.getByRole('tab', { name: 'Columns' }).click();
    await expectAccessible(page, `columns (${theme})`);
    await page.getByRole('tab', { name: 'Rows' }).click();
    await expect(page.getByText('3 rows in all')).toBeVisible();
  }
});

test('SQL runs one statement that reads, and nothing else', async ({ page, demoConsole }) => {
  await page.goto(demoConsole.url);
  await openLocal(page);
  await openScreen(page, '/database/sql');
  const editor = page.getByRole('textbox', { name: 'SQL statement' });
  const result = page.getByRole('region', { name: 'Result' });

  await test.step('names of the catalogue are completed', async () => {
    await editor.click();
    await page.keyboard.type('select username from user');
    await page.getByRole('option', { name: /^users/ }).click();
    await expect(editor).toHaveText('select username from users');
    await page.keyboard.type(' u where u.e');
    await expect(page.getByRole('option', { name: /^email/ })).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('a result is shown, exported, and the statement kept over a reload', async () => {
    await editor.fill('select username, email from users order by username');
    await page.keyboard.press('Control+Enter');
    await expect(result).toContainText('40 rows');
    await expect(cell(page, 0, 0)).toHaveText('adam.nowak');
    const downloading = page.waitForEvent('download');
    await result.getByRole('button', { name: 'Export CSV' }).click();
    const lines = (await readFile(await (await downloading).path(), 'utf8')).trim().split(/\r?\n/);
    expect(lines).toHaveLength(41);
    await page.reload();
    await expect(editor).toHaveText('select username, email from users order by username');
  });

  await test.step('more rows than fit are cut, and say so', async () => {
    await editor.fill('select n from generate_series(1, 3000) as n');
    await page.keyboard.press('Control+Enter');
    await expect(result).toContainText('First 1,000 rows');
    await expect(result).toContainText('1–100 of 1,000');
    await result.getByRole('button', { name: 'Next page' }).click();
    await expect(cell(page, 0, 0)).toHaveText('101');
  });

  await test.step('an error is marked where it is', async () => {
    await editor.fill("select username,\n  'é😀', emial from users");
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('alert')).toContainText('emial');
    await expect(page.locator('.cm-errorMark')).toHaveText('emial');
    await page.getByRole('button', { name: 'Go to line 2, column 10' }).click();
    await expect(editor).toBeFocused();
  });

  await test.step('a statement that writes is refused', async () => {
    for (const statement of [
      'delete from users',
      'with gone as (delete from users returning id) select * from gone',
      'create table here (id int)',
    ]) {
      await editor.fill(statement);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await expect(page.getByRole('alert')).toContainText('The statement failed');
    }
    await editor.fill('select count(*) as people from users');
    await page.keyboard.press('Control+Enter');
    await expect(cell(page, 0, 0)).toHaveText('40');
  });

  await test.step('a long statement can be cancelled', async () => {
    await editor.fill('select pg_sleep(30)');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByText('Cancelled. The server has stopped working on the statement.')).toBeVisible();
  });

  await test.step('the plan is shown as steps and as JSON', async () => {
    await editor.fill('select * from users order by email');
    await page.getByRole('button', { name: 'Plan' }).click();
    await expect(page.getByRole('table', { name: 'Steps' })).toContainText('Sort');
    await page.getByRole('button', { name: 'Analyse' }).click();
    await expect(page.getByText('Plan as it ran')).toBeVisible();
    await page.getByRole('button', { name: 'JSON' }).click();
    await expect(page.getByRole('region', { name: 'JSON' })).toContainText('Actual Rows');
  });

  await test.step('Esc, then Tab leaves the editor', async () => {
    await editor.click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeFocused();
  });

  await test.step('the history brings a statement back, and can be cleared', async () => {
    await page.getByRole('button', { name: 'History' }).click();
    const history = page.getByRole('dialog', { name: 'History' });
    await history.getByRole('button', { name: /select count\(\*\) as people/ }).click();
    await expect(editor).toHaveText('select count(*) as people from users');
    await expect(editor).toBeFocused();
    await page.keyboard.press('Control+Enter');
    await expect(cell(page, 0, 0)).toHaveText('40');
    for (const theme of ['Light', 'Dark'] as const) {
      await chooseTheme(page, theme);
      await expectLoaded(page);
      await expectAccessible(page, `SQL with a result (${theme})`);
    }
    await page.getByRole('button', { name: 'History' }).click();
    await expectAccessible(page, 'history');
    await history.getByRole('button', { name: 'Clear history…' }).click();
    await page.getByRole('button', { name: 'Clear history', exact: true }).click();
    await expect(history).toContainText('Nothing was run yet');
  });
});
