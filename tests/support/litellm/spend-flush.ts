import type { ProxyState, SpendRow } from './state';

/**
 * What LiteLLM does when a request's cost is written: the row joins the log, the counters of key, user and team grow and
 * their `updated_at` is set, although nobody changed a setting.
 */
export function flushSpend(state: ProxyState, row: SpendRow, writtenAt: string): void {
  state.spend.push(row);
  const bearers = [state.keys.get(row.api_key), state.users.get(row.user), state.teams.get(row.team_id)];
  for (const bearer of bearers) {
    if (!bearer) continue;
    bearer.spend += row.spend;
    bearer.updated_at = writtenAt;
  }
}
