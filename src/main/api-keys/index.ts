import type { AreaHandlers } from '../router/handlers';
import { apiKeyOptions, exportApiKeys, listApiKeys } from './api-keys-list';
import { getApiKey } from './get-api-key';

export const apiKeysHandlers: AreaHandlers<'apiKeys'> = {
  list: listApiKeys,
  get: getApiKey,
  options: apiKeyOptions,
  exportCsv: exportApiKeys,
};
