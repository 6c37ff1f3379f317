import type { ModelDeployment } from '../state';

const capabilities = [
  'supports_parallel_function_calling',
  'supports_vision',
  'supports_function_calling',
  'supports_web_search',
  'supports_reasoning',
] as const;

function numbersOf(group: readonly ModelDeployment[], field: string): number[] {
  return group
    .map((deployment) => deployment.model_info[field])
    .filter((value): value is number => typeof value === 'number');
}

/** Null when no deployment says anything: a custom model has no price, which is not the price 0. */
function maximum(group: readonly ModelDeployment[], field: string): number | null {
  const values = numbersOf(group, field);
  return values.length === 0 ? null : Math.max(...values);
}

function sumOfLimits(group: readonly ModelDeployment[], name: 'tpm' | 'rpm'): number | null {
  const values = group
    .map((deployment) => deployment.litellm_params[name])
    .filter((value): value is number => typeof value === 'number');
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function providerOf(deployment: ModelDeployment): unknown {
  return deployment.litellm_params.custom_llm_provider ?? deployment.model_info.litellm_provider;
}

function parametersOf(group: readonly ModelDeployment[]): unknown[] {
  const all = group.flatMap((deployment) => {
    const parameters = deployment.model_info.supported_openai_params;
    return Array.isArray(parameters) ? (parameters as unknown[]) : [];
  });
  return [...new Set(all)];
}

function groupRow(name: string, group: readonly ModelDeployment[]): Record<string, unknown> {
  const first = group[0]?.model_info;
  return {
    model_group: name,
    providers: [...new Set(group.map(providerOf).filter((provider) => typeof provider === 'string'))],
    max_input_tokens: maximum(group, 'max_input_tokens'),
    max_output_tokens: maximum(group, 'max_output_tokens'),
    input_cost_per_token: maximum(group, 'input_cost_per_token'),
    output_cost_per_token: maximum(group, 'output_cost_per_token'),
    mode: first?.mode ?? null,
    tpm: sumOfLimits(group, 'tpm'),
    rpm: sumOfLimits(group, 'rpm'),
    ...Object.fromEntries(
      capabilities.map((name) => [name, group.some((deployment) => deployment.model_info[name] === true)]),
    ),
    supported_openai_params: parametersOf(group),
    is_public_model_group: false,
    configurable_clientside_auth_params: null,
  };
}

/** One row per public name; prices are the highest of the group's deployments, limits are added up. */
export function modelGroups(models: readonly ModelDeployment[]): Record<string, unknown>[] {
  const groups = new Map<string, ModelDeployment[]>();
  for (const deployment of models) {
    groups.set(deployment.model_name, [...(groups.get(deployment.model_name) ?? []), deployment]);
  }
  return [...groups].map(([name, group]) => groupRow(name, group));
}
