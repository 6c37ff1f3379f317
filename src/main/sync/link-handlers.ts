import type { AreaHandlers, WorkspaceCall } from '../router/handlers';
import { AppError } from '../../shared/errors';
import { type ClientOptions, openLitellmClient } from '../litellm/client/client';
import { normaliseBaseUrl, originOf } from '../litellm/client/proxy-url';
import { recordChange } from '../changes/record-change';
import { say } from '../kernel/say';
import { keyReference, openLinkedClient } from '../litellm/link/linked-client';
import { type ProxyLink, readLink, removeLink, saveLink } from '../litellm/link/proxy-link';
import { testProxy } from '../litellm/link/test-proxy';
import { openWay, wayOf, type WayToProxy } from '../litellm/link/way-to-proxy';

type LinkHandlers = Pick<AreaHandlers<'sync'>, 'test' | 'link' | 'unlink'>;

/** Testing, linking and unlinking a proxy. A person waits for the answer: nothing is tried twice. */
export function createLinkHandlers(options: ClientOptions): LinkHandlers {
  const clientOptions: ClientOptions = { ...options, tries: 1 };
  const now = options.now ?? (() => new Date());

  async function report(link: NewLink, way: WayToProxy, signal: AbortSignal) {
    const client = openLitellmClient({ ...link, ...(await openWay(way, link.baseUrl)) }, clientOptions);
    try {
      return await testProxy(client, link.apiKey, signal);
    } finally {
      client.close();
    }
  }

  return {
    async test({ baseUrl, apiKey, headerName, caFile, proxy }, { workspace, signal }) {
      const link = await workspace.database.read(signal, readLink);
      const address = baseUrl === undefined ? link?.baseUrl : normaliseBaseUrl(baseUrl);
      if (apiKey !== undefined) {
        if (address === undefined) throw new AppError('validation', say('litellm.link.addressMissing'));
        const entered = { baseUrl: address, headerName: headerName ?? 'Authorization', apiKey };
        return report(entered, wayThere(workspace, address, caFile, proxy), signal);
      }
      if (link === null && address !== undefined)
        throw new AppError('validation', say('litellm.link.keyMissing'));
      if (link !== null && address !== undefined && originOf(address) !== originOf(link.baseUrl)) {
        throw new AppError('validation', say('litellm.link.otherAddress'), {
          hint: say('litellm.link.otherAddressHint'),
        });
      }
      const changed =
        link && address !== undefined ? { ...link, baseUrl: address, ...named(headerName) } : link;
      const way = changed === null ? undefined : wayThere(workspace, changed.baseUrl, caFile, proxy);
      const linked = await openLinkedClient(workspace, changed, clientOptions, way);
      try {
        return await testProxy(linked.client, linked.apiKey, signal);
      } finally {
        linked.client.close();
      }
    },

    async link({ baseUrl, apiKey, headerName, caFile, proxy }, { workspace, signal }) {
      const link: NewLink = { baseUrl: normaliseBaseUrl(baseUrl), headerName, apiKey };
      const found = await report(link, { caFile, proxy }, signal);
      const linkedAt = now().toISOString().replace('Z', '000Z');
      await workspace.database.write(signal, async (connection) => {
        const before = await readLink(connection);
        await saveLink(connection, { baseUrl: link.baseUrl, headerName, linkedAt });
        await recordChange(connection, workspace, {
          action: 'LITELLM_LINK',
          id: link.baseUrl,
          before: shown(before),
          after: shown(link),
          facts: { version: found.version },
        });
        // Inside the transaction: a key that could not be kept must not leave a link behind, and the other way round.
        await workspace.secrets.set(keyReference(workspace, link.baseUrl), apiKey);
        await workspace.keepLitellm({ baseUrl: link.baseUrl, headerName, caFile, proxy });
      });
      workspace.dataChanged();
      return found;
    },

    async unlink(_input, { workspace, signal }) {
      const before = await workspace.database.write(signal, async (connection) => {
        const link = await readLink(connection);
        if (link === null) throw new AppError('not_found', say('litellm.link.none'));
        await removeLink(connection);
        const change = {
          action: 'LITELLM_UNLINK',
          id: link.baseUrl,
          before: shown(link),
          after: null,
        } as const;
        await recordChange(connection, workspace, change);
        return link;
      });
      workspace.dataChanged();
      await workspace.keepLitellm(null);
      await workspace.secrets.delete(keyReference(workspace, before.baseUrl));
      return {};
    },
  };
}

interface NewLink {
  readonly baseUrl: string;
  readonly headerName: string;
  readonly apiKey: string;
}

/** What a person entered about the way there, else what the profile keeps for this address. */
function wayThere(
  workspace: WorkspaceCall['workspace'],
  baseUrl: string,
  caFile: string | null | undefined,
  proxy: string | null | undefined,
): WayToProxy {
  const kept = wayOf(workspace, baseUrl);
  return {
    caFile: caFile === undefined ? kept.caFile : caFile,
    proxy: proxy === undefined ? kept.proxy : proxy,
  };
}

const named = (headerName: string | undefined) => (headerName === undefined ? {} : { headerName });

/** What journal and audit log may tell of a link: not its key. */
function shown(link: Omit<ProxyLink, 'linkedAt'> | null): { baseUrl: string; headerName: string } | null {
  return link === null ? null : { baseUrl: link.baseUrl, headerName: link.headerName };
}
