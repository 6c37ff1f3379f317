import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { noncePlaceholder } from '../shared/content-security-policy';
import { spokenLanguage } from './kernel/say';

/** One file of the built renderer as a host sends it. */
export interface RendererFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
}

/**
 * What the build names its files with. Nothing in it needs percent-encoding, so an encoded path is never right:
 * dot segments, backslashes, drive letters and NUL are refused in every encoding without decoding anything.
 */
const plainPath = /^(?:\/[\w-]+(?:\.[\w-]+)*)+$/;
const hashedAsset = /^\/assets\/.+-[\w-]{8}\.\w+$/;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Reads one file of the built renderer in `folder`, for both hosts. `urlPath` is the path of the request as it
 * arrived: not decoded, without query. Answers null for whatever is not a file of the build; a file must lie
 * inside the folder after symbolic links too. Every `__CSP_NONCE__` of an HTML page becomes `nonce`, and the page says
 * which language main speaks.
 */
export async function readRendererFile(
  folder: string,
  urlPath: string,
  nonce: string,
): Promise<RendererFile | null> {
  const path = urlPath === '/' ? '/index.html' : urlPath;
  if (!plainPath.test(path)) return null;
  const file = await containedFile(folder, path);
  if (file === null) return null;
  const extension = extname(path).toLowerCase();
  const isPage = extension === '.html';
  const body = await readFile(file);
  return {
    body: isPage ? Buffer.from(fillPage(body.toString('utf8'), nonce)) : body,
    contentType: contentTypes[extension] ?? 'application/octet-stream',
    cacheControl: isPage ? 'no-store' : cacheControlOf(path),
  };
}

function fillPage(page: string, nonce: string): string {
  return page
    .replaceAll(noncePlaceholder, nonce)
    .replace('<html lang="en"', `<html lang="${spokenLanguage()}"`);
}

function cacheControlOf(path: string): string {
  return hashedAsset.test(path) ? 'private, max-age=31536000, immutable' : 'no-cache';
}

async function containedFile(folder: string, path: string): Promise<string | null> {
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : null;
  } catch {
    // Not there or not readable: for the page both are "no such file".
    return null;
  }
}
