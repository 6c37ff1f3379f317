import { sql } from 'drizzle-orm';
import { effectiveStatus } from './subscription-rows';

const nearShare = sql`0.9`;

/**
 * SQL: whether the active subscription `s` has used up nine tenths of a quota, or more. A quota of 0 means none: nothing
 * of it can be used up.
 */
export const isNearQuota = sql`(s.status = 'active' AND ${effectiveStatus} = 'active' AND (
  (s.quota_requests > 0 AND s.used_requests >= ${nearShare} * s.quota_requests)
  OR (s.quota_tokens > 0 AND s.used_tokens >= ${nearShare} * s.quota_tokens)
))`;
