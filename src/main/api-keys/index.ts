import type { AreaHandlers } from '../router/handlers';
import { apiKeyOptions } from './api-key-options';
import { exportApiKeys } from './export-api-keys';
import { getApiKey } from './get-api-key';
import { listApiKeys } from './list-api-keys';

export const apiKeysHandlers: AreaHandlers<'apiKeys'> = {
  list: listApiKeys,
  get: getApiKey,
  options: apiKeyOptions,
  exportCsv: exportApiKeys,
};
