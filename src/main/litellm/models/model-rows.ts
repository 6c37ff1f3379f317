import * as z from 'zod';
import { exactDecimal, jsonObject, orNull, textList, textOrNull } from '../mapping/values';

/** A price or limit that older releases may send masked or as text: unusable then, never an error. */
const tolerantDecimal = orNull(exactDecimal).catch(null);

/** One deployment of `/model/info` (API reference §1.2). Prices are taken from `model_info` only: pitfall (c). */
export const modelDeployment = z.looseObject({
  model_name: z.string().min(1),
  litellm_params: z
    .looseObject({ model: textOrNull, custom_llm_provider: textOrNull })
    .nullish()
    .transform((value) => value ?? { model: null, custom_llm_provider: null }),
  model_info: z
    .looseObject({
      id: textOrNull,
      team_id: textOrNull,
      team_public_model_name: textOrNull,
      base_model: textOrNull,
      litellm_provider: textOrNull,
      mode: textOrNull,
      max_input_tokens: tolerantDecimal,
      max_output_tokens: tolerantDecimal,
      input_cost_per_token: tolerantDecimal,
      output_cost_per_token: tolerantDecimal,
      access_groups: textList.catch([]),
    })
    .nullish()
    .transform((value) => value ?? null),
});
export type ModelDeployment = z.output<typeof modelDeployment>;

/** One public name of `/model_group/info`. */
export const modelGroup = z.looseObject({
  model_group: z.string().min(1),
  providers: textList.catch([]),
  mode: textOrNull,
  max_input_tokens: tolerantDecimal,
  max_output_tokens: tolerantDecimal,
  input_cost_per_token: tolerantDecimal,
  output_cost_per_token: tolerantDecimal,
});
export type ModelGroup = z.output<typeof modelGroup>;

/** `data` is an object instead of a list where LiteLLM was started with `--model`: pitfall (h). */
export const modelInfoAnswer = z.looseObject({
  data: z
    .union([z.array(z.unknown()), jsonObject])
    .transform((data) => (Array.isArray(data) ? data : [data])),
});

export const modelNamesAnswer = z.looseObject({ data: z.array(z.looseObject({ id: z.string().min(1) })) });
