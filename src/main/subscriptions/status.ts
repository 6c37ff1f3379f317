import { sql } from 'drizzle-orm';

/** The status of a subscription `s` as it counts now: `active` past its end is expired (the schema's one rule). */
export const effectiveStatus = sql`public.effective_subscription_status(s.status, s.expires_at)`;
