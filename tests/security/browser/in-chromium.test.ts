import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Answer, Bridge } from '../../../src/shared/bridge';
import { createRedirectFile } from '../../../src/main/browser/redirect-file';
import {
  buildBridgePage,
  describeInChromium,
  launchChromium,
  startOtherPort,
  startTunnel,
} from './chromium-page';
import { startTestServer, type TestServer, tokenOf } from './test-server';

declare global {
  var bridge: Bridge;
  var nonceRan: boolean | undefined;
  var inlineRan: boolean | undefined;
}

type Calling = (area: string, procedure: string, callId: string) => Promise<Answer<unknown>>;

describeInChromium('browser mode in a real browser', () => {
  let browser: Browser;
  let built: { folder: string; remove: () => void };
  beforeAll(async () => {
    built = await buildBridgePage();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });

  const start: typeof startTestServer = (options) =>
    startTestServer({ rendererFolder: built.folder, ...options });

  async function newPage(): Promise<Page> {
    const context = await browser.newContext({ acceptDownloads: true });
    onTestFinished(() => context.close());
    return context.newPage();
  }

  async function open(console: TestServer): Promise<Page> {
    const page = await newPage();
    await page.goto(console.addresses.at(-1) ?? '');
    return page;
  }

  const call = (page: Page, area = 'users', procedure = 'list', callId: string = crypto.randomUUID()) =>
    page.evaluate(
      ([area, procedure, callId]) =>
        (
          globalThis.bridge as unknown as Record<
            string,
            Record<string, (input: object, id: string) => unknown>
          >
        )[area]?.[procedure]?.({}, callId) as ReturnType<Calling>,
      [area, procedure, callId] as const,
    );

  it('opens by the redirect file, takes the token out of the address, and calls', async () => {
    const console = await start();
    const folder = mkdtempSync(join(tmpdir(), 'litemaas-redirect-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = createRedirectFile(folder, '1');
    file.write(console.addresses[0] ?? '');
    const page = await newPage();
    await page.goto(pathToFileURL(file.path).href);
    await page.waitForURL(/^http:/);
    expect(await call(page)).toMatchObject({ ok: true, value: { area: 'users', procedure: 'list' } });
    expect(page.url()).toBe(`http://127.0.0.1:${String(console.server.port)}/`);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(console.addresses).toHaveLength(1);
  });

  it('runs only scripts of its own: an inline script without the nonce does not run', async () => {
    const page = await open(await start());
    expect(await page.evaluate(() => [globalThis.nonceRan, globalThis.inlineRan])).toEqual([true, undefined]);
    await expect(page.evaluate(() => fetch('http://127.0.0.1:9/').then(() => 'sent'))).rejects.toThrow(
      /fetch/i,
    );
  });

  it('keeps its session over a reload and shares it with a link opened in a new tab', async () => {
    const console = await start();
    const page = await open(console);
    expect((await call(page)).ok).toBe(true);
    await page.reload();
    expect((await call(page)).ok).toBe(true);
    const tab = await page.context().newPage();
    await tab.goto(`http://127.0.0.1:${String(console.server.port)}/`);
    expect((await call(tab)).ok).toBe(true);
    expect(console.addresses).toHaveLength(1);
  });

  it('shows a used address as an ended session, and a new one typed into the same tab works', async () => {
    const console = await start();
    const used = console.addresses[0] ?? '';
    await open(console);
    const page = await newPage();
    await page.goto(used);
    expect(await call(page)).toMatchObject({ ok: false, error: { code: 'session_ended' } });
    expect(console.addresses).toHaveLength(2);
    const reloaded = page.waitForEvent('load');
    await page.evaluate((hash) => (location.hash = hash), `token=${tokenOf(console.addresses[1])}`);
    await reloaded;
    expect((await call(page)).ok).toBe(true);
  });

  it('prints a new address for a page without any session', async () => {
    const console = await start();
    await open(console);
    const stranger = await newPage();
    await stranger.goto(`http://127.0.0.1:${String(console.server.port)}/`);
    expect(await call(stranger)).toMatchObject({ ok: false, error: { code: 'session_ended' } });
    expect(console.addresses.length).toBeGreaterThan(1);
  });

  it('works through a tunnel: another port and another name', async () => {
    const console = await start();
    const port = await startTunnel(console.server.port);
    const page = await newPage();
    await page.goto(`http://localhost:${String(port)}/#token=${tokenOf(console.addresses[0])}`);
    expect((await call(page)).ok).toBe(true);
  });

  it('ends the session, and says so', async () => {
    const console = await start();
    const page = await open(console);
    expect((await call(page)).ok).toBe(true);
    await page.evaluate(() => globalThis.bridge.host.endSession?.());
    expect(await call(page)).toMatchObject({ ok: false, error: { code: 'session_ended' } });
    // The address that the message tells to open is there by then.
    while (console.addresses.length < 2) await delay(5);
    const reloaded = page.waitForEvent('load');
    await page.goto(console.addresses[1] ?? '');
    await reloaded;
    expect((await call(page)).ok).toBe(true);
  });

  it('says that the console does not answer once it was stopped', async () => {
    const console = await start();
    const page = await open(console);
    expect((await call(page)).ok).toBe(true);
    await console.server.close();
    expect(await call(page)).toMatchObject({ ok: false, error: { code: 'console_unreachable' } });
  });

  it('stops a cancelled query in the console, and waits for the answer to a cancelled command', async () => {
    const aborted: unknown[] = [];
    const console = await start({
      answering: async ({ area, procedure }, { signal }) => {
        await delay(30_000, undefined, { signal }).catch(() =>
          aborted.push(`${String(area)}.${String(procedure)}`),
        );
        return { ok: true, value: 'it was done all the same' };
      },
    });
    const page = await open(console);
    const query = call(page, 'users', 'list', 'q');
    while (console.received.length < 1) await delay(5);
    await page.evaluate(() => globalThis.bridge.host.cancel('q'));
    expect(await query).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    const command = call(page, 'database', 'createPartitions', 'c');
    while (console.received.length < 2) await delay(5);
    await page.evaluate(() => globalThis.bridge.host.cancel('c'));
    expect(await command).toEqual({ ok: true, value: 'it was done all the same' });
    while (aborted.length < 2) await delay(5);
    expect(aborted).toEqual(['users.list', 'database.createPartitions']);
  });

  it('holds no connection for the long poll of a tab in the background', async () => {
    const waiting = new Set<unknown>();
    const console = await start({
      answering: async (request, { signal }) => {
        waiting.add(request);
        await once(signal, 'abort', { signal: AbortSignal.timeout(30_000) }).catch(() => undefined);
        waiting.delete(request);
        return { ok: true, value: {} };
      },
    });
    const page = await open(console);
    const show = (hidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    const watching = call(page, 'app', 'watch', 'w');
    while (waiting.size < 1) await delay(5);
    await show(true);
    while (waiting.size > 0) await delay(5);
    await delay(100);
    expect(console.received).toHaveLength(1);
    await show(false);
    while (waiting.size < 1) await delay(5);
    await page.evaluate(() => globalThis.bridge.host.cancel('w'));
    expect(await watching).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    while (waiting.size > 0) await delay(5);
  });

  it('downloads by ticket, once', async () => {
    const console = await start({
      answering: async (_request, host) => ({
        ok: true,
        value: await host.deliverFile(
          {
            suggestedName: 'Nutzer März.csv',
            contentType: 'text/csv',
            async write(target) {
              target.end('id\n1\n');
              await once(target, 'finish');
            },
          },
          host.signal,
        ),
      }),
    });
    const page = await open(console);
    const answer = (await call(page, 'users', 'exportCsv')) as { value: { ticket: string; name: string } };
    const started = page.waitForEvent('download');
    await page.evaluate(
      ({ ticket, name }) => globalThis.bridge.host.downloadTicket?.(ticket, name),
      answer.value,
    );
    const download = await started;
    expect(download.suggestedFilename()).toBe('Nutzer März.csv');
    expect(readFileSync(await download.path(), 'utf8')).toBe('id\n1\n');
    expect(page.url()).toBe(`http://127.0.0.1:${String(console.server.port)}/`);
    expect(
      await page.evaluate(
        (path) => fetch(path).then(({ status }) => status),
        `/download/${answer.value.ticket}`,
      ),
    ).toBe(410);
  });

  it('gives a page on another port of the same host nothing, although that page has its cookie', async () => {
    const console = await start();
    const page = await open(console);
    await call(page);
    const own = `http://127.0.0.1:${String(console.server.port)}`;
    const other = await startOtherPort('<!doctype html><body>');
    const attacker = await page.context().newPage();
    await attacker.goto(other.url);
    // The browser hands the console's cookie to every port: this is why it alone opens nothing.
    const cookie = other.seen[0]?.headers.cookie ?? '';
    expect(cookie).toContain(`${console.server.cookieName}=`);
    const before = console.received.length;

    const outcome = await attacker.evaluate(async (own) => {
      const body = JSON.stringify({ callId: 'x', input: {} });
      const attempt = (path: string, init: RequestInit = {}): Promise<string> =>
        fetch(own + path, { credentials: 'include', ...init }).then(
          async (response) => `${response.type} ${String(response.status)} ${await response.text()}`,
          () => 'failed',
        );
      const loading = (element: HTMLElement, parent: Node = document.body): Promise<string> =>
        new Promise((resolve) => {
          element.onload = () => resolve('loaded');
          element.onerror = () => resolve('failed');
          parent.appendChild(element);
        });
      const element = <Name extends 'img' | 'script' | 'iframe'>(name: Name, src: string) =>
        Object.assign(document.createElement(name), { src });
      const json = { 'Content-Type': 'application/json' };
      const results = {
        get: await attempt('/'),
        getOpaque: await attempt('/', { mode: 'no-cors' }),
        post: await attempt('/api/users/list', { method: 'POST', body, headers: json }),
        postWithHeader: await attempt('/api/users/list', {
          method: 'POST',
          body,
          headers: { ...json, 'X-LiteMaaS-Session': 'guess' },
        }),
        postOpaque: await attempt('/api/users/list', { method: 'POST', body, mode: 'no-cors' }),
        endSession: await attempt('/session/end', { method: 'POST', body: '{}', mode: 'no-cors' }),
        exchange: await attempt('/session', { method: 'POST', body: '{"token":"x"}', mode: 'no-cors' }),
        image: await loading(element('img', `${own}/`)),
        script: await loading(element('script', `${own}/assets/bridge-Ab12_-cd.js`)),
        beacon: navigator.sendBeacon(`${own}/session/end`, '{}'),
      };
      const frame = element('iframe', `${own}/`);
      await loading(frame);
      return { ...results, frame: frame.contentDocument === null, bridge: typeof globalThis.bridge };
    }, own);
    expect(outcome).toEqual({
      get: 'failed',
      getOpaque: 'failed',
      post: 'failed',
      postWithHeader: 'failed',
      postOpaque: 'failed',
      endSession: 'failed',
      exchange: 'failed',
      image: 'failed',
      script: 'failed',
      beacon: true,
      frame: true,
      bridge: 'undefined',
    });

    const opened = attacker.context().waitForEvent('page');
    const reach = await attacker.evaluate(async (own) => {
      const popup = window.open(own);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return popup === null || popup.closed;
    }, own);
    // Cross-Origin-Opener-Policy: the attacker's handle is cut from the page it opened.
    expect(reach).toBe(true);
    await (await opened).close();

    await attacker.evaluate((own) => {
      const form = Object.assign(document.createElement('form'), {
        method: 'POST',
        action: `${own}/session/end`,
      });
      document.body.append(form);
      form.submit();
    }, own);
    await attacker.waitForURL(`${own}/session/end`);
    expect(await attacker.textContent('body')).toContain('answers only its own page');

    // What the hostile program itself can send with the cookie it was handed.
    expect((await console.post('/api/users/list', { callId: '1' }, { cookie })).status).toBe(401);
    expect(console.received).toHaveLength(before);
    expect((await call(page)).ok).toBe(true);
    expect(console.addresses).toHaveLength(1);
  });
});
