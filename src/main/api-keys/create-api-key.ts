import { randomUUID } from 'node:crypto';
import type { Contract } from '../../shared/contract/index';
import { everyModelOfProxy } from '../../shared/records/api-keys';
import { recordChange } from '../changes/record-change';
import type { ClientOptions } from '../litellm/client/client';
import { openLinkedClient } from '../litellm/link/linked-client';
import { readLink } from '../litellm/link/proxy-link';
import type { Handler } from '../router/handlers';
import { imageOf, makeWithRow } from './make-with-row';
import { sortedModels } from './model-scope';

/**
 * Makes a key: in LiteLLM, then here. LiteLLM is asked inside the call, because nothing keeps the value: it goes to the
 * person who asked, once, and where that is wished to LiteMaaS. Without LiteLLM nothing is made.
 */
export function createApiKey(clientOptions: ClientOptions): Handler<Contract['apiKeys']['create']> {
  return async (wish, { workspace, signal }) => {
    const { database } = workspace;
    const link = await database.read(signal, readLink);
    const { client } = await openLinkedClient(workspace, link, { ...clientOptions, tries: 1 });
    const id = randomUUID();
    try {
      const models = wish.models === 'all' ? [everyModelOfProxy] : sortedModels(wish.models);
      const made = await makeWithRow({
        ...{ workspace, client, signal, id, wish, models, known: models },
        async record(connection) {
          await recordChange(connection, workspace, {
            ...{ action: 'API_KEY_CREATE', id, before: null, after: await imageOf(connection, id) },
            facts: { valueStored: wish.keepValue },
          });
        },
      });
      workspace.dataChanged();
      return { id, value: made.value, baseUrl: client.baseUrl, expiresAt: made.expiresAt };
    } finally {
      client.close();
    }
  };
}
