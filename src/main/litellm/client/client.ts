import type * as z from 'zod';
import { AppError } from '../../../shared/errors';
import { parseExactJson, toExactJson } from '../../kernel/exact-json';
import { assertAllowed } from './allowed-request';
import { createCircuitBreaker } from './circuit-breaker';
import { createTransport, type Exchange, ExchangeError } from './exchange';
import { createParallelLimit } from './parallel-limit';
import { endpointUrl } from './proxy-url';
import { isTransient, maxTries, retryDelayMs, type Sleep, sleep as realSleep } from './retry-policy';
import {
  isLicenceRefusal,
  readRefusal,
  refusalKind,
  type RefusalKind,
  type RemoteRefusal,
} from './remote-refusal';
import { authFailure, protocolFailure, refusedFailure, unreachableFailure } from './failures';
import { say } from '../../kernel/say';
import { cancelled } from '../../kernel/cancelled';

const parallelReads = 4;
const defaultTimeoutMs = 30_000;
const writeTimeoutMs = 15_000;

export interface LitellmAddress {
  /** As {@link normaliseBaseUrl} answers it. */
  readonly baseUrl: string;
  readonly headerName: string;
  readonly apiKey: string;
  /** PEM text of a certificate authority; null for the system's own. */
  readonly ca: string | null;
  /** An HTTP proxy on the way; null or absent for none. */
  readonly httpProxy?: URL | null;
}

export interface ClientOptions {
  readonly sleep?: Sleep;
  readonly random?: () => number;
  readonly now?: () => Date;
  /** How often a request is tried; 1 for a test that a person waits for. */
  readonly tries?: number;
  /** Replaces the time limit of every request. */
  readonly timeoutMs?: number;
  /** Told before the client pauses because the proxy failed repeatedly. */
  readonly onPause?: (waitMs: number) => void;
}

export interface ReadRequest<Schema extends z.ZodType> {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly schema: Schema;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

export interface Answer<T> {
  readonly value: T;
  readonly headers: Exchange['headers'];
}

/** What the console may write. Everything else over there is read only to it. */
export type WritePath =
  | '/key/generate'
  | '/key/update'
  | '/key/block'
  | '/key/unblock'
  | '/key/delete'
  | '/user/new'
  | '/team/new'
  | '/team/member_add';

export interface WriteRequest {
  readonly path: WritePath;
  /** Numbers that must not lose digits are `ExactNumber`. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/**
 * What became of a write. `done` is no proof: the object is read and compared. `refused`: nothing was done and the same
 * call is refused again (some endpoints do it nevertheless: {@link WritePath} `/key/generate`, `/team/new`).
 * `later`: nothing was done, and it may be sent again. `unknown`: it may have been done, or be at work still: the object
 * is read before anything is sent again.
 */
export type WriteOutcome =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'refused';
      readonly error: AppError;
      readonly refusal: RemoteRefusal;
      readonly why: RefusalKind;
    }
  | { readonly kind: 'later' | 'unknown'; readonly error: AppError };

/** Reads from one LiteLLM proxy, and writes what {@link WritePath} names. */
export interface LitellmClient {
  readonly baseUrl: string;
  /**
   * One GET, at most four at a time, tried again where that is safe. Numbers in the answer are exact (`ExactNumber`).
   * @throws AppError litellm_unreachable, litellm_auth, litellm_refused (`details.status`), litellm_protocol, cancelled.
   */
  read<Schema extends z.ZodType>(request: ReadRequest<Schema>): Promise<Answer<z.output<Schema>>>;
  /**
   * One POST, sent once: what brought no answer may still be at work over there (observed: it runs on to its end).
   * Never rejects but for a programming error; a call that was cancelled is `unknown`, or `later` if it was not sent yet.
   */
  write(request: WriteRequest): Promise<WriteOutcome>;
  close(): void;
}

/** Opens a client; nothing is sent until the first read. Close it to end its connections. */
export function openLitellmClient(address: LitellmAddress, options: ClientOptions = {}): LitellmClient {
  const { sleep = realSleep, random = Math.random, now = () => new Date(), tries = maxTries } = options;
  const headers = requestHeaders(address);
  const transport = createTransport(address.ca, address.httpProxy ?? null);
  const breaker = createCircuitBreaker(() => now().getTime());
  const limit = createParallelLimit(parallelReads);

  async function attempt(url: URL, timeoutMs: number, signal: AbortSignal): Promise<Attempt> {
    const waitMs = breaker.waitMs();
    if (waitMs > 0) {
      options.onPause?.(waitMs);
      await sleep(waitMs, signal);
    }
    const outcome = await send(url, timeoutMs, signal);
    if (outcome.kind === 'transient') breaker.failed();
    else breaker.succeeded();
    return outcome;
  }

  async function send(url: URL, timeoutMs: number, signal: AbortSignal): Promise<Attempt> {
    let exchange: Exchange;
    try {
      exchange = await transport.get(url, headers, timeoutMs, signal);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      if (error.reason === 'too_large')
        return { kind: 'final', error: protocolFailure(address, url, error.message) };
      const failure = unreachableFailure(address, error.message, error.reason);
      return error.reason === 'certificate'
        ? { kind: 'final', error: failure }
        : { kind: 'transient', error: failure, retryAfter: undefined };
    }
    return judge(exchange, url, address);
  }

  async function readWithRetries(url: URL, timeoutMs: number, signal: AbortSignal): Promise<Attempt> {
    for (let tried = 1; ; tried += 1) {
      const outcome = await attempt(url, timeoutMs, signal);
      if (outcome.kind !== 'transient' || tried >= tries) return outcome;
      const delayMs = retryDelayMs(tried, outcome.retryAfter, now(), random());
      if (delayMs === null) return outcome;
      await sleep(delayMs, signal);
    }
  }

  async function writeOnce(
    url: URL,
    body: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<WriteOutcome> {
    if (signal.aborted) return { kind: 'later', error: cancelled(signal.reason) };
    const waitMs = breaker.waitMs();
    if (waitMs > 0) {
      const cause = say('litellm.cause.resting', { seconds: Math.ceil(waitMs / 1000) });
      return { kind: 'later', error: unreachableFailure(address, cause, 'resting') };
    }
    let outcome: WriteOutcome;
    try {
      outcome = judgeWrite(await transport.post(url, headers, body, timeoutMs, signal), url, address);
    } catch (error) {
      if (signal.aborted) return { kind: 'unknown', error: cancelled(error) };
      if (!(error instanceof ExchangeError)) throw error;
      const failure = unreachableFailure(address, error.message, error.reason);
      outcome = { kind: error.neverSent ? 'later' : 'unknown', error: failure };
    }
    if (outcome.kind === 'later' || outcome.kind === 'unknown') breaker.failed();
    else breaker.succeeded();
    return outcome;
  }

  return {
    baseUrl: address.baseUrl,
    async read({ path, query = {}, schema, timeoutMs = defaultTimeoutMs, signal }) {
      assertAllowed(path, query);
      const url = endpointUrl(address.baseUrl, path, query);
      try {
        const limitMs = options.timeoutMs ?? timeoutMs;
        const outcome = await limit(() => readWithRetries(url, limitMs, signal));
        if (outcome.kind !== 'answer') throw outcome.error;
        const checked = schema.safeParse(outcome.content);
        if (!checked.success) throw protocolFailure(address, url, say('litellm.cause.form'));
        return { value: checked.data, headers: outcome.headers };
      } catch (error) {
        if (signal.aborted) throw cancelled(error);
        throw error;
      }
    },
    write({ path, body, timeoutMs = writeTimeoutMs, signal }) {
      const url = endpointUrl(address.baseUrl, path, {});
      return limit(() => writeOnce(url, toExactJson(body), options.timeoutMs ?? timeoutMs, signal));
    },
    close: () => transport.close(),
  };
}

type Attempt =
  | { readonly kind: 'answer'; readonly content: unknown; readonly headers: Exchange['headers'] }
  | { readonly kind: 'transient'; readonly error: AppError; readonly retryAfter: string | undefined }
  | { readonly kind: 'final'; readonly error: AppError };

function judge(exchange: Exchange, url: URL, address: LitellmAddress): Attempt {
  const { status, headers, body } = exchange;
  if (status >= 300 && status < 400) {
    const error = protocolFailure(address, url, say('litellm.cause.redirect'));
    return { kind: 'final', error };
  }
  if (status < 200 || status >= 300) return judgeRefusal(readRefusal(status, body), headers, url, address);
  try {
    return { kind: 'answer', content: parseExactJson(body), headers };
  } catch {
    const error = protocolFailure(address, url, say('litellm.cause.noJson'));
    const isPage = headers['content-type']?.includes('text/html') ?? false;
    // A web page stays a web page; broken JSON is an answer that was cut on the way.
    return isPage ? { kind: 'final', error } : { kind: 'transient', error, retryAfter: undefined };
  }
}

function judgeWrite({ status, body }: Exchange, url: URL, address: LitellmAddress): WriteOutcome {
  if (status >= 200 && status < 300) return { kind: 'done' };
  const refusal = readRefusal(status, body);
  const why = refusalKind(refusal);
  if (why === 'for_now') {
    return { kind: 'later', error: unreachableFailure(address, refusal.message, 'refusal', refusal) };
  }
  if (why === 'not_known') {
    return { kind: 'unknown', error: unreachableFailure(address, refusal.message, 'refusal', refusal) };
  }
  const error =
    why === 'not_allowed' ? authFailure(address, url, refusal) : refusedFailure(address, url, refusal);
  return { kind: 'refused', error, refusal, why };
}

function judgeRefusal(
  refusal: RemoteRefusal,
  headers: Exchange['headers'],
  url: URL,
  address: LitellmAddress,
): Attempt {
  if (isTransient(refusal)) {
    const error = unreachableFailure(address, refusal.message, 'refusal', refusal);
    return { kind: 'transient', error, retryAfter: headers['retry-after'] };
  }
  const unauthorised = refusal.status === 401 || refusal.status === 403 || refusal.type === 'expired_key';
  const isAuth = unauthorised && !isLicenceRefusal(refusal);
  return {
    kind: 'final',
    error: isAuth ? authFailure(address, url, refusal) : refusedFailure(address, url, refusal),
  };
}

/**
 * The headers of a request, with the key in the one that the proxy reads.
 * @throws AppError `validation` where the key has signs that no header takes.
 */
export function requestHeaders({ headerName, apiKey }: LitellmAddress): Record<string, string> {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new AppError('validation', say('litellm.address.keyCharacters'), {
      hint: say('litellm.address.keyCharactersHint'),
    });
  }
  // A bare key in Authorization counts as none; every other header takes it bare (API reference §1.0).
  const value = headerName.toLowerCase() === 'authorization' ? `Bearer ${apiKey}` : apiKey;
  return { [headerName]: value, accept: 'application/json', 'user-agent': 'litemaas-console' };
}
