import * as z from 'zod';
import { requestObstacles } from '../records/subscriptions';
import { fieldChange } from './changes';
import { bigInteger, instant, reference, uuid } from './values';

/** Why a subscription lets nothing through. A quota is named by the request that went past it. */
export const suspensionCauses = [
  'request_quota',
  'token_quota',
  'lowered_quota',
  'late_correction',
  'admin',
  'sync',
  'expiry',
] as const;

/** A change of a subscription's status. */
export const subscriptionEvent = z.object({
  at: instant,
  from: z.string().nullable(),
  to: z.string(),
  cause: z.string(),
  actor: z.string().nullable(),
  /** In the words of whoever changed it, without secrets. */
  reason: z.string().nullable(),
});
export type SubscriptionEvent = z.infer<typeof subscriptionEvent>;

/** The request that went past a quota, or whose correction did. */
const exceedingRequest = z.object({
  id: uuid,
  /** When it was made; it may have been logged later. */
  at: instant,
  key: reference.nullable(),
  tokens: bigInteger,
});

/** Something that happened to a subscription, from whatever noted it. */
const suspensionMoment = z.discriminatedUnion('kind', [
  subscriptionEvent.extend({ kind: z.literal('event') }),
  exceedingRequest.extend({ kind: z.literal('request') }),
  /** An edit by a console, as its journal has it. */
  z.object({
    kind: z.literal('change'),
    at: instant,
    action: z.string(),
    actor: z.string(),
    reason: z.string().nullable(),
    fields: z.array(fieldChange).max(50),
    /** Its entry in the audit trail, where that is among the newest. */
    auditId: uuid.nullable(),
  }),
  z.object({
    kind: z.literal('audit'),
    at: instant,
    id: uuid,
    action: z.string(),
    actor: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  /** The pull during which a status changed. */
  z.object({ kind: z.literal('sync'), at: instant, state: z.string(), actor: z.string().nullable() }),
]);
export type SuspensionMoment = z.infer<typeof suspensionMoment>;

/** So many moments are shown, the newest. */
export const mostMoments = 50;

/** What lets requests count again, whole: nothing else is needed. */
const remedy = z.object({
  kind: z.enum(['reactivate', 'raise', 'lift', 'extend', 'neverEnd']),
  changes: z
    .object({
      status: z.literal('active'),
      quotaRequests: bigInteger.nullable(),
      quotaTokens: bigInteger.nullable(),
      expiresAt: instant.nullable(),
    })
    .partial(),
});
export type SuspensionRemedy = z.infer<typeof remedy>;

/** Why a subscription lets nothing through, how that came about, and what restores service. */
export const suspensionAnswer = z.object({
  /** NULL: nothing tells it, or it lets requests through. */
  cause: z.enum(suspensionCauses).nullable(),
  since: instant.nullable(),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
  /** NULL: no request did it. Where it is not in the log any more, only its moment is known. */
  request: z.object({ at: instant, found: exceedingRequest.nullable() }).nullable(),
  /** The quotas that are exceeded now, and the least that each must be for one more token or request. */
  exceeded: z.array(
    z.object({
      quota: z.enum(['quotaRequests', 'quotaTokens']),
      limit: bigInteger,
      used: bigInteger,
      atLeast: bigInteger,
    }),
  ),
  obstacles: z.array(z.enum(requestObstacles)),
  remedies: z.array(remedy).max(2),
  /** The newest first. */
  timeline: z.array(suspensionMoment).max(mostMoments),
  hasMore: z.boolean(),
});
export type SuspensionAnswer = z.infer<typeof suspensionAnswer>;
