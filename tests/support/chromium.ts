import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser for tests: `LITEMAAS_CHROMIUM`, else one of the system, else the one Playwright downloaded, else none. */
export function chromiumExecutable(): string | undefined {
  const candidates = [process.env['LITEMAAS_CHROMIUM'], ...systemBrowsers, chromium.executablePath()];
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
}
