import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type BrowserServer,
  type BrowserServerOptions,
  createBrowserServer,
} from '../../../src/main/browser/server';
import type { CallHost, Console, Request } from '../../../src/main/console';

export const assetPath = '/assets/page-Ab12_-cd.js';

/** One request as it goes over the wire: nothing is added that is not written here, except Content-Length. */
export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: unknown;
}

export type Credentials = Readonly<Record<'cookie' | 'x-litemaas-session', string>>;

export interface TestServer {
  readonly server: BrowserServer;
  /** Every one-time address so far, the newest last. */
  readonly addresses: string[];
  /** What reached the console. */
  readonly received: Request[];
  readonly log: Record<string, unknown>[];
  readonly rendererFolder: string;
  send(request: RawRequest): Promise<RawResponse>;
  /** A POST as the console's own page sends it; `headers` overrides, an empty string leaves one out. */
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<RawResponse>;
  /** Exchanges the newest token. */
  enter(headers?: Readonly<Record<string, string>>): Promise<Credentials>;
}

type Answering = (request: Request, host: CallHost) => ReturnType<Console['call']>;

const echo: Answering = (request) => Promise.resolve({ ok: true, value: request });

/** A real server on a free port with a console that answers `answering`, by default with what it was asked. */
export async function startTestServer(
  options: Partial<BrowserServerOptions> & { readonly answering?: Answering } = {},
): Promise<TestServer> {
  const rendererFolder = makeRenderer();
  const addresses: string[] = [];
  const received: Request[] = [];
  const log: Record<string, unknown>[] = [];
  const { answering = echo, ...rest } = options;
  const server = await createBrowserServer({
    rendererFolder,
    announce: (address) => addresses.push(address),
    console: {
      log: {
        write: (entry) => log.push(entry),
        error: (where, error) => log.push({ where, error: String(error) }),
      },
      call(request, host) {
        received.push(request);
        return answering(request, host);
      },
    },
    ...rest,
  });
  onTestFinished(async () => {
    await server.close();
    rmSync(join(rendererFolder, '..'), { recursive: true, force: true });
  });
  const host = `127.0.0.1:${String(server.port)}`;

  const send = (request: RawRequest): Promise<RawResponse> =>
    sendRaw(server.port, { host, ...request.headers }, request);
  const post: TestServer['post'] = (path, body = {}, headers = {}) => {
    const all = { ...ownPageHeaders(host), ...headers };
    const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
    return send({ method: 'POST', path, headers: kept, body: JSON.stringify(body) });
  };
  return {
    server,
    addresses,
    received,
    log,
    rendererFolder,
    send,
    post,
    async enter(headers = {}) {
      const answer = await post('/session', { token: tokenOf(addresses.at(-1)) }, headers);
      return credentialsFrom(answer);
    },
  };
}

export function ownPageHeaders(host: string): Record<string, string> {
  return {
    host,
    origin: `http://${host}`,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
  };
}

export function tokenOf(address: string | undefined): string {
  return new URL(address ?? '').hash.replace('#token=', '');
}

export function credentialsFrom(answer: RawResponse): Credentials {
  if (answer.status !== 200) throw new Error(`The exchange answered ${String(answer.status)}`);
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  return { cookie, 'x-litemaas-session': (answer.json as { session: string }).session };
}

/** The code of a refusal's envelope; fails the test where the body is not one that a person could read. */
export function refusalCode(answer: RawResponse): string {
  const { code, message } = answer.json as { code?: string; message?: string };
  if (typeof code !== 'string' || typeof message !== 'string' || message.length < 10) {
    throw new Error(`Not an error envelope: ${answer.body.toString()}`);
  }
  return code;
}

function sendRaw(port: number, headers: RawRequest['headers'], request: RawRequest): Promise<RawResponse> {
  const { method = 'GET', path, body } = request;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: { ...headers }, setHost: false, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const whole = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: whole,
            json: parsed(whole.toString()),
          });
        });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A built renderer of three files, with a secret beside it that no request may reach. */
function makeRenderer(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'litemaas-renderer-')), 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><title>Console</title><script nonce="__CSP_NONCE__" type="module" src="${assetPath}"></script>`,
  );
  writeFileSync(join(folder, assetPath), 'globalThis.loaded = true;\n');
  writeFileSync(join(folder, '..', 'secret.txt'), 'must stay secret');
  return folder;
}
