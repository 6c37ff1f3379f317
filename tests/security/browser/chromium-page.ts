import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { build } from 'vite';
import { describe, onTestFinished } from 'vitest';
import { chromiumExecutable } from '../../support/chromium';

/** Runs tests that need a real browser; without one they are skipped, unless LITEMAAS_REQUIRE names `browser`. */
export function describeInChromium(name: string, tests: () => void): void {
  const required = (process.env['LITEMAAS_REQUIRE'] ?? '').split(',').includes('browser');
  if (chromiumExecutable() === undefined && !required) {
    describe.skip(`${name} (skipped: no Chromium on this machine)`, tests);
  } else {
    describe(name, tests);
  }
}

/** @param switches more of Chromium's own, such as `--proxy-server=…`. */
export function launchChromium(switches: readonly string[] = []): Promise<Browser> {
  const executablePath = chromiumExecutable();
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--disable-background-networking',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...switches,
    ],
  });
}

/** A renderer whose only script is the real bridge, at hand as `bridge` in the page. Answers its folder. */
export async function buildBridgePage(): Promise<{ folder: string; remove: () => void }> {
  const root = mkdtempSync(join(tmpdir(), 'litemaas-bridge-'));
  const folder = join(root, 'renderer');
  const entry = join(root, 'entry.ts');
  const source = resolve('src/renderer/src/api/browser-bridge.ts');
  writeFileSync(
    entry,
    `import { createBrowserBridge } from ${JSON.stringify(source)};\nglobalThis.bridge = createBrowserBridge();\n`,
  );
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      outDir: folder,
      minify: false,
      lib: { entry, formats: ['es'], fileName: () => 'assets/bridge-Ab12_-cd.js' },
    },
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><title>Console</title>
<script nonce="__CSP_NONCE__">globalThis.nonceRan = true;</script>
<script>globalThis.inlineRan = true;</script>
<script type="module" src="/assets/bridge-Ab12_-cd.js"></script>`,
  );
  return { folder, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Another web server of this host: what a hostile program on another port can serve, and what it gets to see. */
export async function startOtherPort(html: string): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.setHeader('Content-Type', 'text/html');
    response.end(html);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`, seen };
}

/** Forwards another port to `port`, as an SSH tunnel does. Answers the other port. */
export async function startTunnel(port: number): Promise<number> {
  const server = createTcpServer((socket) => {
    const inner = connect(port, '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
