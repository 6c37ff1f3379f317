import * as z from 'zod';
import { fitDecimal } from '../mapping/fields';
import { exactDecimal, jsonObject, orNull, remoteInstant, textOrNull, wholeNumber } from '../mapping/values';

/** What the cost columns of the usage log hold: NUMERIC(20, 12). */
export const costPrecision = 20;
export const costScale = 12;

/** Tokens as decimal text. Nobody uses more than can be counted exactly: such a row is damaged. */
const tokenCount = wholeNumber.refine(
  (text) => BigInt(text) >= 0n && BigInt(text) <= BigInt(Number.MAX_SAFE_INTEGER),
  'a possible number of tokens',
);

/** US dollars as decimal text that the cost columns can hold. */
const cost = exactDecimal.refine(
  (text) => fitDecimal(text, costPrecision, costScale) !== null,
  'a possible cost',
);

const costBreakdown = z.object({ input_cost: orNull(exactDecimal), output_cost: orNull(exactDecimal) });

const errorInformation = z.object({
  error_code: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((value) => (value === undefined || value === null ? null : String(value))),
  error_class: textOrNull,
  error_message: textOrNull,
  llm_provider: textOrNull,
});

const spendMetadata = z.object({
  user_api_key_user_id: textOrNull,
  user_api_key_team_id: textOrNull,
  user_api_key_alias: textOrNull,
  cost_breakdown: orNull(costBreakdown).catch(null),
  error_information: orNull(errorInformation).catch(null),
});

/**
 * One request of the spend log (API reference §1.6). Fields that are not named here are dropped at once: they are most
 * of a row's size, and thousands of rows are in memory at a time.
 */
export const spendRow = z.object({
  request_id: z.string().min(1),
  call_type: textOrNull,
  api_key: textOrNull,
  spend: orNull(cost),
  prompt_tokens: orNull(tokenCount),
  completion_tokens: orNull(tokenCount),
  startTime: remoteInstant,
  endTime: orNull(remoteInstant),
  model: textOrNull,
  model_group: textOrNull,
  custom_llm_provider: textOrNull,
  user: textOrNull,
  cache_hit: textOrNull,
  team_id: textOrNull,
  end_user: textOrNull,
  session_id: textOrNull,
  /** Null on old rows means success. */
  status: textOrNull,
  // Some releases send the JSON column as text.
  metadata: z.preprocess(objectFromText, jsonObject.pipe(spendMetadata)),
});
export type SpendRow = z.output<typeof spendRow>;

export const spendPage = z.looseObject({
  data: z.array(z.unknown()),
  total: z.number().nullish(),
  total_is_capped: z.boolean().nullish(),
});

/** The deprecated `/spend/logs?summarize=false`: everything of the days asked for. */
export const spendList = z.array(z.unknown());

function objectFromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return {};
  }
}
