import * as z from 'zod';
import { plainName } from '../plain-name';
import { requestObstacles, subscriptionDefinition, subscriptionStatuses } from '../records/subscriptions';
import {
  changePreview,
  changeTarget,
  changeTargets,
  isNamedOnce,
  mostSelectedRecords,
  recordVersion,
} from './changes';
import { file, job, query } from './define';
import { modelId } from './models';
import { recordListInput } from './record-list';
import { untold, untoldNews } from './record-parts';
import { subscriptionEvent, suspensionAnswer } from './suspension';
import { knownBudgetPeriod } from './teams';
import {
  bigInteger,
  budget,
  chosenEnd,
  emptyInput,
  instant,
  limit,
  listOutput,
  recordedDecimal,
  reference,
  uuid,
} from './values';

/** `active` past its end counts as `expired` everywhere (one SQL expression). */
export const effectiveStatus = z.enum(subscriptionStatuses);

export const subscriptionRow = z.object({
  id: uuid,
  user: reference,
  model: reference,
  team: reference.nullable(),
  status: effectiveStatus,
  /** NULL is unlimited, 0 is none. */
  quotaRequests: bigInteger.nullable(),
  usedRequests: bigInteger,
  quotaTokens: bigInteger.nullable(),
  usedTokens: bigInteger,
  maxBudget: recordedDecimal.nullable(),
  currentSpend: recordedDecimal.nullable(),
  budgetDuration: z.string().nullable(),
  expiresAt: instant.nullable(),
  syncStatus: z.string().nullable(),
  createdAt: instant.nullable(),
  /** What the database holds, before its end is taken into account. */
  storedStatus: z.string().nullable(),
  /** Cancelled before it was ever approved. */
  isDenied: z.boolean(),
  /** Since when it waits to be approved; NULL where it does not. */
  waitsSince: instant.nullable(),
  /** What speaks against approving it now, while it waits. */
  obstacles: z.array(z.enum(requestObstacles)),
  untold,
  version: recordVersion,
});
export type SubscriptionRow = z.infer<typeof subscriptionRow>;

/** What a subscription's page shows besides. */
export const subscriptionDetails = z.object({
  tpmLimit: bigInteger.nullable(),
  rpmLimit: bigInteger.nullable(),
  resetAt: instant.nullable(),
  /** Requests count towards the quotas since then; NULL: since it was made. */
  periodStartedAt: instant.nullable(),
  lastSyncAt: instant.nullable(),
  updatedAt: instant.nullable(),
  /** What LiteMaaS noted of the key in LiteLLM that this subscription was made for. */
  litellmKeyId: z.string().nullable(),
  litellmKeyAlias: z.string().nullable(),
});

/** What a subscription may be set to by a person. Which may become which is a rule of the change. */
export const settableStatuses = ['active', 'suspended', 'cancelled', 'pending'] as const;
export type SettableStatus = (typeof settableStatuses)[number];

const subscriptionFields = z.strictObject({
  status: z.enum(settableStatuses),
  teamId: uuid.nullable(),
  quotaRequests: limit.nullable(),
  quotaTokens: limit.nullable(),
  maxBudget: budget.nullable(),
  /** The schema's words, or LiteLLM's such as `7d`; null: no period is known. */
  budgetDuration: z.string().overwrite(plainName).regex(knownBudgetPeriod).max(20).nullable(),
  tpmLimit: limit.nullable(),
  rpmLimit: limit.nullable(),
  /** Null: it never expires. */
  expiresAt: chosenEnd.nullable(),
});

/** What a person may set. A field that is absent stays as it is; null is unlimited, or none. */
export const subscriptionChanges = subscriptionFields.partial();
export type SubscriptionChanges = z.infer<typeof subscriptionChanges>;

/** What is to be set of one subscription, which may differ from the next in it. */
const subscriptionEdit = changeTarget.extend({ changes: subscriptionChanges });
export type SubscriptionEdit = z.infer<typeof subscriptionEdit>;

/** What a step leads from, by what counts: any other subscription is refused. Absent: whatever the rules allow. */
const onlyFrom = z.array(z.enum(subscriptionStatuses)).min(1).max(subscriptionStatuses.length).optional();

/** How a subscription begins: in use at once, or as a request that waits for approval. */
export const newSubscriptionStatuses = ['active', 'pending'] as const;

/** What new subscriptions are given. Null is unlimited, or none; 0 is nothing. */
export const subscriptionTerms = subscriptionFields.extend({ status: z.enum(newSubscriptionStatuses) });
export type SubscriptionTerms = z.infer<typeof subscriptionTerms>;

/** So many people are subscribed at a time at most, and to so many models: more are refused in plain words. */
export const mostSubscribers = 500;
export const mostSubscribedModels = 20;

/** What people are subscribed to while they are made themselves, on the same terms. Their teams are the people's own. */
export const subscriptionsOfNewUsers = z.strictObject({
  modelIds: z
    .array(modelId)
    .min(1)
    .max(mostSubscribedModels)
    .refine((ids) => new Set(ids).size === ids.length, 'each once'),
  terms: subscriptionTerms.omit({ teamId: true }),
});

/** What is proposed for new subscriptions: the documented defaults of the columns. */
export const newSubscriptionDefaults = {
  ...{ status: 'active', teamId: null, quotaRequests: '10000', quotaTokens: '1000000', maxBudget: '100' },
  ...{ budgetDuration: 'monthly', tpmLimit: '1000', rpmLimit: '60', expiresAt: null },
} as const satisfies SubscriptionTerms;

/** By so many days an end is put off at most. */
export const mostExtendedDays = 3_660;

/** What became of what was due: how many subscriptions, and how many could not be changed. */
const dueWork = z.object({ reset: z.int(), expired: z.int(), problems: z.int() });
export type DueWork = z.infer<typeof dueWork>;

const subscriptionList = recordListInput(subscriptionDefinition);

export const subscriptionsContract = {
  list: query({ scope: 'schema', input: subscriptionList, output: listOutput(subscriptionRow) }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: subscriptionRow.extend({
      ...subscriptionDetails.shape,
      events: z.array(subscriptionEvent).max(50),
      untoldNews: z.array(untoldNews).max(20),
    }),
  }),
  /** Why it lets nothing through: one timeline of what happened to it, and what restores service. */
  whySuspended: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: suspensionAnswer,
  }),
  /** What a change of subscriptions would do. `changes.run` does it. */
  previewUpdate: query({
    scope: 'schema',
    input: z.strictObject({
      targets: changeTargets(subscriptionList),
      changes: subscriptionChanges,
      onlyFrom,
    }),
    output: changePreview,
  }),
  /** What changes would do that differ from one subscription to the next. `changes.run` does them. */
  previewEdits: query({
    scope: 'schema',
    input: z.strictObject({
      edits: z.array(subscriptionEdit).min(1).max(mostSelectedRecords).refine(isNamedOnce, 'each once'),
      onlyFrom,
    }),
    output: changePreview,
  }),
  /**
   * What subscribing people to models would do, each of the ones to each of the others. Whoever has a subscription
   * already keeps it, and is named. `changes.run` does it.
   */
  previewCreate: query({
    scope: 'schema',
    input: z.strictObject({
      userIds: z.array(uuid).min(1).max(mostSelectedRecords),
      modelIds: z.array(modelId).min(1).max(mostSelectedRecords),
      terms: subscriptionTerms,
    }),
    output: changePreview,
  }),
  /** What putting off their ends would do, each from where it is or from today. `changes.run` does it. */
  previewExtend: query({
    scope: 'schema',
    input: z.strictObject({
      targets: changeTargets(subscriptionList),
      days: z.int().min(1).max(mostExtendedDays),
    }),
    output: changePreview,
  }),
  /**
   * What it would do to let their periods begin anew: at this moment, or only where the date of a reset has come and then
   * at that date. `changes.run` does it.
   */
  previewReset: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(subscriptionList), when: z.enum(['now', 'due']) }),
    output: changePreview,
  }),
  /** Lets the periods begin whose date has come, and writes down what expired. Run again it goes on. */
  runDue: job({
    scope: 'schema',
    writes: true,
    input: emptyInput,
    output: dueWork,
  }),
  /** What deleting cancelled subscriptions would do, and what stays of their usage. `changes.run` does it. */
  previewDelete: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(subscriptionList) }),
    output: changePreview,
  }),
  exportCsv: file({ scope: 'schema', input: subscriptionList, output: z.null() }),
};
