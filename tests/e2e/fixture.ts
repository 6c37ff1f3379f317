import { rm } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { type RunningConsole, startConsole } from './console-process';

interface Fixtures {
  readonly console_: RunningConsole;
}

/**
 * A test with a console of its own. It fails on any policy violation, page error, or request to a place other than
 * the console itself.
 */
export const test = base.extend<Fixtures>({
  // Playwright reads the fixtures that one uses from its parameter's pattern; this one uses none.
  console_: async ({}, use) => {
    const running = await startConsole();
    await use(running);
    await running.stop();
    await rm(running.dataFolder, { recursive: true, force: true });
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

/** No serious or critical finding of axe on what the page shows now. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
  expect(grave, `axe on ${where}`).toEqual([]);
}
