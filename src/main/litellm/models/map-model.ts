import { compareDecimals, shiftDecimal } from '../../../shared/decimal';
import type { ModelDeployment, ModelGroup } from './model-rows';
import { fitDecimal, isTooLong, type Mapped, truncate } from '../mapping/fields';
import { findingOf } from '../mapping/limits';

const maxId = 255;
const maxInteger = 2_147_483_647;

export interface MappedModel {
  readonly modelId: string;
  readonly mapped: Mapped;
  /** Exact prices in USD per token; null is unknown. */
  readonly prices: { readonly input: string | null; readonly output: string | null };
}

/**
 * One of our models from all deployments that share a public name. Prices are per token over there and per thousand
 * here; absent prices stay NULL, never 0. `max_input_tokens` is the context length, `max_output_tokens` the most an
 * answer may have (API reference §1.2).
 */
export function mapModel(
  name: string,
  deployments: readonly ModelDeployment[],
  group: ModelGroup | undefined,
): MappedModel {
  const infos = deployments.map((deployment) => deployment.model_info);
  const largest = (field: PriceOrLimit): string | null =>
    largestOf([...infos.map((info) => info?.[field] ?? null), group?.[field] ?? null]);
  const prices = { input: largest('input_cost_per_token'), output: largest('output_cost_per_token') };
  if (isTooLong(name, maxId))
    return { modelId: name, mapped: { home: false, reason: 'id_too_long' }, prices };
  const first = deployments[0];
  const provider = firstText([
    ...(group?.providers ?? []),
    ...infos.map((info) => info?.litellm_provider),
    ...deployments.map((deployment) => deployment.litellm_params.custom_llm_provider),
    first?.litellm_params.model?.split('/').slice(0, -1)[0],
  ]);
  const capabilities = capabilitiesOf(infos, group);
  const inputPrice = pricePerThousand(prices.input);
  const outputPrice = pricePerThousand(prices.output);
  const contextLength = wholeInteger(largest('max_input_tokens'));
  return {
    modelId: name,
    prices,
    mapped: {
      home: true,
      fields: {
        name: truncate(firstText(infos.map((info) => info?.team_public_model_name)) ?? name, maxId),
        provider: truncate(provider ?? 'unknown', 100),
        litellm_provider: provider === null ? null : truncate(provider, 100),
        capabilities,
        context_length: contextLength,
        max_tokens: wholeInteger(largest('max_output_tokens')),
        input_price_per_1k: inputPrice,
        output_price_per_1k: outputPrice,
        supports_function_calling: capabilities.includes('function_calling'),
        supports_vision: capabilities.includes('vision'),
        litellm: {
          input_cost_per_token: prices.input,
          output_cost_per_token: prices.output,
          deployments: deployments
            .map(describe)
            .sort((left, right) => (left.order < right.order ? -1 : 1))
            .map(withoutOrder),
        },
      },
      finding: findingOf([
        prices.input !== null && inputPrice === null && 'price_out_of_range',
        prices.output !== null && outputPrice === null && 'price_out_of_range',
      ]),
    },
  };
}

type PriceOrLimit =
  'max_input_tokens' | 'max_output_tokens' | 'input_cost_per_token' | 'output_cost_per_token';
type ModelInfo = ModelDeployment['model_info'];

function largestOf(values: readonly (string | null)[]): string | null {
  return values.reduce((largest, value) => {
    if (largest === null || value === null) return largest ?? value;
    return compareDecimals(value, largest) > 0 ? value : largest;
  }, null);
}

function pricePerThousand(pricePerToken: string | null): string | null {
  return pricePerToken === null ? null : fitDecimal(shiftDecimal(pricePerToken, 3), 20, 12);
}

/** Whole tokens in an INTEGER column; LiteLLM has them as float in places. */
function wholeInteger(value: string | null): string | null {
  if (value === null) return null;
  return String(Math.max(0, Math.min(maxInteger, Math.trunc(Number(value)))));
}

function firstText(values: readonly (string | null | undefined)[]): string | null {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? null;
}

/** The mode (`chat`, `embedding`, …) and everything LiteLLM says the model supports. */
function capabilitiesOf(infos: readonly ModelInfo[], group: ModelGroup | undefined): string[] {
  const found = new Set<string>();
  for (const source of [...infos, group]) {
    if (!source) continue;
    if (source.mode !== null) found.add(source.mode);
    for (const [name, value] of Object.entries(source)) {
      if (name.startsWith('supports_') && value === true) found.add(name.slice('supports_'.length));
    }
  }
  return [...found].sort();
}

/** What is kept of a deployment. Not its parameters: they may hold addresses and credentials of the provider. */
function describe(deployment: ModelDeployment) {
  const info = deployment.model_info;
  const model = deployment.litellm_params.model;
  return {
    order: `${info?.id ?? ''} ${model ?? ''}`,
    id: info?.id ?? null,
    model,
    base_model: info?.base_model ?? null,
    team_id: info?.team_id ?? null,
    access_groups: info?.access_groups ?? [],
  };
}

function withoutOrder({
  order: _order,
  ...rest
}: ReturnType<typeof describe>): Omit<ReturnType<typeof describe>, 'order'> {
  return rest;
}
