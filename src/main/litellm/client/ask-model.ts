import * as z from 'zod';
import { redact } from '../../../shared/redact';
import { say } from '../../kernel/say';
import { type LitellmAddress, requestHeaders } from './client';
import { createTransport, type Exchange, ExchangeError } from './exchange';
import { endpointUrl } from './proxy-url';
import { readRefusal } from './remote-refusal';

/** How a model is asked: for the next word, or for the place of one in its space. */
export type ModelMode = 'chat' | 'embedding';

/** What became of one request to a model. `no_answer`: it may have been done, and cost what it costs, all the same. */
export interface ModelReply {
  readonly outcome: 'answered' | 'refused' | 'no_answer';
  readonly latencyMs: number;
  /** As LiteLLM names what answered; NULL where it does not. */
  readonly answeredBy: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly status: number | null;
  /** What LiteLLM, or the way to it, said instead of an answer; without secrets. */
  readonly said: string | null;
}

const longestName = 255;
const tokens = z.int().min(0).nullish();
const answer = z.object({
  model: z.string().nullish(),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish(),
});
const answers = {
  chat: answer.extend({ choices: z.array(z.unknown()).min(1) }),
  embedding: answer.extend({ data: z.array(z.unknown()).min(1) }),
} as const;

/** The smallest there is: one word asked, at most one token answered. */
const questions = {
  chat: {
    path: '/v1/chat/completions',
    body: { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 },
  },
  embedding: { path: '/v1/embeddings', body: { input: 'Hi' } },
} as const satisfies Record<ModelMode, unknown>;

/**
 * Asks a model one thing, once, with a key that need not be the console's.
 * @throws AppError `validation` where the key cannot be sent; cancelled.
 */
export async function askModel(
  address: LitellmAddress,
  model: string,
  mode: ModelMode,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ModelReply> {
  const { path, body } = questions[mode];
  const headers = requestHeaders(address);
  const transport = createTransport(address.ca, address.httpProxy ?? null);
  const url = endpointUrl(address.baseUrl, path, {});
  const begun = performance.now();
  const passed = (): number => Math.round(performance.now() - begun);
  try {
    const text = JSON.stringify({ model, ...body });
    return replyOf(await transport.post(url, headers, text, timeoutMs, signal), mode, address, passed());
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    return { ...nothing, outcome: 'no_answer', latencyMs: passed(), said: error.message };
  } finally {
    transport.close();
  }
}

const nothing = { answeredBy: null, inputTokens: null, outputTokens: null, status: null, said: null };

function replyOf(
  { status, body }: Exchange,
  mode: ModelMode,
  { apiKey }: LitellmAddress,
  latencyMs: number,
): ModelReply {
  if (status >= 300 && status < 400) {
    return { ...nothing, outcome: 'no_answer', latencyMs, status, said: say('litellm.cause.redirect') };
  }
  if (status < 200 || status >= 400) {
    // A proxy may echo the key it was sent, also one that does not look like a key: out before anything is cut.
    const said = readRefusal(status, body.replaceAll(apiKey, '…')).message;
    return { ...nothing, outcome: 'refused', latencyMs, status, said };
  }
  const read = answers[mode].safeParse(parsed(body));
  if (!read.success) {
    return { ...nothing, outcome: 'no_answer', latencyMs, status, said: say('litellm.cause.form') };
  }
  const { model, usage } = read.data;
  return {
    outcome: 'answered',
    latencyMs,
    answeredBy: redact((model ?? '').replaceAll(apiKey, '…')).slice(0, longestName) || null,
    inputTokens: usage?.prompt_tokens ?? null,
    outputTokens: usage?.completion_tokens ?? (mode === 'embedding' ? 0 : null),
    status,
    said: null,
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
