import { defineConfig } from '@playwright/test';
import { chromiumExecutable } from './tests/support/chromium';

const executablePath = chromiumExecutable();

/** End to end: a real browser on browser mode, with a real PostgreSQL and the LiteLLM simulator. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './tests/e2e/demo-folder.ts',
  fullyParallel: false,
  // Each test has a console and a server of its own; the time is spent waiting for pages, so one more than cores.
  workers: 3,
  // Limits for what hangs, not for what is slow: a busy machine may take twenty times as long.
  timeout: 900_000,
  expect: { timeout: 60_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  outputDir: 'test-results/e2e',
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // Recording every step costs almost half of the time: `npx playwright test --trace retain-on-failure` where one is wanted.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      // Chromium refuses its own sandbox to root, which is who runs the tests in a container.
      args: [
        '--disable-background-networking',
        '--disable-quic',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
});
