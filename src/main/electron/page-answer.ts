import { randomBytes } from 'node:crypto';
import { contentSecurityPolicy } from '../../shared/content-security-policy';
import { permissionsPolicy } from '../../shared/permissions-policy';

export const appScheme = 'litemaas-app';
const host = 'console';

/** The page of the built console. */
export const appUrl = `${appScheme}://${host}/`;

/** Reads one file of the built renderer; `urlPath` as it arrived, null for what is no such file. */
export type ReadPageFile = (urlPath: string, nonce: string) => Promise<PageFile | null>;

export interface PageFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
}

/** One answer: 404 for another host or no such file, 405 for anything but reading; a fresh nonce each time. */
export async function answerPageRequest(
  request: Pick<Request, 'method' | 'url'>,
  readPageFile: ReadPageFile,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 });
  const nonce = randomBytes(16).toString('base64');
  const path = pathOf(request.url);
  const file = path === null ? null : await readPageFile(path, nonce);
  if (file === null) return new Response(null, { status: 404 });
  const headers = {
    'content-type': file.contentType,
    'cache-control': file.cacheControl,
    'content-security-policy': contentSecurityPolicy(nonce),
    'permissions-policy': permissionsPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(file.body), { headers });
}

/** The path as it arrived; null when the URL is not one of ours. */
function pathOf(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== `${appScheme}:` || url.host !== host) return null;
  return url.pathname === '' ? '/' : url.pathname;
}
