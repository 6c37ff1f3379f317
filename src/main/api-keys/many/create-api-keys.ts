import { randomUUID } from 'node:crypto';
import type { Contract } from '../../../shared/contract/index';
import type { PlannedKey } from '../../../shared/contract/api-keys';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';
import type { ClientOptions } from '../../litellm/client/client';
import { openLinkedClient } from '../../litellm/link/linked-client';
import { readLink } from '../../litellm/link/proxy-link';
import type { FileContent, Handler } from '../../router/handlers';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import { planKeys, type WishedKeys } from './plan-keys';
import { writeKeys } from './write-keys';

/**
 * Makes keys for several people into a file. Where there can be none for anybody, or LiteLLM is not linked, that is said
 * before a file is asked for; who got none of the others stands in the file. All of them are one batch, so that they are
 * taken back together.
 */
export function createApiKeys(clientOptions: ClientOptions): Handler<Contract['apiKeys']['createMany']> {
  return async (wish, { workspace, signal }) => {
    const { client } = await openClient(workspace, signal, clientOptions);
    client.close();
    const planned = await workspace.database.read(signal, (connection) => planKeys(connection, wish));
    const able = planned.filter(({ obstacle }) => obstacle === null);
    if (able.length === 0) {
      throw new AppError('validation', say('changes.keys.forNobody'), { hint: planned[0]?.obstacle ?? '' });
    }
    return fileOfKeys(workspace, clientOptions, wish, planned);
  };
}

function fileOfKeys(
  workspace: OpenWorkspace,
  clientOptions: ClientOptions,
  wish: WishedKeys,
  planned: readonly PlannedKey[],
): FileContent {
  let written = 0;
  return {
    suggestedName: `new-api-keys-${new Date().toISOString().slice(0, 10)}.csv`,
    contentType: 'text/csv; charset=utf-8',
    mustStay: () => written > 0,
    async write(target, signal) {
      // The reader may be gone by then, and the key as well that opens the proxy.
      const { client } = await openClient(workspace, signal, clientOptions);
      try {
        await writeKeys({
          ...{ workspace, client, signal, wish, planned, target, batchId: randomUUID() },
          onWritten: () => {
            written += 1;
          },
        });
      } finally {
        client.close();
        if (written > 0) workspace.dataChanged();
      }
    },
  };
}

async function openClient(workspace: OpenWorkspace, signal: AbortSignal, options: ClientOptions) {
  const link = await workspace.database.read(signal, readLink);
  return openLinkedClient(workspace, link, { ...options, tries: 1 });
}
