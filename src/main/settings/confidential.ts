import { keyReference } from '../litellm/link/linked-client';
import { readLink } from '../litellm/link/proxy-link';
import type { OpenWorkspace } from '../workspace/open-workspace';
import type { Profile } from '../workspace/profiles';
import type { Confidential } from './diagnostics';

const timeoutMs = 5_000;

/**
 * What the diagnostics file must not say. The log may name any server that was ever connected to, so the addresses of
 * all profiles count; secrets are those of the open workspace.
 */
export async function findConfidential(
  workspace: OpenWorkspace | null,
  profiles: readonly Profile[],
  withAddresses: boolean,
): Promise<Confidential> {
  const proxy = workspace === null ? null : await linkedProxy(workspace);
  const password = workspace?.database.config.password;
  const addresses = [
    // The local database is called alike on every machine.
    ...profiles.filter(({ kind }) => kind !== 'local').flatMap(addressesOf),
    ...(proxy === null ? [] : hostNames(proxy.baseUrl)),
  ];
  return {
    secrets: [
      ...(typeof password === 'string' ? [password] : []),
      ...(proxy?.key === undefined ? [] : [proxy.key]),
    ],
    addresses: withAddresses ? null : [...new Set(addresses)],
  };
}

function addressesOf({ host, socketFolder, database, user, name, litellm }: Profile): string[] {
  return [
    ...[host, socketFolder, database, user, name].filter((text) => text !== null),
    ...(litellm === null ? [] : hostNames(litellm.baseUrl)),
  ];
}

function hostNames(url: string): string[] {
  return URL.canParse(url) ? [new URL(url).hostname] : [url];
}

/** The linked proxy and its key, as far as they can be read now. */
async function linkedProxy(
  workspace: OpenWorkspace,
): Promise<{ readonly baseUrl: string; readonly key: string | undefined } | null> {
  const link = await workspace.database.read(AbortSignal.timeout(timeoutMs), readLink).catch(
    // No schema of ours, or no server: then nothing is linked that could be known.
    () => null,
  );
  if (link === null) return null;
  const reading = await workspace.secrets.get(keyReference(workspace, link.baseUrl));
  return { baseUrl: link.baseUrl, key: reading.state === 'found' ? reading.value : undefined };
}
