import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { startConsole } from '../tests/e2e/console-process';
import { chooseTheme, expectLoaded, openScreen, screens, setUpLocal } from '../tests/e2e/steps';
import { chromiumExecutable } from '../tests/support/chromium';

/**
 * `npm run screenshots [folder] [width height]`: every screen with the demo data, light and dark. The pictures of the
 * README (docs/images) are made with it.
 */
const [folder = 'docs/images', width = '1280', height = '800'] = process.argv.slice(2);
const viewport = { width: Number(width), height: Number(height) };

async function takeAll(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  await page.goto(url);
  await page.getByRole('heading', { name: 'Set up your console' }).waitFor();
  await take(page, 'setup', 'light');
  await setUpLocal(page, { demo: true });
  for (const theme of ['Light', 'Dark'] as const) {
    await chooseTheme(page, theme);
    for (const [path, title] of Object.entries(screens)) {
      await openScreen(page, path as keyof typeof screens);
      await take(page, title.toLowerCase().replaceAll(' ', '-'), theme.toLowerCase());
    }
  }
}

async function take(page: Page, name: string, theme: string): Promise<void> {
  await expectLoaded(page);
  // Charts and grids draw after their data has come.
  await page.waitForTimeout(800);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
}

await mkdir(folder, { recursive: true });
const executablePath = chromiumExecutable();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const running = await startConsole();
try {
  await takeAll(browser, running.url);
} finally {
  await browser.close();
  await running.stop();
  await rm(running.dataFolder, { recursive: true, force: true });
}
