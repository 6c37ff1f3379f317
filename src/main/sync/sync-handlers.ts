import type { AreaHandlers } from '../router/handlers';
import type { ClientOptions } from '../litellm/client/client';
import { exportHistory, exportObjects } from './export-sync';
import { createLinkHandlers } from './link-handlers';
import { say } from '../kernel/say';
import { sendWaiting } from '../litellm/outbox/send-waiting';
import { runPull } from '../litellm/pull/run-pull';
import { readHistory, readObjectList, readStatus } from './sync-queries';

/** `clientOptions` lets tests replace clock, waiting and chance. */
export function createSyncHandlers(clientOptions: ClientOptions): AreaHandlers<'sync'> {
  return {
    ...createLinkHandlers(clientOptions),
    run: ({ backfillDays }, { workspace, signal, report }) =>
      runPull({ workspace, backfillDays, signal, report, clientOptions }),
    async send({ apiKeyId }, { workspace, signal, report }) {
      const onTried = (tried: number): void => report({ title: say('litellm.push.title'), done: tried });
      const scope = { batchId: null, keyId: apiKeyId, again: true };
      return sendWaiting(scope, { workspace, signal, clientOptions, onTried });
    },
    status: (_input, { workspace, signal }) => readStatus(workspace, signal),
    history: (input, { workspace, signal }) =>
      workspace.database.read(signal, (connection) => readHistory(connection, input)),
    exportHistoryCsv: exportHistory,
    objects: (input, { workspace, signal }) =>
      workspace.database.read(signal, (connection) => readObjectList(connection, input)),
    exportObjectsCsv: exportObjects,
  };
}

export const syncHandlers = createSyncHandlers({});
