import * as z from 'zod';
import { exactDecimal, orNull, remoteInstant, textList, textOrNull, wholeNumber } from '../mapping/values';

/** A user row (API reference §1.4). Unknown roles are kept as they are. */
export const userRow = z.looseObject({
  user_id: z.string().min(1),
  user_alias: textOrNull,
  user_email: textOrNull,
  user_role: textOrNull,
  spend: orNull(exactDecimal),
  max_budget: orNull(exactDecimal),
  budget_duration: textOrNull,
  models: textList,
  tpm_limit: orNull(wholeNumber),
  rpm_limit: orNull(wholeNumber),
  created_at: orNull(remoteInstant),
});
export type UserRow = z.output<typeof userRow>;

export const userPage = z.looseObject({ users: z.array(z.unknown()), total: z.number() });
