import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type MainText, say } from '../../kernel/say';
import { SecureTunnelAgent, TunnelAgent, TunnelError } from './tunnel';

export const maxAnswerBytes = 64 * 1024 * 1024;
const maxSockets = 4;

export interface Exchange {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Why one HTTP exchange brought no answer. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  constructor(
    readonly reason: 'network' | 'timeout' | 'certificate' | 'too_large',
    message: string,
    options?: { cause: unknown },
    /** It never left this machine: nothing of it was done over there. */
    readonly neverSent = false,
  ) {
    super(message, options);
  }
}

export interface Transport {
  /** One GET. Redirects are not followed: they come back as what they are. Rejects with {@link ExchangeError}. */
  get(
    url: URL,
    headers: Readonly<Record<string, string>>,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Exchange>;
  /** One POST of a JSON text, like {@link get}. What broke off may have been done over there, or be at work still. */
  post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Exchange>;
  close(): void;
}

/**
 * Keep-alive connections to one LiteLLM. `ca` is the PEM text of a certificate authority of the person's own;
 * `httpProxy` an HTTP proxy that every connection is made through.
 */
export function createTransport(ca: string | null, httpProxy: URL | null): Transport {
  const settings = { keepAlive: true, maxSockets };
  const secureSettings = { ...settings, ...(ca === null ? {} : { ca }) };
  const http = httpProxy === null ? new HttpAgent(settings) : new TunnelAgent(settings, httpProxy);
  const https =
    httpProxy === null ? new HttpsAgent(secureSettings) : new SecureTunnelAgent(secureSettings, httpProxy);
  const sendTo = (url: URL, options: RequestOptions): ReturnType<typeof httpRequest> => {
    const secure = url.protocol === 'https:';
    return (secure ? httpsRequest : httpRequest)(url, { ...options, agent: secure ? https : http });
  };
  return {
    get: (url, headers, timeoutMs, signal) =>
      exchange(
        (deadline) => sendTo(url, { method: 'GET', headers, signal: deadline }),
        null,
        timeoutMs,
        signal,
      ),
    post(url, headers, body, timeoutMs, signal) {
      const described = {
        ...headers,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      };
      const send = (deadline: AbortSignal) =>
        sendTo(url, { method: 'POST', headers: described, signal: deadline });
      return exchange(send, body, timeoutMs, signal);
    },
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

function exchange(
  send: (signal: AbortSignal) => ReturnType<typeof httpRequest>,
  body: string | null,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Exchange> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([signal, deadline]);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      if (signal.aborted) reject(signal.reason);
      else if (deadline.aborted)
        reject(new ExchangeError('timeout', say('litellm.cause.timeout', { seconds: timeoutMs / 1000 })));
      else reject(asExchangeError(error));
    };
    const request = send(ended);
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxAnswerBytes) {
          const text = say('litellm.cause.tooLarge', { megabytes: maxAnswerBytes / 1024 / 1024 });
          request.destroy(new ExchangeError('too_large', text));
        } else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        if (!response.complete) return fail(new ExchangeError('network', say('litellm.cause.brokeOff')));
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    request.end(body ?? undefined);
  });
}

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/;

/** With these no connection came about. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPROTO',
]);

const causes: Readonly<Record<string, MainText>> = {
  ECONNREFUSED: 'litellm.cause.refused',
  ENOTFOUND: 'litellm.cause.unknownHost',
  EAI_AGAIN: 'litellm.cause.lookup',
  ETIMEDOUT: 'litellm.cause.noAnswer',
  EHOSTUNREACH: 'litellm.cause.hostUnreachable',
  ENETUNREACH: 'litellm.cause.networkUnreachable',
  ECONNRESET: 'litellm.cause.reset',
  EPIPE: 'litellm.cause.closed',
  EPROTO: 'litellm.cause.noTls',
};

function asExchangeError(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  if (error instanceof TunnelError)
    return new ExchangeError('network', error.message, { cause: error }, true);
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (certificateCodes.test(code)) {
    const text = say('litellm.cause.certificate', { code });
    return new ExchangeError('certificate', text, { cause: error }, true);
  }
  return new ExchangeError(
    'network',
    say(causes[code] ?? 'litellm.cause.other', { code: code || 'unknown' }),
    { cause: error },
    neverConnected.has(code),
  );
}
