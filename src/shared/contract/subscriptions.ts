import * as z from 'zod';
import { file, query } from './define';
import { bigInteger, recordedDecimal, instant, listInput, listOutput, reference, uuid } from './values';

export const subscriptionStatuses = ['pending', 'active', 'suspended', 'cancelled', 'expired'] as const;
/** `active` past its end counts as `expired` everywhere (one SQL expression). */
export const effectiveStatus = z.enum(subscriptionStatuses);
export type SubscriptionStatus = z.infer<typeof effectiveStatus>;

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

const subscriptionList = listInput(
  ['user', 'model', 'status', 'usedRequests', 'usedTokens', 'currentSpend', 'expiresAt', 'createdAt'],
  {
    status: effectiveStatus.optional(),
    userId: uuid.optional(),
    teamId: uuid.optional(),
    modelId: z.string().max(255).optional(),
  },
);

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
