import * as z from 'zod';
import { subscriptionDefinition, subscriptionStatuses } from '../records/subscriptions';
import { file, query } from './define';
import { recordListInput } from './record-list';
import { bigInteger, recordedDecimal, instant, listOutput, reference, uuid } from './values';

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
});
export type SubscriptionRow = z.infer<typeof subscriptionRow>;

/** What a subscription's page shows besides. */
export const subscriptionDetails = z.object({
  /** What the database holds, before expiry is taken into account. */
  storedStatus: z.string().nullable(),
  tpmLimit: bigInteger.nullable(),
  rpmLimit: bigInteger.nullable(),
  resetAt: instant.nullable(),
  lastSyncAt: instant.nullable(),
  updatedAt: instant.nullable(),
  /** What LiteMaaS noted of the key in LiteLLM that this subscription was made for. */
  litellmKeyId: z.string().nullable(),
  litellmKeyAlias: z.string().nullable(),
});

/** A change of a subscription's status. */
export const subscriptionEvent = z.object({
  at: instant,
  from: z.string().nullable(),
  to: z.string(),
  cause: z.string(),
  actor: z.string().nullable(),
});
export type SubscriptionEvent = z.infer<typeof subscriptionEvent>;

const subscriptionList = recordListInput(subscriptionDefinition);

export const subscriptionsContract = {
  list: query({ scope: 'schema', input: subscriptionList, output: listOutput(subscriptionRow) }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: subscriptionRow.extend({
      ...subscriptionDetails.shape,
      events: z.array(subscriptionEvent).max(50),
    }),
  }),
  exportCsv: file({ scope: 'schema', input: subscriptionList, output: z.null() }),
};
