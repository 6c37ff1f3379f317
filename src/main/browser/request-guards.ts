import type { IncomingMessage } from 'node:http';
import { foreignRequest } from './refusal';

/** The port may be any: an SSH tunnel changes it. The name may not: that is what stops DNS rebinding. */
const ownHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

/** Answers the Host header, lower-case. Throws a 403 for any name but the loopback's, and for two headers. */
export function requireOwnHost(request: IncomingMessage): string {
  const host = (request.headers.host ?? '').toLowerCase();
  const count = request.rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name)).length;
  if (count !== 1 || !ownHost.test(host)) throw foreignRequest('the host name of the address is not its own');
  return host;
}

/** Throws a 403 unless a script of the console's own page sent this POST. */
export function requireOwnPage(request: IncomingMessage, host: string): void {
  if (request.headers.origin?.toLowerCase() !== `http://${host}`) {
    throw foreignRequest('the request came from another page');
  }
  requireSameOrigin(request);
}

/** Throws a 403 unless the browser itself says that the request comes from the console's own page. */
export function requireSameOrigin(request: IncomingMessage): void {
  if (request.headers['sec-fetch-site'] !== 'same-origin') {
    throw foreignRequest('the browser did not mark the request as coming from it');
  }
}

/**
 * Static files hold no data, yet another page gets none of them either. The page itself may be opened from
 * anywhere (a link, the redirect file), but only as a document of its own.
 */
export function requireOpenable(request: IncomingMessage, isPage: boolean): void {
  // A page that a browser loads ahead of time would use up the token for a tab that may never show.
  if (request.headers['sec-purpose']?.includes('prefetch')) throw foreignRequest('it was only loaded ahead');
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = request.headers;
  if (isPage && mode === 'navigate' && destination === 'document') return;
  throw foreignRequest('another page asked for it');
}
