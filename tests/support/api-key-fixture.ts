import type { AnswerOf, Contract } from '../../src/shared/contract/index';
import { versionOf } from './team-fixture';

type ApiKey = AnswerOf<Contract['apiKeys']['get']>;

/** An API key as its page reads it, for tests. */
export const apiKeyOf = (changes: Partial<ApiKey> = {}): ApiKey => ({
  id: '00000000-0000-4000-8000-000000000001',
  name: 'Crane',
  alias: 'crane',
  prefix: 'sk-cran',
  user: { id: '00000000-0000-4000-8000-000000000002', label: 'ana' },
  team: null,
  state: 'active',
  models: [{ id: 'gpt', label: 'GPT' }],
  modelCount: 1,
  otherModels: [],
  allModels: false,
  maxBudget: '100',
  currentSpend: '0',
  budgetDuration: 'monthly',
  tpmLimit: '10',
  rpmLimit: '60',
  isActive: true,
  expiresAt: null,
  lastUsedAt: null,
  syncStatus: null,
  createdAt: null,
  untold: 'none',
  version: versionOf(1),
  subscription: null,
  revokedAt: null,
  lastSyncAt: null,
  allModelRefs: [{ id: 'gpt', label: 'GPT' }],
  valueStored: false,
  metadata: { text: '{}', characters: 2, isCut: false },
  litellm: [],
  untoldNews: [],
  ...changes,
});
