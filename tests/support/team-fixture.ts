import type { AnswerOf, Contract } from '../../src/shared/contract/index';

export type Team = AnswerOf<Contract['teams']['get']>;

export const versionOf = (number: number): string => String(number).padStart(32, '0');

/** A team as its page reads it, for tests. */
export const teamOf = (changes: Partial<Team> = {}): Team => ({
  id: '00000000-0000-4000-8000-000000000001',
  name: 'Crew',
  alias: 'crew',
  description: null,
  isActive: true,
  memberCount: 1,
  subscriptionCount: 0,
  apiKeyCount: 0,
  maxBudget: '100',
  currentSpend: '0',
  budgetDuration: 'monthly',
  tpmLimit: '10',
  rpmLimit: '60',
  allModels: false,
  allowedModels: [{ id: 'gpt', label: 'GPT', isKnown: true }],
  allowedModelCount: 1,
  litellmTeamId: null,
  syncStatus: null,
  createdAt: null,
  createdBy: null,
  updatedAt: null,
  lastSyncAt: null,
  metadata: { text: '{}', characters: 2, isCut: false },
  untold: 'none',
  untoldNews: [],
  version: versionOf(1),
  litellm: [],
  ...changes,
});
