import { sql } from 'drizzle-orm';
import { hasPeriod } from './period';

/** SQL: whether the period of the subscription `s` has ended and is to begin anew. Without a date it never is. */
export const isDue = sql`(s.reset_at <= CURRENT_TIMESTAMP AND isfinite(s.reset_at) AND ${hasPeriod(sql`s.budget_duration`)}
  AND s.status IN ('active', 'suspended') AND (s.expires_at IS NULL OR s.expires_at > CURRENT_TIMESTAMP))`;

/** SQL: whether the subscription `s` is past its end, which only the clock says. */
export const isPastItsEnd = sql`(s.status = 'active' AND s.expires_at <= CURRENT_TIMESTAMP)`;
