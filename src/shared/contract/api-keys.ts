import * as z from 'zod';
import { apiKeyDefinition, apiKeyStates, refusalReasons } from '../records/api-keys';
import { nameWithoutSecret } from '../typed-names';
import {
  changePreview,
  changeTarget,
  changeTargets,
  isNamedOnce,
  mostSelectedRecords,
  recordVersion,
} from './changes';
import { command, file, query } from './define';
import { recordListInput } from './record-list';
import { longText, remoteRecord, untold, untoldNews } from './record-parts';
import { allowedModels, budgetPeriod } from './teams';
import {
  bigInteger,
  budget,
  calendarDay,
  chosenEnd,
  decimal,
  limit,
  recordedDecimal,
  instant,
  listOutput,
  optionsInput,
  optionsOutput,
  reference,
  uuid,
} from './values';

export const apiKeyRow = z.object({
  id: uuid,
  name: z.string().nullable(),
  alias: z.string().nullable(),
  /** What may be shown of the key: its prefix. The value itself crosses only through `apiKeys.reveal`. */
  prefix: z.string(),
  user: reference,
  team: reference.nullable(),
  state: z.enum(apiKeyStates),
  models: z.array(reference).max(5),
  modelCount: z.int(),
  /** Entries of LiteLLM that are not models of ours: wildcards, access groups, special names. */
  otherModels: z.array(z.string()).max(50),
  /** True when LiteLLM lets this key use every model (an empty list there). */
  allModels: z.boolean(),
  maxBudget: recordedDecimal.nullable(),
  currentSpend: recordedDecimal.nullable(),
  budgetDuration: z.string().nullable(),
  tpmLimit: bigInteger.nullable(),
  rpmLimit: bigInteger.nullable(),
  /** The row's own switch, whatever revocation and expiry make of it. */
  isActive: z.boolean(),
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  syncStatus: z.string().nullable(),
  createdAt: instant.nullable(),
  untold,
  version: recordVersion,
});
export type ApiKeyRow = z.infer<typeof apiKeyRow>;

/** What a key's page shows besides. */
export const apiKeyDetails = z.object({
  subscription: reference.nullable(),
  revokedAt: instant.nullable(),
  lastSyncAt: instant.nullable(),
  allModelRefs: z.array(reference).max(200),
  /** Whether LiteMaaS holds the key's value and could show it. */
  valueStored: z.boolean().nullable(),
  metadata: longText,
});

export const keyName = nameWithoutSecret(255);

/** What a person may set. A field that is absent stays as it is; null is unlimited, none, or never. */
export const apiKeyChanges = z
  .strictObject({
    name: keyName.nullable(),
    litellmKeyAlias: keyName.nullable(),
    isActive: z.boolean(),
    maxBudget: budget.nullable(),
    budgetDuration: budgetPeriod.nullable(),
    tpmLimit: limit.nullable(),
    rpmLimit: limit.nullable(),
    /** A day means its end in the reporting zone. */
    expiresAt: chosenEnd.nullable(),
    /** Null: a personal key. */
    teamId: uuid.nullable(),
    models: allowedModels,
  })
  .partial();
export type ApiKeyChanges = z.infer<typeof apiKeyChanges>;

/** A key to be made; null is unlimited, none, or never. */
export const newApiKey = z.strictObject({
  userId: uuid,
  name: keyName.nullable(),
  alias: keyName.nullable(),
  models: allowedModels,
  teamId: uuid.nullable(),
  maxBudget: budget.nullable(),
  budgetDuration: budgetPeriod.nullable(),
  tpmLimit: limit.nullable(),
  rpmLimit: limit.nullable(),
  expiresAt: chosenEnd.nullable(),
  /** Whether LiteMaaS keeps the value, to be able to show it. */
  keepValue: z.boolean(),
});

/** As many people may get a key at once. */
export const mostNewKeys = 200;

/** What stands for each person's name in there in the pattern of aliases. */
export const usernamePlace = '{username}';

/** Keys for several people, alike but for whose they are and what they are called. */
export const newApiKeys = newApiKey.omit({ userId: true, name: true, alias: true }).extend({
  userIds: z
    .array(uuid)
    .min(1)
    .max(mostNewKeys)
    .refine((ids) => new Set(ids).size === ids.length, 'each person once'),
  /** Name and alias of each; LiteLLM knows an alias only once. */
  pattern: nameWithoutSecret(200).refine((text) => text.includes(usernamePlace), 'a place for the username'),
});

/** Who would get one of several keys. */
const plannedKey = z.object({
  id: uuid,
  username: z.string(),
  email: z.string().nullable(),
  alias: z.string(),
  /** Why there can be no key for this person; NULL: there can. */
  obstacle: z.string().nullable(),
});
export type PlannedKey = z.infer<typeof plannedKey>;

const newKeyAnswer = z.object({
  id: uuid,
  value: z.string().regex(/^sk-[\w-]{32,}$/),
  /** Where LiteLLM answers. */
  baseUrl: z.string(),
  expiresAt: instant.nullable(),
});

/** How long an old key works beside the new one, other than until a day that was chosen. */
export const overlaps = ['none', '1h', '1d', '7d'] as const;

/** One key in the place of another. */
export const rotation = changeTarget.extend({
  overlap: z.union([z.enum(overlaps), chosenEnd]),
  /** Whether LiteMaaS keeps the new value, to be able to show it. */
  keepValue: z.boolean(),
  reason: nameWithoutSecret(500),
});

const apiKeyEdit = changeTarget.extend({ changes: apiKeyChanges });
/** What is to be set of one key, which may differ from the next in it. */
export type ApiKeyEdit = z.infer<typeof apiKeyEdit>;

/** What may refuse a request of a key, in the order in which it is asked. */
export const refusalSteps = [
  'known',
  'revoked',
  'blocked',
  'expired',
  'owner',
  'team',
  'membership',
  'models',
  'teamModels',
  'subscription',
  'limits',
  'untold',
] as const;

const refusalStep = z.object({
  step: z.enum(refusalSteps),
  /** `unsure`: what is known here does not decide it. */
  outcome: z.enum(['passes', 'refuses', 'unsure']),
  /** What it is about: a date, models, a team; NULL where there is nothing to name. */
  about: z.string().max(2_000).nullable(),
});

/** One limit that may refuse a request of a key. */
const limitLevel = z.object({
  level: z.enum(['key', 'user', 'team', 'subscription']),
  measure: z.enum(['budget', 'rpm', 'tpm', 'requests', 'tokens']),
  /** The record that has the limit, where it can be changed. */
  record: reference,
  limit: recordedDecimal,
  /** NULL: not counted here. */
  spent: recordedDecimal.nullable(),
  period: z.string().nullable(),
  /** False: LiteLLM does not ask this one of this key. */
  applies: z.boolean(),
  isReached: z.boolean(),
  /** Whether the text that was pasted says this limit. */
  isSaid: z.boolean(),
});
export type LimitLevel = z.infer<typeof limitLevel>;

/** Whether a request of the key is refused by a budget that is used up, and if not, why. */
export const budgetEnforcements = [
  /** LiteLLM refuses it. */
  'enforced',
  /** A person's budget: LiteLLM asks it of personal keys, and this one is of a team. */
  'other_keys',
  /** A team's budget of 0: LiteLLM lets calls through while nothing is spent. */
  'zero_of_team',
  /** A subscription's budget: LiteLLM does not know it. */
  'counted',
] as const;

/** What happens to a budget at the rate of the days before today. */
export const budgetOutlooks = ['over', 'will_be_over', 'may_be_over', 'within', 'unknown'] as const;

/** When a budget is used up at the rate of some days, each as a day of the reporting zone; NULL: not in ten years. */
const budgetForecast = z.object({
  /** Whole days that were looked at; today is not one of them. */
  days: z.int().min(1),
  perDay: decimal,
  /** Two standard errors of the days' mean, on either side of `perDay`. */
  band: decimal,
  likely: calendarDay.nullable(),
  earliest: calendarDay.nullable(),
  latest: calendarDay.nullable(),
});

/** One budget that a key's spend counts towards. */
const budgetLevel = z.object({
  level: z.enum(['key', 'user', 'team', 'subscription']),
  /** The record that has the budget, where it can be changed. */
  record: reference,
  /** NULL: unlimited. */
  limit: recordedDecimal.nullable(),
  spent: recordedDecimal,
  /** Below 0 where more was spent. */
  left: recordedDecimal.nullable(),
  /** As it is recorded. */
  period: z.string().nullable(),
  /** Both NULL: counted over its lifetime, or in a period that only LiteLLM knows the dates of. */
  startedAt: instant.nullable(),
  endsAt: instant.nullable(),
  /** False: what is spent is LiteLLM's figure of its own period; true: the sum of the usage that is recorded here. */
  isOfUsage: z.boolean(),
  enforcement: z.enum(budgetEnforcements),
  outlook: z.enum(budgetOutlooks),
  /** NULL: too few days, nothing spent in them, a period whose end is not known, unlimited, or over already. */
  forecast: budgetForecast.nullable(),
  /** Of those that LiteLLM enforces the one with the least left. */
  isStrictest: z.boolean(),
});
export type BudgetLevel = z.infer<typeof budgetLevel>;

/** The one thing that restores service: where it is done. */
const refusalRemedy = z.object({
  area: z.enum(['users', 'teams', 'subscriptions', 'apiKeys']),
  record: reference,
  /** At which field; NULL: by what the record's page offers. */
  field: z.string().nullable(),
});

/** Why requests of a key are refused, as far as it is known here. */
export const refusalAnswer = z.object({
  /** Keys that the text may mean; the chain is told where it is one. */
  candidates: z.array(reference.extend({ prefix: z.string(), owner: z.string() })).max(10),
  said: z.object({
    reason: z.enum(refusalReasons).nullable(),
    amounts: z.array(z.string()).max(20),
    model: z.string().nullable(),
  }),
  key: z
    .object({
      steps: z.array(refusalStep).max(20),
      limits: z.array(limitLevel).max(50),
      /** The text names figures, and no limit here has them: it is one that is not known here. */
      fitsNone: z.boolean(),
      /** The last week's refusals, by status. */
      refusals: z.array(z.object({ status: z.int().nullable(), count: z.int(), last: instant })).max(10),
      /** When LiteLLM was last read for this key; it is not asked now. NULL: never. */
      readFromLitellmAt: instant.nullable(),
      remedy: refusalRemedy.nullable(),
    })
    .nullable(),
});
export type RefusalAnswer = z.infer<typeof refusalAnswer>;

const apiKeyList = recordListInput(apiKeyDefinition);

export const apiKeysContract = {
  list: query({ scope: 'schema', input: apiKeyList, output: listOutput(apiKeyRow) }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: apiKeyRow.extend({
      ...apiKeyDetails.shape,
      litellm: z.array(remoteRecord).max(10),
      untoldNews: z.array(untoldNews).max(20),
    }),
  }),
  options: query({ scope: 'schema', input: optionsInput, output: optionsOutput }),
  /** What a change of keys would do. `changes.run` does it. */
  previewUpdate: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(apiKeyList), changes: apiKeyChanges }),
    output: changePreview,
  }),
  /** What changes would do that differ from key to key. `changes.run` does them. */
  previewEdits: query({
    scope: 'schema',
    input: z.strictObject({
      edits: z.array(apiKeyEdit).min(1).max(mostSelectedRecords).refine(isNamedOnce, 'each key once'),
    }),
    output: changePreview,
  }),
  /** What revoking keys would do: they stay in the list and work no more. `changes.run` does it. */
  previewRevoke: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(apiKeyList) }),
    output: changePreview,
  }),
  /** What deleting keys would do that are revoked or blocked. `changes.run` does it. */
  previewDelete: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(apiKeyList) }),
    output: changePreview,
  }),
  /** Every budget that a key's spend counts towards, what is left of each, and which is the strictest. Throws `not_found`. */
  budgets: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: z.object({ levels: z.array(budgetLevel).max(60) }),
  }),
  /** Why a key is refused: of a pasted key, an alias, what a client was answered, or all of these. */
  explainRefusal: query({
    scope: 'schema',
    input: z.strictObject({ text: z.string().max(4_000), id: uuid.nullable().default(null) }),
    output: refusalAnswer,
  }),
  /**
   * Makes a key in LiteLLM, then here. The value crosses in this one answer and is kept nowhere, unless LiteMaaS is to be
   * able to show it. Without an answer of LiteLLM nothing is made.
   */
  create: command({
    scope: 'schema',
    writes: true,
    input: newApiKey,
    output: newKeyAnswer,
  }),
  /** Who would get a key, and who can't. `createMany` makes them. */
  previewCreateMany: query({
    scope: 'schema',
    input: newApiKeys,
    output: z.object({ people: z.array(plannedKey).max(mostNewKeys) }),
  }),
  /**
   * Makes keys one after the other while it writes their values into a file: none is made whose value is not in there.
   * Who got none is named in it with the reason. No value reaches the page.
   */
  createMany: file({ scope: 'schema', writes: true, input: newApiKeys, output: z.null() }),
  /**
   * Makes a key in the place of another, which ends by itself in LiteLLM. The value crosses in this one answer. Without
   * an answer of LiteLLM nothing is made and the old key stays as it is.
   */
  rotate: command({
    scope: 'schema',
    writes: true,
    input: rotation,
    output: newKeyAnswer.extend({
      /** When the old key ends. */
      oldEndsAt: instant,
      /** Whether LiteLLM knows of both keys' aliases and of the old one's end already. */
      isTold: z.boolean(),
    }),
  }),
  /** The value of a key that LiteMaaS keeps, for a person who says why: it stands in the audit log. */
  reveal: command({
    scope: 'schema',
    writes: true,
    input: z.strictObject({ id: uuid, reason: nameWithoutSecret(500) }),
    output: z.object({
      secret: z.string(),
      /** Where LiteLLM answers; NULL where none is linked. */
      baseUrl: z.string().nullable(),
    }),
  }),
  exportCsv: file({ scope: 'schema', input: apiKeyList, output: z.null() }),
};
