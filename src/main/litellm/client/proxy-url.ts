import { withoutEnd } from '../../../shared/without-end';
import { isIP } from 'node:net';
import { AppError } from '../../../shared/errors';
import { type MainText, say } from '../../kernel/say';

/**
 * The base URL in one spelling, without trailing slash. It may carry a path (LiteLLM's SERVER_ROOT_PATH).
 * @throws AppError `validation` when it is no http(s) URL, or holds a password, a query or a fragment.
 */
export function normaliseBaseUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw invalid('litellm.address.noUrl');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid('litellm.address.scheme');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('litellm.address.credentials');
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid('litellm.address.query');
  }
  return `${url.origin}${withoutEnd(url.pathname, '/')}`;
}

/** What the proxy's key is bound to: scheme, host and port. */
export function originOf(baseUrl: string): string {
  return new URL(baseUrl).origin;
}

/** Joins an endpoint's path to the base URL, which keeps its own path. Undefined parameters are left out. */
export function endpointUrl(
  baseUrl: string,
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): URL {
  const url = new URL(`${baseUrl}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** True when what is sent to this address never leaves the machine. */
export function isLoopback(baseUrl: string): boolean {
  const host = new URL(baseUrl).hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return (isIP(host) === 4 && host.startsWith('127.')) || host === '::1';
}

function invalid(problem: MainText): AppError {
  return new AppError('validation', say(problem), { hint: say('litellm.address.hint') });
}
