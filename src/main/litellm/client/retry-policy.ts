import type { RemoteRefusal } from './remote-refusal';
import { isEmptyRouter, isLicenceRefusal } from './remote-refusal';

/** How often a GET is tried before its failure counts (API reference §6.2). */
export const maxTries = 4;
const firstDelayMs = 500;
const maxDelayMs = 8_000;
/** A proxy that asks for more patience than this is told no: the run ends and can be resumed. */
const maxRetryAfterMs = 60_000;

/** Waits; rejects with the signal's reason when aborted. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

const transientStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** True when the same GET may succeed a little later. Licence and validation refusals never do. */
export function isTransient(refusal: RemoteRefusal): boolean {
  if (!transientStatuses.has(refusal.status)) return false;
  return refusal.status !== 500 || !isLastingRefusal(refusal);
}

/** A 500 that stays one: a licence is missing, there is no database, or the proxy has no models at all. */
function isLastingRefusal(refusal: RemoteRefusal): boolean {
  return isLicenceRefusal(refusal) || refusal.type === 'no_db_connection' || isEmptyRouter(refusal.message);
}

/**
 * How long to wait before try `attempt` + 1 (attempts count from 1): full jitter over 0.5 s doubling to 8 s, or what
 * the proxy asked for in `Retry-After`. Null when it asked for more than a minute. `random` is in [0, 1).
 */
export function retryDelayMs(
  attempt: number,
  retryAfter: string | undefined,
  now: Date,
  random: number,
): number | null {
  const asked = retryAfterMs(retryAfter, now);
  if (asked !== null) return asked > maxRetryAfterMs ? null : asked;
  return Math.round(random * Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1)));
}

/** `Retry-After` is a number of seconds or an HTTP date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

export const sleep: Sleep = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', onAbort, { once: true });
  });
