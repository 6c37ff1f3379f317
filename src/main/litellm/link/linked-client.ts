import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import { type ClientOptions, type LitellmClient, openLitellmClient } from '../client/client';
import { originOf } from '../client/proxy-url';
import type { ProxyLink } from './proxy-link';
import { openWay, type WayToProxy, wayOf } from './way-to-proxy';

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
 * @param changedWay another way there than the profile's.
 * @throws AppError `not_found` when nothing is linked; `litellm_auth` when the key has to be entered again.
 */
export async function openLinkedClient(
  workspace: OpenWorkspace,
  link: ProxyLink | null,
  options: ClientOptions,
  changedWay?: WayToProxy,
): Promise<LinkedClient> {
  if (link === null) {
    throw new AppError('not_found', say('litellm.link.none'), {
      hint: say('litellm.link.noneHint'),
    });
  }
  const reading = await workspace.secrets.get(keyReference(workspace, link.baseUrl));
  if (reading.state !== 'found') {
    const message = reading.state === 'absent' ? say('litellm.link.keyAbsent') : reading.message;
    throw new AppError('litellm_auth', message, {
      hint: say('litellm.link.keyAbsentHint'),
      details: { key: reading.state },
    });
  }
  const { baseUrl, headerName } = link;
  const way = await openWay(changedWay ?? wayOf(workspace, baseUrl), baseUrl);
  const address = { baseUrl, headerName, apiKey: reading.value, ...way };
  return { client: openLitellmClient(address, options), apiKey: reading.value, link };
}
