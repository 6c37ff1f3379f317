import * as z from 'zod';
import { longestModelId } from '../records/definition';
import { modelDefinition, modelSyncStates } from '../records/models';
import { file, query } from './define';
import { recordListInput } from './record-list';
import { longText, remoteRecord } from './record-parts';
import {
  bigInteger,
  calendarDay,
  recordedDecimal,
  instant,
  listOutput,
  maxPageSize,
  optionsInput,
  optionsOutput,
} from './values';

/** Models are named by LiteLLM; ids may hold slashes, spaces and any script. */
const modelId = z.string().min(1).max(longestModelId);

export const modelRow = z.object({
  id: modelId,
  name: z.string(),
  provider: z.string(),
  /** The first characters; the whole is on the model's page. */
  description: z.string().nullable(),
  /** What the model can do and its mode, with vision and function calling from their columns. */
  capabilities: z.array(z.string()),
  /** Tokens. */
  contextLength: z.int().nullable(),
  /** Tokens of one answer. */
  maxTokens: z.int().nullable(),
  /** US dollars per 1,000 tokens, exact; NULL is unknown, 0 is free. */
  inputPricePer1k: recordedDecimal.nullable(),
  outputPricePer1k: recordedDecimal.nullable(),
  isActive: z.boolean(),
  sync: z.enum(modelSyncStates),
  /** When a complete pull last found it. */
  lastSyncAt: instant.nullable(),
  createdAt: instant.nullable(),
});
export type ModelRow = z.infer<typeof modelRow>;

/** What a model's page shows besides, or in full. */
export const modelDetails = z.object({
  description: longText.nullable(),
  litellmProvider: z.string().nullable(),
  supportsFunctionCalling: z.boolean(),
  supportsVision: z.boolean(),
  metadata: longText,
  updatedAt: instant.nullable(),
});

const modelList = recordListInput(modelDefinition);

export const modelFiguresRow = z.object({
  id: modelId,
  activeSubscriptions: z.int(),
  subscriptions: z.int(),
  /** Keys that name the model and work now; keys with all models come on top. */
  activeApiKeys: z.int(),
  apiKeys: z.int(),
  /** The last 30 days of the reporting zone, today included. */
  usage: z.object({ requests: bigInteger, tokens: bigInteger, cost: recordedDecimal }),
});
export type ModelFigures = z.infer<typeof modelFiguresRow>;

export const modelPrice = z.object({
  validFrom: instant,
  /** US dollars per token, exact; NULL is unknown. */
  inputPricePerToken: recordedDecimal.nullable(),
  outputPricePerToken: recordedDecimal.nullable(),
  currency: z.string(),
  /** Who said so: `litellm`, `demo`. */
  source: z.string(),
});
export type ModelPrice = z.infer<typeof modelPrice>;

export const modelsContract = {
  list: query({ scope: 'schema', input: modelList, output: listOutput(modelRow) }),
  /** Counts and usage of the models of one page: they take longer than the page itself. */
  figures: query({
    scope: 'schema',
    input: z.strictObject({ ids: z.array(modelId).max(maxPageSize) }),
    output: z.object({
      /** One per id, in the order asked for. */
      figures: z.array(modelFiguresRow).max(maxPageSize),
    }),
  }),
  /** What the list can be narrowed to. */
  choices: query({
    scope: 'schema',
    input: z.strictObject({}),
    output: z.object({ providers: z.array(z.string()).max(200), capabilities: z.array(z.string()).max(200) }),
  }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: modelId }),
    output: z.object({
      id: z.string(),
      /** NULL: not in the catalogue (any more), but usage, prices or a proxy still name it. */
      model: modelRow.omit({ description: true }).extend(modelDetails.shape).nullable(),
      /** The newest first. */
      prices: z.array(modelPrice).max(100),
      litellm: z.array(remoteRecord).max(10),
      /** First and last day of recorded usage, in the reporting zone. */
      used: z.object({ from: calendarDay, to: calendarDay }).nullable(),
    }),
  }),
  options: query({ scope: 'schema', input: optionsInput, output: optionsOutput }),
  exportCsv: file({ scope: 'schema', input: modelList, output: z.null() }),
};
