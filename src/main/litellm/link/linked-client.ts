import { readFile } from 'node:fs/promises';
import { AppError } from '../../../shared/errors';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import { type ClientOptions, type LitellmClient, openLitellmClient } from '../client/client';
import { originOf } from '../client/proxy-url';
import type { ProxyLink } from './proxy-link';

export interface LinkedClient {
  readonly client: LitellmClient;
  readonly apiKey: string;
  readonly link: ProxyLink;
}

/** Under which name the proxy's key is kept: a key for another origin is never given away. */
export function keyReference({ profile }: OpenWorkspace, baseUrl: string) {
  return { profileId: profile.id, target: { kind: 'proxy', origin: originOf(baseUrl) } } as const;
}

/**
 * Opens a client to the linked proxy with its stored key.
 * @throws AppError `not_found` when nothing is linked; `litellm_auth` when the key has to be entered again.
 */
export async function openLinkedClient(
  workspace: OpenWorkspace,
  link: ProxyLink | null,
  options: ClientOptions,
): Promise<LinkedClient> {
  if (link === null) {
    throw new AppError('not_found', 'No LiteLLM proxy is linked to this workspace.', {
      hint: 'Link one on Sync.',
    });
  }
  const reading = await workspace.secrets.get(keyReference(workspace, link.baseUrl));
  if (reading.state !== 'found') {
    const message =
      reading.state === 'absent' ? 'The key of the proxy is not stored on this machine.' : reading.message;
    throw new AppError('litellm_auth', message, {
      hint: 'Link the proxy again with its key.',
      details: { key: reading.state },
    });
  }
  const { baseUrl, headerName } = link;
  const ca = await certificateAuthority(workspace, baseUrl);
  const address = { baseUrl, headerName, apiKey: reading.value, ca };
  return { client: openLitellmClient(address, options), apiKey: reading.value, link };
}

/** The certificate authority that the profile names for its proxy, as PEM text. */
export async function certificateAuthority(
  { profile }: OpenWorkspace,
  baseUrl: string,
): Promise<string | null> {
  const file = profile.litellm?.caFile ?? null;
  if (file === null || !baseUrl.startsWith('https:')) return null;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AppError('validation', `The certificate authority file ${file} cannot be read.`, {
      hint: 'Correct the file in the workspace settings.',
      cause: error,
    });
  }
}
