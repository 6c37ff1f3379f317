import type { ProxyState, SpendRow } from '../state';
import { microsecondsOf } from '../instants';

/** One row of LiteLLM's daily tables: what one user did on one UTC day with one key and one model. */
export interface DailyRow {
  readonly date: string;
  readonly userId: string;
  readonly teamId: string;
  readonly apiKey: string;
  readonly model: string;
  readonly modelGroup: string;
  readonly provider: string;
  readonly endpoint: string;
  spend: number;
  promptTokens: number;
  completionTokens: number;
  successfulRequests: number;
  failedRequests: number;
}

/** Every how many spend rows one is lost when daily tables are lossy. */
const lossInterval = 97;

function endpointOf(row: SpendRow): string {
  return row.call_type === 'aembedding' ? '/embeddings' : '/chat/completions';
}

function emptyDailyRow(row: SpendRow): DailyRow {
  return {
    date: row.startTime.slice(0, 10),
    userId: row.user,
    teamId: row.team_id,
    apiKey: row.api_key,
    model: row.model,
    modelGroup: row.model_group,
    provider: row.custom_llm_provider,
    endpoint: endpointOf(row),
    spend: 0,
    promptTokens: 0,
    completionTokens: 0,
    successfulRequests: 0,
    failedRequests: 0,
  };
}

/** The daily table, newest day first. Lossy: some requests never reach it, as the reference warns. */
export function dailyRows(state: ProxyState, lossy: boolean, writtenBeforeMs: number): DailyRow[] {
  const rows = new Map<string, DailyRow>();
  state.spend.forEach((row, place) => {
    if (lossy && place % lossInterval === 0) return;
    if (microsecondsOf(row.endTime) / 1000 > writtenBeforeMs) return;
    const blank = emptyDailyRow(row);
    const identity = [
      blank.date,
      blank.userId,
      blank.teamId,
      blank.apiKey,
      blank.model,
      blank.provider,
      blank.endpoint,
    ];
    const name = JSON.stringify(identity);
    const daily = rows.get(name) ?? blank;
    rows.set(name, daily);
    daily.spend += row.spend;
    daily.promptTokens += row.prompt_tokens;
    daily.completionTokens += row.completion_tokens;
    if (row.status === 'failure') daily.failedRequests += 1;
    else daily.successfulRequests += 1;
  });
  return [...rows.values()].sort((left, right) =>
    left.date < right.date ? 1 : left.date > right.date ? -1 : 0,
  );
}
