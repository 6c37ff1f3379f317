import { type SQL, sql } from 'drizzle-orm';
import type { KeyExposure } from '../../shared/records/api-keys';
import { from } from '../postgres/relations';
import { apiKeyState } from './api-key-rows';
import { allowsAllModels } from './model-scope';

const daysUntilNeverUsed = sql`interval '30 days'`;
const daysUntilUnused = sql`interval '90 days'`;

/**
 * SQL: since when the key `k` could have been used as it is: made, taken over from LiteLLM, or switched on again. What
 * is new is no finding, however long nobody used it.
 */
const availableSince = sql`greatest(
  k.created_at,
  (SELECT min(o.first_seen_at) FROM ${from('litellm_objects', 'o')} WHERE o.kind = 'key' AND o.local_id = k.id::text),
  (SELECT max(c.created_at) FROM ${from('changes', 'c')}
   WHERE c.record_kind = 'api_key' AND c.record_id = k.id::text
     AND (c.before IS NULL OR c.after -> 'isActive' = 'true')))`;

/** SQL: whether there is recorded usage of the key `k`. LiteLLM's own word for it comes late, or never. */
const wasUsed = sql`(k.last_used_at IS NOT NULL
  OR EXISTS (SELECT FROM ${from('usage_daily', 'd')} WHERE d.api_key_id = k.id))`;

const wasUsedLately = sql`(coalesce(k.last_used_at > CURRENT_TIMESTAMP - ${daysUntilUnused}, false)
  OR EXISTS (SELECT FROM ${from('usage_daily', 'd')}
    WHERE d.api_key_id = k.id AND d.day > (CURRENT_TIMESTAMP - ${daysUntilUnused})::date))`;

const team = (condition: SQL): SQL =>
  sql`EXISTS (SELECT FROM ${from('teams', 't')} WHERE t.id = k.team_id AND ${condition})`;
const owner = (condition: SQL): SQL =>
  sql`EXISTS (SELECT FROM ${from('users', 'u')} WHERE u.id = k.user_id AND ${condition})`;

/** What of an entry is searched; a key value stands early, or the entry is no one's that a program wrote. */
const searchedCharacters = 65_536;

/** SQL: the hashes of all key values that stand in metadata of the audit trail, for whoever may read it. */
const hashesInAudit = sql`SELECT encode(sha256(convert_to(seen.words[1], 'UTF8')), 'hex')
  FROM ${from('audit_logs', 'a')}
  CROSS JOIN LATERAL regexp_matches(left(a.metadata::text, ${searchedCharacters}), 'sk-[A-Za-z0-9_-]{8,}', 'g') AS seen (words)
  WHERE a.metadata::text LIKE '%sk-%'`;

const conditions: Readonly<Record<KeyExposure, SQL>> = {
  // Cheap conditions first: most keys are used, and need not be looked up.
  never_used: sql`k.created_at < CURRENT_TIMESTAMP - ${daysUntilNeverUsed} AND NOT ${wasUsed}
    AND ${availableSince} < CURRENT_TIMESTAMP - ${daysUntilNeverUsed}`,
  unused: sql`k.created_at < CURRENT_TIMESTAMP - ${daysUntilUnused} AND NOT ${wasUsedLately} AND ${wasUsed}
    AND ${availableSince} < CURRENT_TIMESTAMP - ${daysUntilUnused}`,
  no_expiry: sql`k.expires_at IS NULL OR k.expires_at = 'infinity'`,
  all_models: allowsAllModels,
  owner_inactive: owner(sql`NOT u.is_active`),
  // LiteLLM asks a person's budget of personal keys alone, and a team's of those of the team.
  no_ceiling: sql`k.max_budget IS NULL AND CASE WHEN k.team_id IS NULL
    THEN ${owner(sql`u.max_budget IS NULL`)} ELSE ${team(sql`t.max_budget IS NULL`)} END`,
  over_budget: sql`k.current_spend > 0 AND k.current_spend >= k.max_budget`,
  seen_in_audit: sql`k.key_hash IN (${hashesInAudit})`,
};

/** SQL: which API keys `k` that work now are open to more than they need, by what it is. */
export function keyExposure(kind: KeyExposure): SQL {
  return sql`(${apiKeyState} = 'active' AND (${conditions[kind]}))`;
}
