import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import { originOf } from '../client/proxy-url';

/** How this machine reaches a LiteLLM proxy. */
export interface WayToProxy {
  /** PEM file of the authority that signed its certificate; NULL for those that the machine trusts anyway. */
  readonly caFile: string | null;
  /** URL of an HTTP proxy on the way; NULL for none. */
  readonly proxy: string | null;
}

/** What the profile says about it: it counts for the address it was given for, and for no other. */
export function wayOf({ profile }: OpenWorkspace, baseUrl: string): WayToProxy {
  const kept = profile.litellm;
  if (kept === null || originOf(kept.baseUrl) !== originOf(baseUrl)) return { caFile: null, proxy: null };
  return { caFile: kept.caFile, proxy: kept.proxy };
}

/**
 * The way as the client needs it: the authority as PEM text, the proxy as a URL.
 * Throws `validation` for a file that cannot be read or is no PEM, and for a proxy with credentials.
 */
export async function openWay(
  { caFile, proxy }: WayToProxy,
  baseUrl: string,
): Promise<{ readonly ca: string | null; readonly httpProxy: URL | null }> {
  return {
    ca: caFile === null || !baseUrl.startsWith('https:') ? null : await readAuthority(caFile),
    httpProxy: proxy === null ? null : checkHttpProxy(proxy),
  };
}

async function readAuthority(file: string): Promise<string> {
  if (!isAbsolute(file)) throw unusable(file);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unusable(file, cause);
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw unusable(file);
  return text;
}

function unusable(file: string, cause?: unknown): AppError {
  return new AppError('validation', say('litellm.way.caFile', { file }), {
    hint: say('litellm.way.caFileHint'),
    details: { field: 'caFile' },
    ...(cause === undefined ? {} : { cause }),
  });
}

function checkHttpProxy(text: string): URL {
  const url = new URL(text);
  if (url.username === '' && url.password === '') return url;
  throw new AppError('validation', say('litellm.way.credentials'), {
    hint: say('litellm.way.credentialsHint'),
    details: { field: 'proxy' },
  });
}
