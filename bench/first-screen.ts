import { rm } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { chromiumExecutable } from '../tests/support/chromium';
import { newDataFolder, startConsole } from '../tests/e2e/console-process';
import { print, quantile } from './measure';

const rounds = 5;

/** From starting browser mode to its first screen in a browser that already runs. Needs a build (`npm run build`). */
export async function firstScreen(): Promise<void> {
  const executablePath = chromiumExecutable();
  if (executablePath === undefined) {
    process.stdout.write('  first screen: not measured, no Chromium here\n');
    return;
  }
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const dataFolder = newDataFolder();
  const times: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const startedAt = performance.now();
      const running = await startConsole({ dataFolder });
      const page = await browser.newPage();
      await page.goto(running.url);
      await page.getByRole('heading', { level: 1 }).waitFor();
      // The first round fills the caches of disk and browser: the figure is for a warm start.
      if (round > 0) times.push(performance.now() - startedAt);
      await page.close();
      await running.stop();
    }
  } finally {
    await browser.close();
    await rm(dataFolder, { recursive: true, force: true });
  }
  print(`browser mode to first screen, warm, median of ${String(rounds)}`, quantile(times) / 1000, 's', 2);
}
