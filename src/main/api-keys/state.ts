import { sql } from 'drizzle-orm';

/** What state a key `k` is in now (contract: revoked, then inactive, then expired, else active). */
export const apiKeyState = sql`CASE
  WHEN k.revoked_at IS NOT NULL THEN 'revoked'
  WHEN NOT k.is_active THEN 'inactive'
  WHEN k.expires_at <= CURRENT_TIMESTAMP THEN 'expired'
  ELSE 'active'
END`;
