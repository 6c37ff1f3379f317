import type { AreaHandlers } from '../router/handlers';
import { apiKeyOptions, exportApiKeys, listApiKeys } from './api-keys-list';
import { apiKeyBudgets } from './budget/api-key-budgets';
import { createApiKey } from './create-api-key';
import { getApiKey } from './get-api-key';
import { revealApiKey } from './reveal-api-key';
import { createApiKeys } from './many/create-api-keys';
import { previewApiKeys } from './many/plan-keys';
import { rotateApiKey } from './rotate-api-key';
import { explainRefusal } from './refusal/explain-refusal';
import { previewDelete, previewEdits, previewRevoke, previewUpdate } from './preview-api-keys';

export const apiKeysHandlers: AreaHandlers<'apiKeys'> = {
  list: listApiKeys,
  get: getApiKey,
  options: apiKeyOptions,
  previewUpdate,
  previewEdits,
  previewRevoke,
  previewDelete,
  budgets: apiKeyBudgets,
  explainRefusal,
  create: createApiKey({}),
  previewCreateMany: previewApiKeys,
  createMany: createApiKeys({}),
  reveal: revealApiKey,
  rotate: rotateApiKey({}),
  exportCsv: exportApiKeys,
};
