import type { RecordDefinition } from './definition';

/**
 * Where a model stands with LiteLLM: `linked`, `conflict` (both sides changed it), `missing` (the last complete pull no
 * longer found it) or `none` (no pull ever saw it).
 */
export const modelSyncStates = ['linked', 'conflict', 'missing', 'none'] as const;
export type ModelSyncState = (typeof modelSyncStates)[number];

/** By its prices: at least one above 0, all known ones 0, or none known. */
export const modelPricings = ['priced', 'free', 'unknown'] as const;

export const modelDefinition = {
  kind: 'model',
  area: 'models',
  path: 'models',
  resourceType: 'MODEL',
  idType: 'text',
  sortFields: ['name', 'provider', 'inputPrice', 'outputPrice', 'contextLength', 'createdAt'],
  order: { field: 'name', direction: 'asc' },
  filters: {
    provider: { kind: 'text', longest: 100 },
    active: { kind: 'boolean' },
    capability: { kind: 'text', longest: 100 },
    pricing: { kind: 'choice', values: modelPricings },
    sync: { kind: 'choice', values: modelSyncStates },
  },
  editable: [
    'name',
    'provider',
    'description',
    'capabilities',
    'contextLength',
    'maxTokens',
    'supportsFunctionCalling',
    'supportsVision',
    'inputPricePer1k',
    'outputPricePer1k',
    'isActive',
  ],
} as const satisfies RecordDefinition;
