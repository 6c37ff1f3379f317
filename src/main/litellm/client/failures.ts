import { AppError } from '../../../shared/errors';
import { redact } from '../../../shared/redact';
import type { RemoteRefusal } from './remote-refusal';
import { say } from '../../kernel/say';

interface Address {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** No answer, or none that lasts: network, time limit, overload, a failing reverse proxy. */
export function unreachableFailure(
  address: Address,
  cause: string,
  reason: string,
  refusal?: RemoteRefusal,
): AppError {
  const hint =
    reason === 'certificate'
      ? say('litellm.failure.certificateHint')
      : refusal === undefined
        ? say('litellm.failure.unreachableHint')
        : say('litellm.failure.overloadedHint');
  return new AppError('litellm_unreachable', clean(address, say('litellm.failure.unreachable', { cause })), {
    hint,
    details: { proxy: address.baseUrl, reason, ...(refusal ? { status: String(refusal.status) } : {}) },
  });
}

/** The key was refused: every further request would be too. */
export function authFailure(address: Address, url: URL, refusal: RemoteRefusal): AppError {
  return new AppError(
    'litellm_auth',
    clean(address, say('litellm.failure.auth', { reason: refusal.message })),
    {
      hint: say('litellm.failure.authHint'),
      details: detailsOf(address, url, refusal),
    },
  );
}

export function refusedFailure(address: Address, url: URL, refusal: RemoteRefusal): AppError {
  const noDatabase = refusal.type === 'no_db_connection';
  return new AppError(
    'litellm_refused',
    clean(address, say('litellm.failure.refused', { path: url.pathname, reason: refusal.message })),
    {
      hint: noDatabase ? say('litellm.failure.noDatabaseHint') : say('litellm.failure.refusedHint'),
      details: detailsOf(address, url, refusal),
    },
  );
}

/** What answered is not what LiteLLM answers. */
export function protocolFailure(address: Address, url: URL, cause: string): AppError {
  return new AppError(
    'litellm_protocol',
    clean(address, say('litellm.failure.protocol', { path: url.pathname, cause })),
    {
      hint: say('litellm.failure.protocolHint'),
      details: { proxy: address.baseUrl, path: url.pathname },
    },
  );
}

/** The status LiteLLM refused with; null for any other error. */
export function refusedStatus(error: unknown): number | null {
  if (!(error instanceof AppError) || error.code !== 'litellm_refused') return null;
  return Number(error.details?.['status'] ?? Number.NaN);
}

/** True when this release of LiteLLM does not have the endpoint. */
export function isAbsentEndpoint(error: unknown): boolean {
  const status = refusedStatus(error);
  return status === 404 || status === 405;
}

/**
 * True when LiteLLM says that what was asked for does not exist. A 404 of something in front of it, or of a release that
 * does not know the address, proves nothing: those have no error type, or that of a problem document.
 */
export function isNotThere(error: unknown): boolean {
  if (refusedStatus(error) !== 404 || !(error instanceof AppError)) return false;
  const type = error.details?.['type'];
  return type !== undefined && !type.includes(':');
}

function detailsOf(address: Address, url: URL, refusal: RemoteRefusal): Record<string, string> {
  return {
    proxy: address.baseUrl,
    path: url.pathname,
    status: String(refusal.status),
    ...(refusal.type === null ? {} : { type: refusal.type }),
  };
}

/** A proxy may echo the key it was sent, also one that does not look like a key. */
function clean({ apiKey }: Address, message: string): string {
  const withoutKey = apiKey.length < 8 ? message : message.replaceAll(apiKey, '…');
  return redact(withoutKey).replace(/\.\.$/, '.');
}
