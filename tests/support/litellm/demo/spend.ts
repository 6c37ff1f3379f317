import { spendRow } from '../rows';
import type { JsonObject, KeyRow, ModelDeployment, ProxyState, SpendRow } from '../state';
import type { TraceRequest } from './data-files';
import { reachableDeployments } from './model-access';
import type { Random } from './random';

interface Requester {
  readonly key: KeyRow | null;
  readonly weight: number;
  readonly deployments: readonly ModelDeployment[];
}

interface Moment {
  readonly startMs: number;
  readonly timestamp: (at: Date) => string;
}

const failures = [
  { code: '429', name: 'RateLimitError', message: 'Rate limit reached for requests per minute', weight: 5 },
  { code: '400', name: 'ContextWindowExceededError', message: 'This model supports fewer tokens', weight: 3 },
  { code: '408', name: 'Timeout', message: 'Request timed out after 600 seconds', weight: 2 },
  { code: '503', name: 'ServiceUnavailableError', message: 'The upstream is overloaded', weight: 2 },
  {
    code: '401',
    name: 'AuthenticationError',
    message: 'Incorrect API key provided for the upstream',
    weight: 1,
  },
  { code: '500', name: 'InternalServerError', message: 'Internal server error at the upstream', weight: 1 },
] as const;

const agents = ['OpenAI/Python', 'curl', 'langchain-openai', 'vscode-continue', 'node-fetch'] as const;

const keysWithoutRequests = new Set([
  'blocked',
  'expired',
  'administrator',
  'viewer',
  'nothing-outside-teams',
]);

/** Who sends requests: few keys send most of them, blocked and expired ones none; some calls use the master key. */
export function requestersOf(state: ProxyState, random: Random): Requester[] {
  const callers = [...state.keys.values()].filter(
    (key) => key.team_id !== 'litellm-dashboard' && !keysWithoutRequests.has(key.key_alias ?? ''),
  );
  const withKeys = callers.map((key) => ({
    key,
    weight: 1 / (1 + random.between(0, 30)),
    deployments: reachableDeployments(
      key,
      key.team_id === null ? undefined : state.teams.get(key.team_id),
      key.user_id === null ? undefined : state.users.get(key.user_id),
      state.models,
    ),
  }));
  const reachable = withKeys.filter((requester) => requester.deployments.length > 0);
  const total = reachable.reduce((sum, requester) => sum + requester.weight, 0);
  return [...reachable, { key: null, weight: total * 0.004, deployments: state.models.slice(0, 4) }];
}

function priceOf(deployment: ModelDeployment, field: string): number {
  const price = deployment.model_info[field];
  return typeof price === 'number' ? price : 0;
}

function isEmbedding(deployment: ModelDeployment): boolean {
  return deployment.model_info.mode === 'embedding';
}

/** Code requests go to coding models where the key has one. */
function chooseDeployment(random: Random, requester: Requester, kind: TraceRequest['kind']): ModelDeployment {
  const coding = requester.deployments.filter((deployment) =>
    /codestral|claude|gpt-5$/.test(deployment.model_name),
  );
  const choices = kind === 'code' && coding.length > 0 ? coding : requester.deployments;
  return random.weighted(choices, (deployment) => (isEmbedding(deployment) ? 0.2 : 1));
}

/** Simulated: the trace has no latencies. Time to the first token, then a pace per token. */
function latencies(
  random: Random,
  contextTokens: number,
  generatedTokens: number,
): { firstMs: number; totalMs: number } {
  const firstMs = Math.round(180 + contextTokens * 0.05 + random.next() * 400);
  const totalMs = Math.round(firstMs + generatedTokens * (6 + random.next() * 16));
  return { firstMs, totalMs };
}

/** What LiteLLM writes about the key into each row's metadata. */
function keyMetadata(key: KeyRow | null, state: ProxyState): JsonObject {
  const team = key === null || key.team_id === null ? undefined : state.teams.get(key.team_id);
  return {
    user_api_key: key?.token ?? 'litellm_proxy_master_key',
    user_api_key_alias: key?.key_alias ?? null,
    user_api_key_user_id: key === null ? 'default_user_id' : key.user_id,
    user_api_key_team_id: key?.team_id ?? null,
    user_api_key_team_alias: team?.team_alias ?? null,
  };
}

function baseRow(
  random: Random,
  requester: Requester,
  deployment: ModelDeployment,
  moment: Moment,
): SpendRow {
  const { key } = requester;
  const model = String(deployment.litellm_params.model);
  return spendRow({
    request_id: `chatcmpl-${random.uuid()}`,
    call_type: isEmbedding(deployment) ? 'aembedding' : 'acompletion',
    api_key: key?.token ?? 'litellm_proxy_master_key',
    startTime: moment.timestamp(new Date(moment.startMs)),
    model,
    model_id: deployment.model_info.id,
    model_group: deployment.model_name,
    custom_llm_provider: String(deployment.model_info.litellm_provider),
    api_base:
      typeof deployment.litellm_params.api_base === 'string' ? deployment.litellm_params.api_base : '',
    user: key === null ? 'default_user_id' : (key.user_id ?? ''),
    cache_hit: random.pick(['False', 'None', '']),
    request_tags: [`User-Agent: ${random.pick(agents)}`],
    team_id: key?.team_id ?? '',
    requester_ip_address: `10.0.${random.between(0, 3)}.${random.between(2, 250)}`,
    session_id: random.uuid(),
  });
}

function ended(row: SpendRow, moment: Moment, firstMs: number | null, totalMs: number): SpendRow {
  return {
    ...row,
    endTime: moment.timestamp(new Date(moment.startMs + totalMs)),
    completionStartTime: firstMs === null ? null : moment.timestamp(new Date(moment.startMs + firstMs)),
  };
}

function failureRow(
  random: Random,
  row: SpendRow,
  deployment: ModelDeployment,
  moment: Moment,
  shared: JsonObject,
): SpendRow {
  const failure = random.weighted(failures, (candidate) => candidate.weight);
  const nameless = random.chance(0.6);
  return {
    ...ended(row, moment, null, random.between(40, 9_000)),
    status: 'failure',
    model_group: nameless ? '' : row.model_group,
    custom_llm_provider: nameless ? '' : row.custom_llm_provider,
    model: nameless ? deployment.model_name : row.model,
    metadata: {
      ...shared,
      status: 'failure',
      usage_object: null,
      cost_breakdown: null,
      error_information: {
        error_code: failure.code,
        error_class: failure.name,
        error_message: `litellm.${failure.name}: ${failure.message}`,
        llm_provider: row.custom_llm_provider,
        traceback: 'Traceback (most recent call last):\n  File "router.py", line 1, in acompletion',
      },
      model_map_information: {},
    },
  };
}

function successRow(
  request: TraceRequest,
  row: SpendRow,
  deployment: ModelDeployment,
  cached: boolean,
  shared: JsonObject,
): SpendRow {
  const promptTokens = request.contextTokens;
  const completionTokens = isEmbedding(deployment) ? 0 : request.generatedTokens;
  const totalTokens = promptTokens + completionTokens;
  const inputCost = cached ? 0 : promptTokens * priceOf(deployment, 'input_cost_per_token');
  const outputCost = cached ? 0 : completionTokens * priceOf(deployment, 'output_cost_per_token');
  const spend = inputCost + outputCost;
  const entry = deployment.model_info.key === null ? null : deployment.model_info;
  return {
    ...row,
    spend,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: totalTokens,
    metadata: {
      ...shared,
      status: 'success',
      usage_object: {
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        total_tokens: totalTokens,
      },
      cost_breakdown: { input_cost: inputCost, output_cost: outputCost, total_cost: spend },
      error_information: null,
      model_map_information: { model_map_key: row.model, model_map_value: entry },
    },
  };
}

/** A cache hit: same tokens, no cost, the id marked with the time. */
function asCacheHit(row: SpendRow, random: Random, moment: Moment): SpendRow {
  const id = `${row.request_id}_cache_hit${(moment.startMs / 1000).toFixed(3)}`;
  return { ...row, request_id: id, cache_hit: 'True', cache_key: random.hex(64) };
}

/** The provider told no usage: tokens are unknown, which the columns can only write as 0. */
function withoutUsage(row: SpendRow): SpendRow {
  const metadata = { ...row.metadata, usage_object: null, cost_breakdown: null };
  return { ...row, spend: 0, prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, metadata };
}

/**
 * One spend row per request of the trace: tokens are real, everything else is made up. About 1.2 % failed, 2 % came
 * from the cache, 0.3 % have no usage; the oldest 40 have no status, as old releases wrote them.
 */
export function demoSpendRow(
  random: Random,
  state: ProxyState,
  requesters: readonly Requester[],
  request: TraceRequest,
  place: number,
  moment: Moment,
): SpendRow {
  const requester = random.weighted(requesters, (candidate) => candidate.weight);
  const deployment = chooseDeployment(random, requester, request.kind);
  const shared = keyMetadata(requester.key, state);
  const row = baseRow(random, requester, deployment, moment);
  const lot = random.next();
  if (lot < 0.012) return failureRow(random, row, deployment, moment, shared);
  const cached = lot > 0.98 && !isEmbedding(deployment);
  const { firstMs, totalMs } = latencies(random, request.contextTokens, request.generatedTokens);
  const done = ended(
    successRow(request, row, deployment, cached, shared),
    moment,
    isEmbedding(deployment) ? null : cached ? 4 : firstMs,
    cached ? 9 : totalMs,
  );
  if (cached) return asCacheHit(done, random, moment);
  const final = lot < 0.015 ? withoutUsage(done) : done;
  return place < 40 ? { ...final, status: null } : final;
}
