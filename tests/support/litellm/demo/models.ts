import { createHash } from 'node:crypto';
import type { JsonObject, ModelDeployment } from '../state';
import { readModelPrices } from './data-files';

interface Offer {
  /** Public name. */
  readonly name: string;
  /** LiteLLM model string, the key of its catalogue entry. */
  readonly model: string;
  readonly access: readonly string[];
  readonly apiBase?: string;
}

const offers: readonly Offer[] = [
  { name: 'gpt-4.1', model: 'gpt-4.1', access: ['prod'] },
  {
    name: 'gpt-4.1',
    model: 'azure/gpt-4.1',
    access: ['prod'],
    apiBase: 'https://eu-models.openai.azure.example',
  },
  { name: 'gpt-5', model: 'gpt-5', access: ['prod'] },
  { name: 'gpt-5-mini', model: 'gpt-5-mini', access: ['prod', 'cheap'] },
  { name: 'claude-opus-4-5', model: 'claude-opus-4-5', access: [] },
  { name: 'claude-sonnet-4-5', model: 'claude-sonnet-4-5', access: ['prod'] },
  { name: 'claude-haiku-4-5', model: 'claude-haiku-4-5', access: ['cheap'] },
  { name: 'gemini-2.5-pro', model: 'gemini/gemini-2.5-pro', access: ['prod'] },
  { name: 'gemini-2.5-flash', model: 'gemini/gemini-2.5-flash', access: ['cheap'] },
  { name: 'mistral-large', model: 'mistral/mistral-large-latest', access: [] },
  { name: 'codestral', model: 'mistral/codestral-latest', access: ['code'] },
  { name: 'llama-3.3-70b', model: 'groq/llama-3.3-70b-versatile', access: ['cheap'] },
  { name: 'text-embedding-3-small', model: 'text-embedding-3-small', access: ['prod'] },
  { name: 'meta-llama-3.3-70b', model: 'meta_llama/Llama-3.3-70B-Instruct', access: [] },
];

/** Our own model served in-house: LiteLLM knows no price and no limits for it. */
export const customModelName = 'granite-internal';

function deploymentId(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** As `/model/info` composes it: the catalogue entry under the deployment's own fields. */
function catalogueDeployment(offer: Offer, entry: JsonObject): ModelDeployment {
  const provider = String(entry.litellm_provider);
  return {
    model_name: offer.name,
    litellm_params: {
      model: offer.model,
      custom_llm_provider: provider,
      ...(offer.apiBase === undefined ? {} : { api_base: offer.apiBase }),
      tpm: 400_000,
      rpm: 1_200,
      use_in_pass_through: false,
    },
    model_info: {
      ...entry,
      id: deploymentId(offer.model),
      db_model: false,
      base_model: null,
      team_id: null,
      key: offer.model,
      litellm_provider: provider,
      supported_openai_params: ['temperature', 'top_p', 'max_tokens', 'stream', 'tools', 'tool_choice'],
      access_groups: [...offer.access],
      tpm: null,
      rpm: null,
    },
  };
}

function customDeployment(createdAt: string): ModelDeployment {
  return {
    model_name: customModelName,
    litellm_params: {
      model: 'openai/granite-3.3-8b-instruct',
      custom_llm_provider: 'openai',
      api_base: 'https://granite.models.example/v1',
      use_in_pass_through: false,
    },
    model_info: {
      id: '3f0c2a4e-6b1d-4c58-9a7e-2d5f8b0c1e34',
      db_model: true,
      base_model: null,
      team_id: null,
      created_at: createdAt,
      updated_at: createdAt,
      created_by: 'default_user_id',
      key: null,
      litellm_provider: 'openai',
      access_groups: [],
    },
  };
}

/** A model of one team: its public name is mangled, the human one stands in `model_info`. */
function teamDeployment(teamId: string, entry: JsonObject, createdAt: string): ModelDeployment {
  const id = '8d1f7c20-94ab-4e63-b5d2-70c3e1a9f846';
  return {
    model_name: `model_name_${teamId}_${id}`,
    litellm_params: {
      model: 'deepseek/deepseek-chat',
      custom_llm_provider: 'deepseek',
      use_in_pass_through: false,
    },
    model_info: {
      ...entry,
      id,
      db_model: true,
      base_model: null,
      team_id: teamId,
      team_public_model_name: 'deepseek-research',
      created_at: createdAt,
      updated_at: createdAt,
      created_by: 'default_user_id',
      key: 'deepseek/deepseek-chat',
      litellm_provider: 'deepseek',
      access_groups: [],
    },
  };
}

/** Real catalogue models, one of them with two deployments, plus a custom one and one of a single team. */
export function demoModels(researchTeamId: string, createdAt: string): ModelDeployment[] {
  const prices = readModelPrices();
  const entry = (model: string): JsonObject => {
    const found = prices[model];
    if (!found) throw new Error(`The catalogue of the demo has no entry for ${model}.`);
    return found;
  };
  return [
    ...offers.map((offer) => catalogueDeployment(offer, entry(offer.model))),
    customDeployment(createdAt),
    teamDeployment(researchTeamId, entry('deepseek/deepseek-chat'), createdAt),
  ];
}
