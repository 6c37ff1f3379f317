import { addDecimals, compareDecimals, multiplyDecimals } from '../../../shared/decimal';
import { redact } from '../../../shared/redact';
import type { LitellmIds, UsageImportRow } from '../../usage-log/import-usage';
import { roundDecimal, truncate } from '../mapping/fields';
import { costScale, type SpendRow } from './spend-rows';
import { contentId } from '../mapping/content-id';

const maxMessage = 1000;
/** The latency column is an INTEGER: almost 25 days. */
const maxLatencyMs = 2 ** 31 - 1;

/** Who made a request and for what, in our ids; null where we know nobody. */
export interface Attribution {
  readonly apiKeyId: string | null;
  readonly userId: string | null;
  readonly teamId: string | null;
  readonly subscriptionId: string | null;
  readonly modelId: string;
  /** Why there is no subscription. */
  readonly reason: string;
}

/** Prices in USD per token that were valid at the time of the request. */
export interface Prices {
  readonly input: string | null;
  readonly output: string | null;
}

/** One row of LiteLLM's spend log as a row of ours (API reference §6.4, field map). */
export function mapSpend(row: SpendRow, attribution: Attribution, prices: Prices | null): UsageImportRow {
  const cost = splitCost(row, prices);
  const failed = row.status !== null && row.status !== 'success';
  const error = row.metadata.error_information;
  return {
    requestId: row.request_id,
    earlierRequestId: row.request_id.length > 255 ? contentId(row.request_id) : undefined,
    createdAt: row.startTime,
    apiKeyId: attribution.apiKeyId,
    subscriptionId: attribution.subscriptionId,
    userId: attribution.userId,
    teamId: attribution.teamId,
    modelId: attribution.modelId,
    requestTokens: Number(row.prompt_tokens ?? '0'),
    responseTokens: Number(row.completion_tokens ?? '0'),
    inputCost: cost.input,
    outputCost: cost.output,
    latencyMs: row.endTime === null ? null : latencyBetween(row.startTime, row.endTime),
    statusCode: failed ? failureStatus(error?.error_code ?? null) : 200,
    errorMessage: failed ? shortText(error?.error_message ?? error?.error_class ?? null) : null,
    metadata: metadataOf(row, attribution, cost.how),
    refusedByLitellm: failed && isRefusal(row),
    litellmIds: litellmIdsOf(row),
    unattributedReason: attribution.reason,
  };
}

/**
 * Splits what a request cost into input and output; together they are always exactly what LiteLLM counted, at 12
 * decimals. By LiteLLM's own breakdown, else by the ratio of the prices, else all in input.
 */
export function splitCost(
  row: Pick<SpendRow, 'spend' | 'prompt_tokens' | 'completion_tokens' | 'metadata'>,
  prices: Prices | null,
): { input: string; output: string; how: 'breakdown' | 'ratio' | 'none' } {
  const total = roundDecimal(row.spend ?? '0', costScale);
  const breakdown = row.metadata.cost_breakdown?.input_cost ?? null;
  const ratio = breakdown === null ? inputShare(row, prices, total) : null;
  const input = roundDecimal(breakdown ?? ratio ?? total, costScale);
  const output = addDecimals(total, input.startsWith('-') ? input.slice(1) : `-${input}`);
  // A discount or a fee may make the parts disagree with the total: then they are no split of it.
  const isSplit = compareDecimals(input, '0') >= 0 && compareDecimals(output, '0') >= 0;
  if (!isSplit) return { input: total, output: '0', how: 'none' };
  return { input, output, how: breakdown !== null ? 'breakdown' : ratio !== null ? 'ratio' : 'none' };
}

/** The part of `total` that the input tokens cost at these prices; null where the prices do not tell. */
function inputShare(
  row: Pick<SpendRow, 'prompt_tokens' | 'completion_tokens'>,
  prices: Prices | null,
  total: string,
): string | null {
  if (prices === null || prices.input === null || prices.output === null) return null;
  const input = multiplyDecimals(row.prompt_tokens ?? '0', prices.input);
  const both = addDecimals(input, multiplyDecimals(row.completion_tokens ?? '0', prices.output));
  if (compareDecimals(both, '0') <= 0 || compareDecimals(input, '0') < 0) return null;
  return divideDecimals(multiplyDecimals(total, input), both, costScale);
}

function divideDecimals(dividend: string, divisor: string, scale: number): string {
  const digits = Math.max(fractionLength(dividend), fractionLength(divisor));
  const units = (text: string): bigint => BigInt(multiplyDecimals(text, `1e${digits}`));
  return multiplyDecimals(
    ((units(dividend) * 10n ** BigInt(scale)) / units(divisor)).toString(),
    `1e-${scale}`,
  );
}

function fractionLength(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}

/** Milliseconds, never below zero; null where it is longer than any request takes. */
function latencyBetween(start: string, end: string): number | null {
  const milliseconds = Math.round((microseconds(end) - microseconds(start)) / 1000);
  return milliseconds > maxLatencyMs ? null : Math.max(0, milliseconds);
}

function microseconds(instant: string): number {
  return Date.parse(`${instant.slice(0, 19)}Z`) * 1000 + Number(instant.slice(20, 26));
}

function failureStatus(code: string | null): number {
  const status = Number(code);
  return code !== null && Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500;
}

/**
 * Whether LiteLLM itself turned the request away (budget, rate limit, key, model): its error blames the caller and names
 * no provider, and no provider is logged.
 */
function isRefusal({ custom_llm_provider: provider, metadata }: SpendRow): boolean {
  const error = metadata.error_information;
  if (error === null || !/^4\d\d$/.test(error.error_code ?? '')) return false;
  return (provider ?? '') === '' && (error.llm_provider ?? '') === '';
}

/** What may be pasted where an id is meant is a key: its text is kept nowhere. */
function litellmIdsOf(row: SpendRow): LitellmIds {
  const id = (text: string | null): string | null => (text === null || text === '' ? null : redact(text));
  return {
    userId: id(row.user) ?? id(row.metadata.user_api_key_user_id),
    teamId: id(row.team_id) ?? id(row.metadata.user_api_key_team_id),
    keyId: keyHash(row.api_key),
    modelGroup: id(row.model_group),
  };
}

function shortText(text: string | null): string | null {
  return text === null ? null : truncate(redact(text.trim()), maxMessage);
}

/** What else is worth keeping of a request. Not its price entry, its trace, or any text of it. */
function metadataOf(row: SpendRow, attribution: Attribution, costSplit: string): Record<string, string> {
  const known: Record<string, string | null> = {
    source: 'litellm',
    spend: row.spend,
    cost_split: costSplit,
    call_type: row.call_type,
    provider: row.custom_llm_provider,
    model: row.model === attribution.modelId ? null : row.model,
    cache_hit: row.cache_hit === 'True' ? 'true' : null,
    end_user: row.end_user,
    session_id: row.session_id,
    key_hash: attribution.apiKeyId === null ? keyHash(row.api_key) : null,
    key_alias: attribution.apiKeyId === null ? row.metadata.user_api_key_alias : null,
    error_class: row.metadata.error_information?.error_class ?? null,
  };
  const present = Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(present.map(([name, value]) => [name, truncate(redact(value), 255)]));
}

/** The hash by which a deleted key can still be told; anything else might be a key in plain text. */
function keyHash(apiKey: string | null): string | null {
  return apiKey !== null && /^[0-9a-f]{64}$/.test(apiKey) ? apiKey : null;
}
