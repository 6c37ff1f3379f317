import { expect, expectAccessible, test } from './fixture';
import { chooseTheme, openScreen, openLocal, setUpLocal } from './steps';
import type { Page } from '@playwright/test';

const themes = ['Light', 'Dark'] as const;

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused();
}

/** What Enter would pick. */
const active = (page: Page) => page.getByRole('option', { selected: true });

test('everything is reached by the keyboard: palette, shortcuts, views, comparison, print', async ({
  page,
  demoConsole,
}) => {
  await page.goto(demoConsole.url);
  await openLocal(page);

  await test.step('a record by a few letters', async () => {
    await openPalette(page);
    await expect(active(page)).toHaveText(/Overview/);
    await page.keyboard.type('zoe.ma');
    await expect(active(page)).toContainText('zoe.martin@demo.invalid');
    await expect(page.getByRole('dialog').getByRole('status')).toHaveText(/^\d+ results?$/);
    // Not a way to open it twice, nor something else.
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'zoe.martin' })).toBeFocused();
  });

  await test.step('what was opened lately, by kind and id only', async () => {
    await openPalette(page);
    await expect(active(page)).toContainText('zoe.martin');
    const stored = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
    expect(stored).toContain('litemaas.recent.');
    expect(stored).not.toContain('zoe');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(page.getByRole('heading', { level: 1, name: 'zoe.martin' })).toBeFocused();
  });

  await test.step('a pasted key is neither shown nor kept', async () => {
    await openPalette(page);
    const pasted = 'sk-Pasted-Secret-0123456789';
    await page.getByRole('combobox').evaluate((input, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', text);
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, pasted);
    await expect(page.getByText('No API key here has this value.')).toBeVisible();
    await expect(page.getByRole('combobox')).toHaveValue('');
    expect(await page.content()).not.toContain(pasted);
    expect(
      await page.evaluate(() =>
        JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
      ),
    ).not.toContain(pasted);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  await test.step('screens by two keys, and a switch that turns single keys off', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByRole('switch').click();
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.keyboard.press('/');
    await expect(page.getByRole('textbox', { name: /search/i })).not.toBeFocused();
    await openPalette(page);
    await page.keyboard.type('keyboard sh');
    await page.keyboard.press('Enter');
    await sheet.getByRole('switch').click();
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
    await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
  });

  await test.step('a view of a list, over a reload', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('martin');
    await expect(page.getByText('1–1 of 1')).toBeVisible();
    await page.getByRole('button', { name: 'Choose columns' }).press('Enter');
    await page.getByRole('button', { name: 'Move E-mail to the left' }).press('Enter');
    await page.keyboard.press('Escape');
    await openPalette(page);
    await page.keyboard.type('save this');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: 'Name of this view' })).toBeFocused();
    await page.keyboard.type('The Martins');
    await page.keyboard.press('Enter');
    await expect(page.getByText('The view The Martins is saved.')).toBeVisible();
    await page.getByRole('button', { name: 'Clear filters' }).press('Enter');
    await expect(page.getByText('1–25 of 40')).toBeVisible();
    await page.getByRole('button', { name: 'Choose columns' }).press('Enter');
    await page.getByRole('button', { name: 'Reset columns' }).press('Enter');
    // The button is disabled now: the focus stays in the panel, where Escape is heard.
    await expect(page.getByRole('checkbox', { name: 'Username' })).toBeFocused();
    await page.keyboard.press('Escape');
    // After that of the checkboxes.
    const firstColumn = page.getByRole('columnheader').nth(1);
    await expect(firstColumn).toHaveText('Username');
    await page.reload();
    await page.getByRole('button', { name: 'Saved views' }).press('Enter');
    await page.getByRole('button', { name: 'The Martins', exact: true }).press('Enter');
    await expect(page.getByText('1–1 of 1')).toBeVisible();
    await expect(firstColumn).toHaveText('E-mail');
    await expect(page.getByRole('button', { name: 'Saved views, showing The Martins' })).toBeFocused();

    // As the default it is there whenever the list opens with an address of its own.
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show The Martins when the list opens' }).press('Enter');
    await page.keyboard.press('Escape');
    await openScreen(page, '/teams');
    await openScreen(page, '/users');
    await expect(page.getByText('1–1 of 1')).toBeVisible();
    await page.getByRole('button', { name: /Saved views/ }).press('Enter');
    await page.getByRole('button', { name: 'Delete The Martins' }).press('Enter');
    await page.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
    await expect(page.getByText('None yet.')).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('usage beside the period before, on screen and on paper', async () => {
    await openScreen(page, '/usage');
    await page.getByRole('switch', { name: 'Compare with the period before' }).press(' ');
    await expect(page).toHaveURL(/compare=previous/);
    await expect(page.getByText(/^Dashed: the 30 days before/)).toBeVisible();
    await expect(page.getByRole('columnheader', { name: 'Difference' })).toBeVisible();
    await page.getByRole('button', { name: 'Show as table' }).press('Enter');
    await expect(page.getByRole('columnheader', { name: 'In percent' })).toBeVisible();
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await expect(page.getByText('Workspace Local database')).toBeVisible();
    await expect(page.getByRole('table', { name: 'Usage by model' })).toBeVisible();
    await expect(page.getByText('Rows 1 to 10 of 12.')).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeHidden();
    await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect(page.getByText('Workspace Local database')).toBeHidden();
  });
});

test('palette, sheet and views are accessible in both themes, and still where motion is unwelcome', async ({
  page,
  demoConsole,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(demoConsole.url);
  await openLocal(page);
  for (const theme of themes) {
    await chooseTheme(page, theme);
    await openPalette(page);
    await page.keyboard.type('mar');
    await expect(active(page)).toContainText('isabel.fernandez');
    await expectAccessible(page, `palette, ${theme}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();

    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await expectAccessible(page, `shortcut sheet, ${theme}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();

    await openScreen(page, '/users');
    await page.getByRole('button', { name: /Saved views/ }).click();
    await page.getByRole('textbox', { name: 'Name of this view' }).fill(`A view, ${theme}`);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: /Saved views/ }).click();
    await expect(page.getByRole('dialog', { name: 'Saved views' })).toBeVisible();
    await expectAccessible(page, `saved views, ${theme}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Choose columns' }).click();
    await expect(page.getByRole('dialog', { name: 'Columns' })).toBeVisible();
    await expectAccessible(page, `columns, ${theme}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await openScreen(page, '/usage', '?compare=previous');
    await expect(page.getByText(/^Dashed:/)).toBeVisible();
    await expectAccessible(page, `usage compared, ${theme}`);
  }
  const moving = await page.evaluate(
    () =>
      document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().activeDuration) > 1)
        .length,
  );
  expect(moving).toBe(0);
});

/** What the first screen loads, compressed, in bytes. */
async function scriptBytes(page: Page): Promise<number> {
  const sources = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.js')),
  );
  return page.evaluate(async (names) => {
    let sum = 0;
    for (const name of new Set(names)) {
      const zipped = (await fetch(name)).body?.pipeThrough(new CompressionStream('gzip'));
      sum += (await new Response(zipped).arrayBuffer()).byteLength;
    }
    return sum;
  }, sources);
}

test('the first screens load at most 250 kB of JavaScript', async ({ page, console_ }) => {
  await page.goto(console_.url);
  await expect(page.getByRole('button', { name: 'Set up local database' })).toBeEnabled();
  expect(await scriptBytes(page)).toBeLessThanOrEqual(250_000);
  await setUpLocal(page);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Look around with demo data' })).toBeVisible();
  expect(await scriptBytes(page)).toBeLessThanOrEqual(250_000);
});
