import { type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { procedureNames } from '../../../src/shared/contract/names';
import { describeInChromium, launchChromium } from '../../security/browser/chromium-page';
import { ensureBuilt } from '../../support/built-program';
import { type DesktopProgram, startDesktop } from '../../support/electron-stand-in/desktop-program';

// Chromium by itself knows no scheme of ours: the desktop's own answers come under a made-up https address.
const origin = 'https://console.test';

describeInChromium('the real page on the desktop’s answers', () => {
  let desktop: DesktopProgram;
  let browser: Browser;
  beforeAll(async () => {
    await ensureBuilt();
    [desktop, browser] = await Promise.all([startDesktop(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await desktop.stop();
  });

  it('starts, keeps to its policy and calls through preload and IPC', async () => {
    const page = await browser.newPage({ colorScheme: 'dark' });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/content security policy|refused to/i.test(message.text())) problems.push(message.text());
    });
    await serveFromDesktop(page, desktop, problems);
    await connectToDesktop(page, desktop);

    await page.goto(`${origin}/`);
    await page.getByRole('button', { name: 'Set up local database' }).waitFor({ timeout: 30_000 });
    expect(await page.locator('meta[name="theme-color"]').getAttribute('content')).toBe('#11171a');
    await page.goto(`${origin}/#/database`);
    await page.reload();
    await page.getByRole('button', { name: 'Set up local database' }).waitFor({ timeout: 30_000 });
    expect(problems).toEqual([]);
  });
});

async function serveFromDesktop(page: Page, desktop: DesktopProgram, problems: string[]): Promise<void> {
  await page.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (url.origin !== origin) {
      problems.push(`request to ${url.href}`);
      await route.abort();
      return;
    }
    const answer = await desktop.ask('fetch', `litemaas-app://console${url.pathname}${url.search}`);
    if (answer.status !== 200) problems.push(`${url.pathname} is ${answer.status}`);
    await route.fulfill(answer);
  });
}

/** `window.litemaas` as the preload exposes it; every call goes to the one that it exposed in the stand-in. */
async function connectToDesktop(page: Page, desktop: DesktopProgram): Promise<void> {
  await page.exposeFunction(
    'callDesktop',
    (area: string, procedure: string, input: object, callId: string): Promise<unknown> =>
      desktop.call(area, procedure, input, callId),
  );
  await page.exposeFunction('cancelDesktop', (callId: string) =>
    desktop.ask('evaluate', `litemaas.host.cancel(${JSON.stringify(callId)})`),
  );
  await page.addInitScript((names) => {
    type Call = (area: string, procedure: string, input: unknown, callId: string) => Promise<unknown>;
    const host = window as unknown as { callDesktop: Call; cancelDesktop: (callId: string) => void };
    const areas = Object.entries(names).map(([area, procedures]) => [
      area,
      Object.fromEntries(
        Object.keys(procedures).map((procedure) => [
          procedure,
          (input: unknown, callId: string) => host.callDesktop(area, procedure, input, callId),
        ]),
      ),
    ]);
    const api = {
      ...(Object.fromEntries(areas) as object),
      host: { kind: 'desktop', cancel: (callId: string) => host.cancelDesktop(callId) },
    };
    Object.defineProperty(window, 'litemaas', { value: api });
  }, procedureNames);
}
