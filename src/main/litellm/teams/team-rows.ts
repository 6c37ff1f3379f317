import * as z from 'zod';
import {
  exactDecimal,
  jsonObject,
  orNull,
  remoteInstant,
  textList,
  textOrNull,
  wholeNumber,
} from '../mapping/values';

export const teamMember = z.looseObject({
  role: z.string().nullish(),
  user_id: textOrNull,
  user_email: textOrNull,
});

/** A team row (API reference §1.3). */
export const teamRow = z.looseObject({
  team_id: z.string().min(1),
  team_alias: textOrNull,
  organization_id: textOrNull,
  members_with_roles: z
    .array(teamMember)
    .nullish()
    .transform((value) => value ?? []),
  metadata: jsonObject,
  tpm_limit: orNull(wholeNumber),
  rpm_limit: orNull(wholeNumber),
  max_parallel_requests: orNull(wholeNumber),
  max_budget: orNull(exactDecimal),
  soft_budget: orNull(exactDecimal),
  budget_duration: textOrNull,
  models: textList,
  blocked: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  spend: orNull(exactDecimal),
  created_at: orNull(remoteInstant),
});
export type TeamRow = z.output<typeof teamRow>;

/** `/v2/team/list`: one page. */
export const teamPage = z.looseObject({ teams: z.array(z.unknown()), total: z.number() });

/** `/team/list`: everything. */
export const teamList = z.array(z.unknown());
