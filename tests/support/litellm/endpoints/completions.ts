import type { Call, Endpoint } from '../context';
import { proxyException } from '../http/failures';
import type { JsonObject } from '../state';

const everyModel = ['all-proxy-models', 'all-team-models', '*'];

/** The model that a caller asks for, if its key may; an empty list is all of them. */
function askedModel({ state, caller, body }: Call): string {
  const { model } = body as { readonly model?: unknown };
  const name = typeof model === 'string' ? model : '';
  const allowed = caller.key?.models ?? [];
  if (allowed.length > 0 && !allowed.includes(name) && !allowed.some((each) => everyModel.includes(each))) {
    const message = `key not allowed to access model. This key can only access models=['${allowed.join("', '")}']. Tried to access ${name}`;
    throw proxyException(401, message, 'key_model_access_denied', 'model');
  }
  if (!state.models.some((deployment) => deployment.model_name === name)) {
    const message = `/chat/completions: Invalid model name passed in model=${name}. Call \`/v1/models\` to view available models for your key.`;
    throw proxyException(400, message, 'invalid_request_error', 'model');
  }
  return name;
}

function chat(call: Call): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: askedModel(call),
    choices: [{ index: 0, finish_reason: 'length', message: { role: 'assistant', content: 'Hi' } }],
    usage: { prompt_tokens: 8, completion_tokens: 1, total_tokens: 9 },
  };
}

function embed(call: Call): JsonObject {
  return {
    object: 'list',
    model: askedModel(call),
    data: [{ object: 'embedding', index: 0, embedding: [0.25, -0.5] }],
    usage: { prompt_tokens: 1, total_tokens: 1 },
  };
}

/** What a model answers at once, the same each time. */
export const completionEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: '/v1/chat/completions', access: 'any', handle: chat },
  { method: 'POST', path: '/v1/embeddings', access: 'any', handle: embed },
];
