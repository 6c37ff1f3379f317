import type { AttentionItem } from '../../../shared/contract/overview';
import { editPath, recordPath } from '../records/record-link';

/** What waits to be told is in the list of the area whose records they are. */
const untold = {
  users: '/users?untold=true',
  teams: '/teams?untold=true',
  subscriptions: '/subscriptions?untold=true',
  apiKeys: '/api-keys?untold=true',
} satisfies Record<NonNullable<AttentionItem['of']>, string>;

const paths: Record<AttentionItem['kind'], string> = {
  access_untold: untold.users,
  changes_untold: untold.users,
  api_keys_with_all_models: '/api-keys?exposure=all_models',
  api_keys_never_used: '/api-keys?exposure=never_used',
  api_keys_unused: '/api-keys?exposure=unused',
  api_keys_no_expiry: '/api-keys?exposure=no_expiry',
  api_keys_no_ceiling: '/api-keys?exposure=no_ceiling',
  api_keys_over_budget: '/api-keys?exposure=over_budget',
  api_keys_without_models: '/api-keys?state=active&allModels=false',
  subscriptions_pending: '/subscriptions?status=pending&sort=createdAt:asc',
  subscriptions_suspended: '/subscriptions?status=suspended',
  subscriptions_near_quota: '/subscriptions?nearQuota=true',
  subscriptions_due: '/subscriptions?due=true',
  api_keys_expiring: '/api-keys?state=active&sort=expiresAt:asc',
  users_without_email: '/users?emailMissing=true',
  users_same_email: '/users?sameEmail=true&sort=email:asc',
  users_over_budget: '/users?attention=over_budget',
  users_both_admins: '/users?attention=both_admins',
  users_inactive_with_keys: '/users?attention=inactive_with_keys',
  unattributed_usage: '/sync',
  rows_in_default_partition: '/database/health',
  partitions_missing: '/database/health',
  budget_duration_unknown: '/subscriptions',
  remote_objects_without_home: '/sync',
  sync_failed: '/sync',
  never_synced: '/sync',
};

/** Of which record a finding is, and of what of it; a NULL field is mended by what the record's page offers. */
const mended: Partial<
  Record<AttentionItem['kind'], { readonly area: 'users' | 'subscriptions'; readonly field: string | null }>
> = {
  users_without_email: { area: 'users', field: 'email' },
  users_over_budget: { area: 'users', field: 'maxBudget' },
  users_both_admins: { area: 'users', field: 'roles' },
  users_inactive_with_keys: { area: 'users', field: null },
  subscriptions_suspended: { area: 'subscriptions', field: null },
};

/**
 * Where a finding can be mended: the page of its one record, or its panel at the field that it is about; else the screen where it
 * can be looked at, filtered as far as its list allows.
 */
export function attentionPath({
  kind,
  record,
  of: area,
}: Pick<AttentionItem, 'kind' | 'record' | 'of'>): string {
  if (area !== undefined) return untold[area];
  const of = mended[kind];
  if (record === null || of === undefined) return paths[kind];
  return of.field === null ? recordPath(of.area, record) : editPath(of.area, record, of.field);
}
