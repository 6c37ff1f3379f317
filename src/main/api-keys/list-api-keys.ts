import type { Contract } from '../../shared/contract/index';
import { readPage } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { apiKeyRows } from './api-key-rows';
import { apiKeysSource } from './api-keys-source';

/** One page of API keys. */
export const listApiKeys: Handler<Contract['apiKeys']['list']> = (
  input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const source = await apiKeysSource(connection, input);
    const { ids, ...count } = await readPage(connection, source, input);
    return { rows: await apiKeyRows(connection, ids), ...count };
  });
