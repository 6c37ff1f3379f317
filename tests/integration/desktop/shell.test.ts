import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkSwitches } from '../../../src/main/electron/close-network';
import { ensureBuilt } from '../../support/built-program';
import {
  type DesktopProgram,
  launchDesktop,
  startDesktop,
} from '../../support/electron-stand-in/desktop-program';

let desktop: DesktopProgram;
beforeAll(async () => {
  await ensureBuilt();
  desktop = await startDesktop();
});
afterAll(() => desktop.stop());

describe('the window', () => {
  it('is isolated, sandboxed and without Node', async () => {
    const { windows, sandboxEnabled } = await desktop.ask('state');
    expect(sandboxEnabled).toBe(true);
    expect(windows).toHaveLength(1);
    expect(windows[0]).toMatchObject({
      options: {
        webPreferences: {
          contextIsolation: true,
          sandbox: true,
          nodeIntegration: false,
          nodeIntegrationInWorker: false,
          nodeIntegrationInSubFrames: false,
          webviewTag: false,
          webSecurity: true,
          devTools: false,
          spellcheck: false,
        },
      },
    });
  });

  it('is made hidden with a background and shown once its page has painted', async () => {
    await expect
      .poll(async () => (await desktop.ask('state')).windows[0])
      .toMatchObject({ visible: true, options: { show: false, backgroundColor: '#11171a' } });
  });

  it('has a menu without reload and developer tools', async () => {
    const { menu } = (await desktop.ask('state')).shown;
    expect(JSON.stringify(menu)).toContain('editMenu');
    expect(JSON.stringify(menu)).not.toMatch(/reload|devtools|viewMenu/i);
  });
});

describe('the page', () => {
  it('comes from our own standard, secure scheme', async () => {
    const { schemes, windows } = await desktop.ask('state');
    expect(schemes).toEqual([
      {
        scheme: 'litemaas-app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
    expect(windows[0]).toMatchObject({ url: 'litemaas-app://console/' });
  });

  it('has a policy without unsafe-inline whose nonce is fresh and the one in the page', async () => {
    const nonces = new Set<string>();
    for (let time = 0; time < 3; time += 1) {
      const { status, headers, body: bytes } = await desktop.ask('fetch', 'litemaas-app://console/');
      const body = bytes.toString();
      expect(status).toBe(200);
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(nonce).toMatch(/^[A-Za-z0-9+/]{20,}={0,2}$/);
      expect(body).toContain(nonce);
      expect(body).not.toContain('__CSP_NONCE__');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  it('finds every script and style it names', async () => {
    const { body } = await desktop.ask('fetch', 'litemaas-app://console/');
    const names = [...body.toString().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name ?? '');
    const addresses = names.map((name) => new URL(name, 'litemaas-app://console/').href);
    const files = addresses.filter((address) => !address.startsWith('data:'));
    expect(files.some((address) => address.endsWith('.js'))).toBe(true);
    for (const address of files) {
      const { status, headers } = await desktop.ask('fetch', address);
      expect([address, status]).toEqual([address, 200]);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it.each([
    'litemaas-app://console/../../package.json',
    'litemaas-app://console/..%2f..%2fpackage.json',
    'litemaas-app://console/%2e%2e/%2e%2e/package.json',
    'litemaas-app://console/assets/..%5c..%5cpackage.json',
    'litemaas-app://console/..%252f..%252fpackage.json',
    'litemaas-app://console//etc/passwd',
    'litemaas-app://console/%2Fetc%2Fpasswd',
    'litemaas-app://console/C:/Windows/win.ini',
    'litemaas-app://console/index.html%00.js',
    'litemaas-app://console/assets/',
    'litemaas-app://console/.built',
    'litemaas-app://console/no-such-file.js',
  ])('is all that can be fetched: not %s', async (url) => {
    const answer = await desktop.ask('fetch', url);
    expect(answer.status).toBe(404);
    expect(answer.body).toHaveLength(0);
  });

  it.each([
    'litemaas-app://other/index.html',
    'litemaas-app://console.example.com/index.html',
    'litemaas-app://console:80/index.html',
    'litemaas-app://console@other/index.html',
  ])('is not on another host: %s', async (url) => {
    // The scheme's own handler refuses: nothing rests on webRequest hearing of it.
    const answer = await desktop.ask('fetch', url).catch(() => null);
    expect(answer === null || (answer.status === 404 && answer.body.length === 0)).toBe(true);
  });

  it('is read, never written', async () => {
    expect((await desktop.ask('fetch', 'litemaas-app://console/', 'POST')).status).toBe(405);
  });

  it('reaches no network and no file', async () => {
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1:4000/',
      'file:///etc/passwd',
      'ws://127.0.0.1/',
    ]) {
      expect([url, await desktop.ask('isLetThrough', url)]).toEqual([url, false]);
    }
    expect(await desktop.ask('isLetThrough', 'litemaas-app://console/assets/a.js')).toBe(true);
  });

  it('gets a frozen API of the contract’s procedures and nothing else', async () => {
    expect(await desktop.ask('evaluate', 'Object.keys(globalThis)')).toEqual(['litemaas']);
    expect(await desktop.ask('evaluate', 'Object.isFrozen(litemaas) && Object.isFrozen(litemaas.app)')).toBe(
      true,
    );
    expect(await desktop.ask('evaluate', 'litemaas.host.kind')).toBe('desktop');
    expect(await desktop.ask('evaluate', 'typeof require + typeof process')).toBe('undefinedundefined');
    const kinds = await desktop.ask(
      'evaluate',
      'Object.values(litemaas).flatMap((area) => Object.values(area)).map((value) => typeof value)',
    );
    expect(new Set(kinds as string[])).toEqual(new Set(['function', 'string']));
  });

  it('stays where it is', async () => {
    for (const url of ['https://example.com/', 'litemaas-app://console/other', 'file:///etc/passwd']) {
      expect(await desktop.ask('navigate', url)).toBe(false);
      expect(await desktop.ask('redirect', url)).toBe(false);
      expect(await desktop.ask('navigateFrame', url)).toBe(false);
    }
    expect(await desktop.ask('attachWebview')).toBe(false);
    expect(await desktop.ask('download')).toBe(false);
  });

  it('opens no window; only the addresses that it links to open in the system’s browser', async () => {
    const addresses = [
      'https://example.com/',
      'https://github.com/?q=secret',
      'https://github.com/BerriAI/litellm?q=secret',
      'http://github.com/BerriAI/litellm',
      'https://user@github.com/BerriAI/litellm',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'https://github.com/BerriAI/litellm',
    ];
    for (const url of addresses) expect(await desktop.ask('openWindow', url)).toBe('deny');
    expect((await desktop.ask('state')).shown.outside).toEqual(['https://github.com/BerriAI/litellm']);
  });

  it('has no way out by WebRTC or by name: the policy and the switches that close them', async () => {
    const { windows, switches } = await desktop.ask('state');
    expect(windows[0]).toMatchObject({ webRtcPolicy: 'disable_non_proxied_udp' });
    expect(switches).toEqual(Object.fromEntries(networkSwitches(false)));
  });

  it('has a permissions policy', async () => {
    const { headers } = await desktop.ask('fetch', 'litemaas-app://console/');
    expect(headers['permissions-policy']).toContain('camera=()');
  });

  it('is denied every permission but putting text on the clipboard', async () => {
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
    ]) {
      expect(await desktop.ask('permission', permission)).toEqual({
        requested: false,
        checked: false,
        device: false,
      });
    }
    const copying = 'clipboard-sanitized-write';
    expect(await desktop.ask('permission', copying)).toMatchObject({ requested: true, checked: true });
    const elsewhere = await desktop.ask('permission', copying, 'https://example.com/');
    expect(elsewhere).toMatchObject({ requested: false, checked: false });
    const inFrame = await desktop.ask('permission', copying, 'litemaas-app://console/', false);
    expect(inFrame).toMatchObject({ requested: false, checked: false });
  });
});

describe('the built preload', () => {
  it('requires electron and nothing else', async () => {
    expect((await desktop.ask('state')).required).toEqual(['electron']);
    const code = readFileSync('out/preload/index.cjs', 'utf8');
    const required = [...code.matchAll(/\brequire\(([^)]*)\)|\bimport\b[^;]*from\s*([^;]*)/g)];
    expect(required.map(([, name]) => name)).toEqual([expect.stringMatching(/^["'`]electron["'`]$/)]);
  });
});

describe('the program', () => {
  it('keeps its Chromium profile in the data folder that was chosen', async () => {
    expect((await desktop.ask('state')).userData).toBe(join(desktop.folder, 'data', 'desktop'));
  });

  it('asks no development server when it is packaged', async () => {
    const environment = { ELECTRON_RENDERER_URL: 'http://127.0.0.1:1/', ELECTRON_STAND_IN_PACKAGED: '1' };
    const packaged = await startDesktop({ environment });
    try {
      expect((await packaged.ask('state')).windows[0]).toMatchObject({ url: 'litemaas-app://console/' });
    } finally {
      await packaged.stop();
    }
  });

  it('is one program: a second one gives its place to the first window', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'litemaas-desktop-'));
    const first = await startDesktop({ folder });
    try {
      await expect.poll(async () => (await first.ask('state')).windows[0]).toMatchObject({ visible: true });
      await first.ask('minimize');
      const second = await launchDesktop({ folder });
      expect(await second.exited).toBe(0);
      await expect
        .poll(async () => (await first.ask('state')).windows)
        .toMatchObject([{ minimized: false, focused: true, visible: true }]);
    } finally {
      await first.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
