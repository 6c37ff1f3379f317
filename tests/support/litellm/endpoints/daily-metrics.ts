import type { DailyRow } from './daily-rows';

/** The nine figures that stand wherever LiteLLM writes `metrics`. */
export interface Metrics {
  spend: number;
  prompt_tokens: number;
  completion_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
  total_tokens: number;
  successful_requests: number;
  failed_requests: number;
  api_requests: number;
}

/** Metrics of nothing. */
export function zeroMetrics(): Metrics {
  return {
    spend: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    total_tokens: 0,
    successful_requests: 0,
    failed_requests: 0,
    api_requests: 0,
  };
}

/** Adds one daily row to metrics in place. */
export function addToMetrics(metrics: Metrics, row: DailyRow): void {
  metrics.spend += row.spend;
  metrics.prompt_tokens += row.promptTokens;
  metrics.completion_tokens += row.completionTokens;
  metrics.total_tokens += row.promptTokens + row.completionTokens;
  metrics.successful_requests += row.successfulRequests;
  metrics.failed_requests += row.failedRequests;
  metrics.api_requests += row.successfulRequests + row.failedRequests;
}
