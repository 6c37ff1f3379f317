import type { AnswerOf, Contract } from '../../src/shared/contract/index';
import { versionOf } from './team-fixture';

type Answer = AnswerOf<Contract['models']['get']>;
export type Model = NonNullable<Answer['model']>;

/** A model as its page reads it, for tests. */
export const modelOf = (changes: Partial<Model> = {}): Model => ({
  id: 'own/crane',
  name: 'Crane',
  provider: 'own',
  description: null,
  capabilities: ['chat', 'vision'],
  contextLength: 4096,
  maxTokens: null,
  inputPricePer1k: '0.0025',
  outputPricePer1k: null,
  isActive: true,
  isOfLitellm: false,
  sync: 'none',
  lastSyncAt: null,
  createdAt: null,
  updatedAt: null,
  litellmProvider: null,
  supportsFunctionCalling: false,
  supportsVision: true,
  metadata: { text: '{}', characters: 2, isCut: false },
  version: versionOf(1),
  ...changes,
});
