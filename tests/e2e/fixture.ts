import { rm } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { type RunningConsole, startConsole, type StartOptions } from './console-process';
import { copyDemoFolder } from './demo-folder';

interface Fixtures {
  readonly console_: RunningConsole;
  /** A console that has the local database with the demo in it, not open yet: `openLocal` opens it. */
  readonly demoConsole: RunningConsole;
  /** Starts a console with options of its own; it ends with the test. */
  readonly startConsole: (options: StartOptions) => Promise<RunningConsole>;
}

/** Where a console may connect to here: everything the tests name is on this machine. */
const thisMachine = /^(?:127\.0\.0\.1|::1|localhost|\/.*)$/;

/**
 * A test with a console of its own. It fails on any policy violation, page error, or request of the page to a place
 * other than the console itself, and on any connection of the console to an address that nobody named.
 */
export const test = base.extend<Fixtures>({
  // Playwright reads the fixtures that one uses from its parameter's pattern; this one uses none.
  startConsole: async ({}, use) => {
    const all: RunningConsole[] = [];
    await use(async (options) => {
      const running = await startConsole(options);
      all.push(running);
      return running;
    });
    for (const running of all) {
      await running.stop();
      expect([...running.connectedTo()].filter((address) => !thisMachine.test(address))).toEqual([]);
      await rm(running.dataFolder, { recursive: true, force: true });
    }
  },
  console_: async ({ startConsole: start }, use) => {
    await use(await start({}));
  },
  demoConsole: async ({ startConsole: start }, use) => {
    await use(await start({ dataFolder: await copyDemoFolder() }));
  },
  page: async ({ page }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (/content security policy|refused to/i.test(message.text())) problems.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1')
        problems.push(`request to ${request.url()}`);
    });
    await use(page);
    expect(problems).toEqual([]);
  },
});

export { expect };

/**
 * No serious or critical finding of axe on what the page shows. What is half faded in or out has colours of its own, and
 * a tooltip may begin to fade while axe looks: only what a second and a third look still find is the page's.
 */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await expect(async () => {
    await page.evaluate(() =>
      Promise.allSettled(
        document
          .getAnimations()
          // Endless ones are no transitions.
          .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
          .map((animation) => animation.finished),
      ),
    );
    // Whole lists of what passes are thousands of nodes on a page with a grid: handing them over from page to page (for
    // frames, of which the console has none) takes ten times as long as looking.
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode()
      .options({ resultTypes: ['violations'] })
      .analyze();
    const grave = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
    expect(grave, `axe on ${where}`).toEqual([]);
  }).toPass({ intervals: [500, 2_000], timeout: 60_000 });
}

/** Nothing but tables, charts and code scrolls sideways. */
export async function expectReflow(page: Page, where: string): Promise<void> {
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(excess, `pixels by which ${where} is too wide`).toBeLessThanOrEqual(0);
}
