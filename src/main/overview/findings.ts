import { sql, type SQL } from 'drizzle-orm';
import { type AttentionItem, untoldAreas } from '../../shared/contract/overview';
import type { KeyExposure } from '../../shared/records/api-keys';
import { userAttentions } from '../../shared/records/users';
import { allowsAllModels, lacksModels } from '../api-keys/model-scope';
import { keyExposure } from '../api-keys/key-exposure';
import { apiKeyState } from '../api-keys/api-key-rows';
import type { RecordKind } from '../changes/record-table';
import { isNearQuota } from '../subscriptions/near-quota';
import { isDue } from '../subscriptions/periods/due';
import { emailIsMissing } from '../users/email';
import { userAttention } from '../users/user-attention';
import { from, type RelationName, tables } from '../postgres/relations';

export interface Finding {
  readonly kind: AttentionItem['kind'];
  readonly severity: AttentionItem['severity'];
  /** Whose records, where there are several findings of the kind. */
  readonly of?: AttentionItem['of'];
  /** A SELECT of one number `count`; nothing is shown for 0. */
  readonly count: SQL;
  /** A SELECT of `id`, of records that can be mended where they stand: asked where it is one. */
  readonly records?: SQL;
}

const expiringWithin = sql`interval '7 days'`;
const monthsAhead = 3;

/** LiteLLM's grammar without weeks, which it reads wrongly, and the words of our schema (litellm-api.md §1.0). */
const knownDuration = '^([1-9][0-9]*(s|m|h|d)|1mo|monthly|yearly|lifetime)$';

const countOf = (relation: SQL): SQL => sql`SELECT count(*)::int AS count FROM ${relation}`;
const unknownDurations = (relation: RelationName): SQL =>
  sql`SELECT id::text FROM ${from(relation)} WHERE budget_duration IS NOT NULL AND budget_duration !~ ${knownDuration}`;

/** Keys whose owner is switched off are counted by their owners. */
const exposed = (
  kind: Exclude<KeyExposure, 'owner_inactive' | 'all_models' | 'seen_in_audit'>,
  severity: AttentionItem['severity'],
): Finding => ({
  kind: `api_keys_${kind}`,
  severity,
  count: countOf(sql`${from('api_keys', 'k')} WHERE ${keyExposure(kind)}`),
});

/** As the outbox calls what an area's list shows. */
const untoldKinds = {
  users: ['user'],
  teams: ['team', 'team_member'],
  subscriptions: ['subscription'],
  apiKeys: ['api_key'],
} as const satisfies Record<NonNullable<AttentionItem['of']>, readonly RecordKind[]>;

const countUntold = (of: keyof typeof untoldKinds, condition: SQL): SQL =>
  sql`SELECT count(DISTINCT (record_kind, record_id))::int AS count FROM ${from('outbox')}
    WHERE state <> 'done' AND record_kind = ANY(${sql.param([...untoldKinds[of]])}::text[]) AND ${condition}`;

/** What an administrator should look at. Each is one query of its own. */
export const findings: readonly Finding[] = [
  ...untoldAreas.map((of): Finding => ({
    kind: 'access_untold',
    of,
    severity: 'error',
    count: countUntold(of, sql`cardinality(taken) > 0`),
  })),
  ...untoldAreas.map((of): Finding => ({
    kind: 'changes_untold',
    of,
    severity: 'warning',
    count: countUntold(of, sql`TRUE`),
  })),
  {
    kind: 'partitions_missing',
    severity: 'error',
    // Not attached counts as missing: rows of that month would fall into the default partition.
    count: countOf(sql`generate_series(0, ${monthsAhead}) AS month_offset
      WHERE NOT EXISTS (
        SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = ${tables.usage_logs}::regclass AND c.relname = 'usage_logs_' || to_char(
          date_trunc('month', CURRENT_TIMESTAMP AT TIME ZONE 'UTC') + make_interval(months => month_offset),
          'YYYY_MM')
      )`),
  },
  {
    kind: 'api_keys_with_all_models',
    severity: 'warning',
    count: countOf(sql`${from('api_keys', 'k')} WHERE ${apiKeyState} = 'active' AND ${allowsAllModels}`),
  },
  {
    kind: 'api_keys_without_models',
    severity: 'warning',
    count: countOf(sql`${from('api_keys', 'k')} WHERE ${apiKeyState} = 'active' AND ${lacksModels}`),
  },
  {
    kind: 'subscriptions_pending',
    severity: 'warning',
    count: countOf(sql`${from('subscriptions', 's')} WHERE s.status = 'pending'`),
  },
  ...(['no_ceiling', 'over_budget'] as const).map((kind) => exposed(kind, 'warning')),
  {
    kind: 'subscriptions_suspended',
    severity: 'warning',
    count: countOf(sql`${from('subscriptions', 's')} WHERE s.status = 'suspended'`),
    records: sql`SELECT s.id FROM ${from('subscriptions', 's')} WHERE s.status = 'suspended' LIMIT 1`,
  },
  {
    kind: 'subscriptions_near_quota',
    severity: 'warning',
    count: countOf(sql`${from('subscriptions', 's')} WHERE ${isNearQuota}`),
  },
  {
    kind: 'subscriptions_due',
    severity: 'warning',
    count: countOf(sql`${from('subscriptions', 's')} WHERE ${isDue}`),
  },
  {
    kind: 'users_same_email',
    severity: 'warning',
    // Whoever is switched off may have been merged, and keeps the address.
    count: sql`
      SELECT coalesce(sum(same.users), 0)::int AS count FROM (
        SELECT count(*) AS users FROM ${from('users', 'u')}
        WHERE u.is_active AND NOT ${emailIsMissing(sql`u.email`)}
        GROUP BY lower(u.email) HAVING count(*) > 1
      ) AS same`,
  },
  ...userAttentions.map((odd): Finding => ({
    kind: `users_${odd}`,
    severity: 'warning',
    count: countOf(sql`${from('users', 'u')} WHERE ${userAttention[odd]}`),
    records: sql`SELECT u.id FROM ${from('users', 'u')} WHERE ${userAttention[odd]} LIMIT 1`,
  })),
  {
    kind: 'rows_in_default_partition',
    severity: 'warning',
    count: countOf(from('usage_logs_default')),
  },
  {
    kind: 'budget_duration_unknown',
    severity: 'warning',
    // With what the pull found: spellings that we understand and LiteLLM resets at every midnight.
    count: countOf(sql`(
      ${unknownDurations('teams')} UNION ${unknownDurations('subscriptions')}
      UNION ${unknownDurations('api_keys')}
      UNION SELECT coalesce(local_id, remote_id) FROM ${from('litellm_objects')}
        WHERE state <> 'missing' AND reason LIKE '%budget_resets_daily%'
    ) AS unknown`),
  },
  {
    kind: 'api_keys_expiring',
    severity: 'info',
    count: countOf(sql`${from('api_keys', 'k')}
      WHERE ${apiKeyState} = 'active' AND k.expires_at <= CURRENT_TIMESTAMP + ${expiringWithin}`),
  },
  ...(['never_used', 'unused', 'no_expiry'] as const).map((kind) => exposed(kind, 'info')),
  {
    kind: 'users_without_email',
    severity: 'info',
    count: countOf(sql`${from('users', 'u')} WHERE ${emailIsMissing(sql`u.email`)}`),
    records: sql`SELECT u.id FROM ${from('users', 'u')} WHERE ${emailIsMissing(sql`u.email`)} LIMIT 1`,
  },
  {
    kind: 'unattributed_usage',
    severity: 'info',
    // Requests, from the rollup: the log of unattributed usage may be large.
    count: sql`
      SELECT coalesce(sum(requests), 0)::float8 AS count FROM ${from('usage_monthly')}
      WHERE subscription_id IS NULL`,
  },
  {
    kind: 'remote_objects_without_home',
    severity: 'info',
    count: countOf(sql`${from('litellm_objects')} WHERE state = 'homeless'`),
  },
];
