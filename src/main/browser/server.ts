import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../shared/errors';
import { type Console, readRendererFile } from '../console';
import { cancelCall, runCall } from './calls';
import { limitConnections } from './connections';
import { createDownloads, sendDownload } from './downloads';
import { createOneTimeToken } from './one-time-token';
import { readJsonBody } from './read-json-body';
import { notFound, Refusal, tokenRefused } from './refusal';
import { requireOpenable, requireOwnHost, requireOwnPage, requireSameOrigin } from './request-guards';
import { sendJson, sendRefusal, setSecurityHeaders } from './respond';
import { createSessions } from './sessions';
import { say } from '../kernel/say';

const sessionHeader = 'x-litemaas-session';

/**
 * Every port of the host shares its cookies, and a browser sends up to 180 of 4 KiB (Chromium): what other programs'
 * pages keep there must not make ours unreachable.
 */
const maxHeaderBytes = 1024 * 1024;

export interface BrowserServerOptions {
  readonly console: Pick<Console, 'call' | 'log'>;
  /** The built renderer: the folder with index.html. */
  readonly rendererFolder: string;
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** Hears each one-time address that comes into force: at once, and whenever one was used wrongly. */
  readonly announce: (address: string) => void;
  /** The address in force was used: a file that holds it is of no more use. */
  readonly onExchanged?: () => void;
  /** A session ends after this long without a request by a person; default 8 hours. */
  readonly idleTimeoutMs?: number;
  /** Wrong tokens replace the address three times at once, then once per this time; default 30 s. */
  readonly replacementIntervalMs?: number;
  /** A request's body must have arrived within this time; default 10 s. */
  readonly bodyTimeoutMs?: number;
  /** Open connections at once; default 256. One more closes the oldest that is not needed. */
  readonly maxConnections?: number;
  readonly now?: () => number;
}

export interface BrowserServer {
  readonly port: number;
  readonly cookieName: string;
  /** Ends all sessions and calls, and stops listening. */
  close(): Promise<void>;
}

/**
 * The loopback server of browser mode (design: "Browser mode's door"). Resolves once it listens on 127.0.0.1.
 * Throws `validation` when the port is taken or may not be used.
 */
export async function createBrowserServer(options: BrowserServerOptions): Promise<BrowserServer> {
  const { idleTimeoutMs = 8 * 3_600_000, replacementIntervalMs = 30_000, bodyTimeoutMs = 10_000 } = options;
  const { console, announce, now = Date.now, maxConnections = 256 } = options;
  const sessions = createSessions({ idleTimeoutMs, now });
  const downloads = createDownloads(now);
  const context = { console, sessions, downloads, bodyTimeoutMs };

  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    // Counts from the start for a connection that never sends a byte.
    headersTimeout: bodyTimeoutMs,
    requestTimeout: bodyTimeoutMs + 5_000,
    connectionsCheckingInterval: Math.min(2_000, bodyTimeoutMs / 2),
    keepAliveTimeout: 10_000,
  });
  const connections = limitConnections(server, maxConnections);
  server.on('request', (request, response) => void handle(request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Ending alone would leave it to the other side to close, who may never do so.
    if (socket.writable) socket.end(rawRefusal(error.code), () => socket.destroy());
    else socket.destroy();
  });
  const port = await listen(server, options.port ?? 0);
  const token = createOneTimeToken({
    now,
    replacementIntervalMs,
    announce: (value) => announce(`http://127.0.0.1:${String(port)}/#token=${value}`),
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const nonce = setSecurityHeaders(response);
    try {
      const host = requireOwnHost(request);
      const path = (request.url ?? '').split('?', 1)[0] ?? '';
      if (request.method === 'POST') return await handlePost(path, host, request, response);
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD, POST');
        throw new Refusal(405, 'validation', say('hosts.browser.method'));
      }
      const ticket = /^\/download\/([\w-]{1,100})$/.exec(path)?.[1];
      if (ticket !== undefined) return await handleDownload(ticket, request, response);
      await handleFile(path, nonce, request, response);
    } catch (error) {
      if (error instanceof Refusal) {
        console.log.write({ event: 'refused', status: error.status, reason: error.message });
        return sendRefusal(request, response, error);
      }
      console.log.error('browser', error);
      const internal = new Refusal(
        500,
        'internal',
        say('hosts.browser.internal'),
        say('hosts.browser.tryAgain'),
      );
      sendRefusal(request, response, internal);
    }
  }

  async function handlePost(
    path: string,
    host: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    requireOwnPage(request, host);
    if (path === '/session') return exchangeToken(request, response);
    const header = request.headers[sessionHeader];
    const session = sessions.require(request.headers.cookie, typeof header === 'string' ? header : undefined);
    connections.keep(request);
    if (path === '/session/end') {
      await readJsonBody(request, bodyTimeoutMs);
      sessions.end(session);
      response.setHeader('Set-Cookie', `${cookie('')}; Max-Age=0`);
      return sendJson(response, 200, {});
    }
    if (path === '/api/cancel') {
      await cancelCall(context, session, request);
      return sendJson(response, 200, {});
    }
    const [, area, procedure] = /^\/api\/(\w{1,40})\/(\w{1,40})$/.exec(path) ?? [];
    if (area === undefined || procedure === undefined) throw notFound();
    sendJson(response, 200, await runCall(context, session, { area, procedure }, request, response));
  }

  async function exchangeToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { token: sent } = await readJsonBody(request, bodyTimeoutMs);
    if (!token.exchange(typeof sent === 'string' ? sent : '')) throw tokenRefused();
    options.onExchanged?.();
    const session = sessions.start(request.headers.cookie);
    response.setHeader('Set-Cookie', cookie(session.cookie));
    sendJson(response, 200, { session: session.header });
  }

  async function handleDownload(
    ticket: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (request.method !== 'GET') throw notFound();
    requireSameOrigin(request);
    const session = sessions.requireCookie(request.headers.cookie);
    connections.keep(request);
    const content = downloads.take(ticket, session);
    sessions.touch(session);
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    const signal = AbortSignal.any([gone.signal, session.ended.signal]);
    session.ended.signal.addEventListener('abort', () => response.destroy(), { signal: gone.signal });
    await sendDownload(response, content, signal);
  }

  async function handleFile(
    path: string,
    nonce: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const isPage = path === '/' || path === '/index.html';
    requireOpenable(request, isPage);
    const file = await readRendererFile(options.rendererFolder, path, nonce);
    if (!file) throw isPage ? notBuilt() : notFound();
    response.writeHead(200, {
      'Content-Type': file.contentType,
      'Content-Length': file.body.length,
      'Cache-Control': file.cacheControl,
    });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  }

  const cookie = (value: string): string =>
    `${sessions.cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict`;

  return {
    port,
    cookieName: sessions.cookieName,
    async close() {
      sessions.endAll();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // What is being answered gets a moment; a page that waits has just been told that its session ended.
      const cut = setTimeout(() => server.closeAllConnections(), 500);
      server.closeIdleConnections();
      await closed;
      clearTimeout(cut);
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new AppError('validation', say('hosts.browser.port', { port, reason: reasonOf(error) }), {
          hint: say('hosts.browser.portHint'),
          cause: error,
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return say('hosts.browser.portInUse');
  if (error.code === 'EACCES') return say('hosts.browser.portForbidden');
  return error.message;
}

/** What does not even parse as a request, or does not arrive in time, never becomes a request with a response. */
function rawRefusal(errorCode: string | undefined): string {
  const status =
    errorCode === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '408 Request Timeout'
      : errorCode === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request';
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nX-Content-Type-Options: nosniff\r\n\r\n`;
}

const notBuilt = (): Refusal =>
  new Refusal(404, 'not_found', say('hosts.browser.notBuilt'), say('hosts.browser.notBuiltHint'));
