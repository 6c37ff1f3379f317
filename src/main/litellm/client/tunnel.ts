import { Agent as HttpAgent, type AgentOptions, type ClientRequestArgs, request } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as SecureAgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { say } from '../../kernel/say';

const tunnelTimeoutMs = 15_000;

/** The HTTP proxy on the way made no tunnel; `message` says why, for a person. */
export class TunnelError extends Error {
  override readonly name = 'TunnelError';
}

type Made = (error: Error | null, stream: Duplex) => void;

/** Makes every connection through a tunnel (CONNECT) of an HTTP proxy. */
export class TunnelAgent extends HttpAgent {
  constructor(
    settings: AgentOptions,
    private readonly httpProxy: URL,
  ) {
    super(settings);
  }

  override createConnection(options: ClientRequestArgs, made?: Made): undefined {
    openTunnel(this.httpProxy, options).then(
      (socket) => made?.(null, socket),
      (error: unknown) => made?.(error as Error, undefined as never),
    );
  }
}

/** The same with TLS inside: the HTTP proxy sees where to, and nothing of what is said. */
export class SecureTunnelAgent extends HttpsAgent {
  constructor(
    settings: SecureAgentOptions,
    private readonly httpProxy: URL,
  ) {
    super(settings);
  }

  override createConnection(options: ClientRequestArgs, made?: Made): undefined {
    openTunnel(this.httpProxy, options).then(
      (socket) => made?.(null, connectTls({ ...(options as ConnectionOptions), socket })),
      (error: unknown) => made?.(error as Error, undefined as never),
    );
  }
}

function openTunnel(httpProxy: URL, { host, port }: ClientRequestArgs): Promise<Socket> {
  const name = host ?? 'localhost';
  const target = `${name.includes(':') ? `[${name}]` : name}:${String(port ?? 80)}`;
  const place = httpProxy.host;
  return new Promise((resolve, reject) => {
    const asking = request({
      host: httpProxy.hostname.replace(/^\[|\]$/g, ''),
      port: httpProxy.port === '' ? 80 : Number(httpProxy.port),
      method: 'CONNECT',
      path: target,
      headers: { host: target },
      agent: false,
      timeout: tunnelTimeoutMs,
    });
    const unreachable = (code: string): void =>
      reject(new TunnelError(say('litellm.cause.httpProxyUnreachable', { place, code })));
    const refused = (status: number | undefined): void =>
      reject(new TunnelError(say('litellm.cause.httpProxyRefused', { place, status: String(status ?? 0) })));
    asking.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) {
        socket.setTimeout(0);
        resolve(socket);
        return;
      }
      socket.destroy();
      refused(statusCode);
    });
    asking.once('response', ({ statusCode }) => {
      refused(statusCode);
      asking.destroy();
    });
    asking.once('timeout', () => asking.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    asking.once('error', (error) => unreachable((error as NodeJS.ErrnoException).code ?? error.message));
    asking.end();
  });
}
