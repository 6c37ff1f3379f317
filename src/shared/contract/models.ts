import * as z from 'zod';
import { plainText } from '../plain-name';
import { modelsNamedByNobody, refusalReasons } from '../records/api-keys';
import { longestModelId } from '../records/definition';
import { modelDefinition, modelSyncStates } from '../records/models';
import { redact } from '../redact';
import { nameWithoutSecret } from '../typed-names';
import { changePreview, changeTargets, mostSelectedRecords, recordVersion } from './changes';
import { command, file, query } from './define';
import { recordListInput } from './record-list';
import { longText, remoteRecord } from './record-parts';
import {
  bigInteger,
  calendarDay,
  choosableInstant,
  decimal,
  recordedDecimal,
  instant,
  listOutput,
  maxPageSize,
  optionsInput,
  optionsOutput,
  uuid,
} from './values';

/** Models are named by LiteLLM; ids may hold slashes, spaces and any script. */
export const modelId = z.string().min(1).max(longestModelId);

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
  /** The linked proxy has it: what it is, costs and can do is written by each pull. */
  isOfLitellm: z.boolean(),
  version: recordVersion,
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

/** What a change writes stays in journal and audit trail, which hold no key and no password. */
const description = z
  .string()
  .overwrite(plainText)
  .max(10_000)
  .refine((text) => redact(text) === text, 'a text without a key or a password');

/** Of what LiteMaaS keeps of a model more is no list that a person made. */
export const mostCapabilities = 100;

const capabilities = z
  .array(nameWithoutSecret(100))
  .max(mostCapabilities)
  .refine((names) => new Set(names).size === names.length, 'each capability once');

/** Tokens, as much as INTEGER holds. */
const tokens = z
  .string()
  .regex(/^\d{1,10}$/, { error: 'a whole number', abort: true })
  .refine((value) => Number(value) <= 2_147_483_647, 'at most 2147483647');

/** What a person may set. A field that is absent stays as it is; null is none, or not known. */
export const modelChanges = z
  .strictObject({
    name: nameWithoutSecret(255),
    provider: nameWithoutSecret(100),
    description: description.nullable(),
    capabilities,
    contextLength: tokens.nullable(),
    maxTokens: tokens.nullable(),
    isActive: z.boolean(),
  })
  .partial();
export type ModelChanges = z.infer<typeof modelChanges>;

/** US dollars per token, exact, as far as the catalogue holds it per 1,000; null is unknown, 0 is free. */
const pricePerToken = z
  .string()
  .regex(/^\d{1,5}(?:\.\d{1,15})?$/, 'a price such as 0.0000025')
  .nullable();

/** What a person may set as the price of a model. */
export const newPrice = z.strictObject({
  inputPricePerToken: pricePerToken,
  outputPricePerToken: pricePerToken,
});
export type NewPrice = z.infer<typeof newPrice>;

/** What a model costs, as it is recorded. */
const seenPrice = z.strictObject({
  inputPricePerToken: recordedDecimal.nullable(),
  outputPricePerToken: recordedDecimal.nullable(),
});

/** A model that is to be created; keys and requests name it by its id. */
export const newModel = modelChanges
  .omit({ isActive: true })
  .required()
  .extend({
    // What LiteLLM takes for every model, or for none, would hide what a key may use.
    id: nameWithoutSecret(longestModelId).refine(
      (id) => !id.includes('*') && !modelsNamedByNobody.includes(id),
      'an id that LiteLLM takes for one model',
    ),
    ...newPrice.shape,
  });
export type NewModel = z.infer<typeof newModel>;

/** A model, as it was when the person saw it. */
const modelTarget = z.strictObject({ id: modelId, version: recordVersion });

/** What is to be set of one model, which may differ from the next in it. */
const modelEdit = modelTarget.extend({ changes: modelChanges });
export type ModelEdit = z.infer<typeof modelEdit>;

/** So many subscriptions are replaced by one review at most. */
export const mostReplaced = 10_000;

/** Whose subscriptions and keys a model is replaced in: everybody's, some people's, or those of the members of teams. */
const whoseModel = z.union([
  z.literal('everybody'),
  z.strictObject({ userIds: z.array(uuid).min(1).max(mostSelectedRecords) }),
  z.strictObject({ teamIds: z.array(uuid).min(1).max(mostSelectedRecords) }),
]);

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
      model: modelRow
        .omit({ description: true })
        .extend({
          ...modelDetails.shape,
          /** `isMasked`: what looks like a secret was left out of the text, which must not be written back. */
          description: longText.extend({ isMasked: z.boolean() }).nullable(),
        })
        .nullable(),
      /** What it costs now, per token; NULL: not in the catalogue. */
      priceNow: seenPrice.nullable(),
      /** The newest first. */
      prices: z.array(modelPrice).max(100),
      litellm: z.array(remoteRecord).max(10),
      /** First and last day of recorded usage, in the reporting zone. */
      used: z.object({ from: calendarDay, to: calendarDay }).nullable(),
    }),
  }),
  options: query({ scope: 'schema', input: optionsInput, output: optionsOutput }),
  /** What a change of models would do. `changes.run` does it. */
  previewUpdate: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(modelList, modelTarget), changes: modelChanges }),
    output: changePreview,
  }),
  /** What changes would do that differ from model to model. `changes.run` does them. */
  previewEdits: query({
    scope: 'schema',
    input: z.strictObject({
      edits: z
        .array(modelEdit)
        .min(1)
        .max(mostSelectedRecords)
        .refine((edits) => new Set(edits.map(({ id }) => id)).size === edits.length, 'each model once'),
    }),
    output: changePreview,
  }),
  /** What a price of a model would do that is set from a moment on. `changes.run` does it. */
  previewPrice: query({
    scope: 'schema',
    input: newPrice.extend({
      id: modelId,
      /** What it costs as the person saw it. */
      seen: seenPrice,
      /** NULL: now. */
      validFrom: choosableInstant.nullable(),
    }),
    output: changePreview,
  }),
  /** What creating a model would do, where no proxy is linked. `changes.run` does it. */
  previewCreate: query({
    scope: 'schema',
    input: z.strictObject({ model: newModel }),
    output: changePreview,
  }),
  /** What retiring models would do: no longer offered, their subscriptions ended, no key left without a model. */
  previewRetire: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(modelList, modelTarget) }),
    output: changePreview,
  }),
  /**
   * What replacing a model by another would do: whoever has an open subscription to it gets one to the other instead, in
   * their keys too. `changes.run` does it.
   */
  previewReplace: query({
    scope: 'schema',
    input: z.strictObject({ modelId, byModelId: modelId, whose: whoseModel }),
    output: changePreview,
  }),
  /** What testing a model would ask, and what that costs at most. */
  testTerms: query({
    scope: 'schema',
    input: z.strictObject({ id: modelId }),
    output: z.object({
      isLinked: z.boolean(),
      /** NULL: it takes no words, and is not tested. */
      mode: z.enum(['chat', 'embedding']).nullable(),
      inputTokens: z.int(),
      outputTokens: z.int(),
      /** US dollars; NULL: a price is not known. */
      mostCost: decimal.nullable(),
    }),
  }),
  /** Asks a model one word through LiteLLM, with a key whose value is kept here or that is pasted and not kept. */
  test: command({
    scope: 'schema',
    writes: true,
    input: z.strictObject({
      id: modelId,
      key: z.union([
        z.strictObject({ id: uuid }),
        z.strictObject({ value: z.string().trim().min(1).max(500) }),
      ]),
    }),
    output: z.object({
      /** `no_answer`: the request may have been done, and cost what it costs, all the same. */
      outcome: z.enum(['answered', 'refused', 'no_answer']),
      latencyMs: z.int(),
      answeredBy: z.string().nullable(),
      inputTokens: z.int().nullable(),
      outputTokens: z.int().nullable(),
      /** US dollars, by the prices known here. */
      cost: decimal.nullable(),
      status: z.int().nullable(),
      /** What was said instead of an answer, and what kind of reason that is. */
      said: z.string().nullable(),
      reason: z.enum(refusalReasons).nullable(),
    }),
  }),
  exportCsv: file({ scope: 'schema', input: modelList, output: z.null() }),
};
