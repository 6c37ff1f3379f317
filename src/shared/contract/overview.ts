import * as z from 'zod';
import { query } from './define';
import { emptyInput, uuid } from './values';

const activeOfAll = z.object({ active: z.int(), all: z.int() });

export const recordCounts = z.object({
  users: activeOfAll,
  teams: activeOfAll,
  subscriptions: activeOfAll,
  apiKeys: activeOfAll,
});

/** What an administrator should look at, most serious first. */
export const attentionKinds = [
  'access_untold',
  'changes_untold',
  'api_keys_with_all_models',
  'api_keys_without_models',
  'api_keys_never_used',
  'api_keys_unused',
  'api_keys_no_expiry',
  'api_keys_no_ceiling',
  'api_keys_over_budget',
  'subscriptions_pending',
  'subscriptions_suspended',
  'subscriptions_near_quota',
  'subscriptions_due',
  'api_keys_expiring',
  'users_over_budget',
  'users_both_admins',
  'users_inactive_with_keys',
  'users_without_email',
  'users_same_email',
  'unattributed_usage',
  'rows_in_default_partition',
  'partitions_missing',
  'budget_duration_unknown',
  'remote_objects_without_home',
  'sync_failed',
  'never_synced',
] as const;

/** The areas whose records may wait to be told to LiteLLM. */
export const untoldAreas = ['users', 'teams', 'subscriptions', 'apiKeys'] as const;

export const attentionItem = z.object({
  kind: z.enum(attentionKinds),
  severity: z.enum(['error', 'warning', 'info']),
  count: z.int(),
  /** The one record it is about, where it is one and can be mended where it stands. */
  record: uuid.nullable(),
  /** Whose records they are, where one kind of finding can be about several. */
  of: z.enum(untoldAreas).optional(),
});
export type AttentionItem = z.infer<typeof attentionItem>;

export const overviewContract = {
  counts: query({
    scope: 'schema',
    input: emptyInput,
    output: recordCounts,
  }),
  attention: query({
    scope: 'schema',
    input: emptyInput,
    output: z.object({ items: z.array(attentionItem) }),
  }),
};
