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

/** A key as `/key/list?return_full_object=true` shows it (API reference §1.5). Never holds the key itself. */
export const keyRow = z.looseObject({
  /** Lower-case hex sha256 of the key. A value of any other form might be a key in plain text and is not read. */
  token: z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 hash'),
  key_name: textOrNull,
  key_alias: textOrNull,
  spend: orNull(exactDecimal),
  expires: orNull(remoteInstant),
  models: textList,
  user_id: textOrNull,
  team_id: textOrNull,
  max_parallel_requests: orNull(wholeNumber),
  metadata: jsonObject,
  tpm_limit: orNull(wholeNumber),
  rpm_limit: orNull(wholeNumber),
  max_budget: orNull(exactDecimal),
  budget_duration: textOrNull,
  blocked: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  created_at: orNull(remoteInstant),
});
export type KeyRow = z.output<typeof keyRow>;

export const keyPage = z.looseObject({ keys: z.array(z.unknown()), total_count: z.number() });
