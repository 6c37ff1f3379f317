import type { Call, Endpoint } from '../context';
import { httpException } from '../http/failures';
import { pageOf } from '../http/paging';
import { QueryReader } from '../http/query-reader';
import type { ProxyState } from '../state';
import { addToMetrics, zeroMetrics, type Metrics } from './daily-metrics';
import { dailyRows, type DailyRow } from './daily-rows';

interface Breakdown {
  metrics: Metrics;
  metadata: Record<string, unknown>;
  api_key_breakdown?: Record<string, Breakdown>;
}

type EntityKind = 'user' | 'team';

const dayMs = 86_400_000;

function keyMetadata(state: ProxyState, token: string): Record<string, unknown> {
  const key = state.keys.get(token);
  return { key_alias: key?.key_alias ?? null, team_id: key?.team_id ?? null };
}

function addTo(
  group: Record<string, Breakdown>,
  name: string,
  row: DailyRow,
  metadata: Record<string, unknown>,
): Breakdown {
  const entry = (group[name] ??= { metrics: zeroMetrics(), metadata });
  addToMetrics(entry.metrics, row);
  return entry;
}

/** Adds a row to an entry and to the entry's own list of keys. */
function addWithKeys(
  state: ProxyState,
  group: Record<string, Breakdown>,
  name: string,
  row: DailyRow,
  metadata: Record<string, unknown> = {},
): void {
  const entry = addTo(group, name, row, metadata);
  entry.api_key_breakdown ??= {};
  addTo(entry.api_key_breakdown, row.apiKey, row, keyMetadata(state, row.apiKey));
}

function entityOf(
  state: ProxyState,
  row: DailyRow,
  kind: EntityKind,
): { id: string; metadata: Record<string, unknown> } {
  if (kind === 'user') return { id: row.userId, metadata: {} };
  return { id: row.teamId, metadata: { team_alias: state.teams.get(row.teamId)?.team_alias ?? null } };
}

function dayResult(state: ProxyState, date: string, rows: readonly DailyRow[], kind: EntityKind): unknown {
  const metrics = zeroMetrics();
  const breakdown = {
    mcp_servers: {},
    models: {} as Record<string, Breakdown>,
    model_groups: {} as Record<string, Breakdown>,
    providers: {} as Record<string, Breakdown>,
    endpoints: {} as Record<string, Breakdown>,
    api_keys: {} as Record<string, Breakdown>,
    entities: {} as Record<string, Breakdown>,
  };
  for (const row of rows) {
    addToMetrics(metrics, row);
    addWithKeys(state, breakdown.models, row.model, row);
    if (row.modelGroup !== '') addWithKeys(state, breakdown.model_groups, row.modelGroup, row);
    addWithKeys(state, breakdown.providers, row.provider, row);
    addWithKeys(state, breakdown.endpoints, row.endpoint, row);
    addTo(breakdown.api_keys, row.apiKey, row, keyMetadata(state, row.apiKey));
    const entity = entityOf(state, row, kind);
    addWithKeys(state, breakdown.entities, entity.id, row, entity.metadata);
  }
  return { date, metrics, breakdown };
}

/** The answer for a page of underlying rows: a date that the page cuts comes again on the next one. */
function activityAnswer(
  state: ProxyState,
  rows: readonly DailyRow[],
  kind: EntityKind,
  page: number,
  totalPages: number,
): unknown {
  const dates = [...new Set(rows.map((row) => row.date))];
  const total = zeroMetrics();
  for (const row of rows) addToMetrics(total, row);
  return {
    results: dates.map((date) =>
      dayResult(
        state,
        date,
        rows.filter((row) => row.date === date),
        kind,
      ),
    ),
    metadata: {
      total_spend: total.spend,
      total_prompt_tokens: total.prompt_tokens,
      total_completion_tokens: total.completion_tokens,
      total_tokens: total.total_tokens,
      total_api_requests: total.api_requests,
      total_successful_requests: total.successful_requests,
      total_failed_requests: total.failed_requests,
      total_cache_read_input_tokens: 0,
      total_cache_creation_input_tokens: 0,
      page,
      total_pages: totalPages,
      has_more: page < totalPages,
    },
  };
}

function shiftedDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The days asked for. A `timezone` widens them by a whole day, which overstates: the reference says not to send it. */
function askedDays(call: Call, query: QueryReader): { from: string; to: string } {
  const from = query.text('start_date');
  const to = query.text('end_date');
  const timezone = query.integer('timezone', 0, -1_440, 1_440);
  query.check();
  const isDate = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!isDate(from) || !isDate(to))
    throw httpException(400, { error: 'Please provide start_date and end_date' });
  if (timezone === 0 || !call.profile.dailyActivityTimezone) return { from, to };
  return timezone > 0 ? { from, to: shiftedDate(to, 1) } : { from: shiftedDate(from, -1), to };
}

function askedRows(call: Call, query: QueryReader): DailyRow[] {
  const { from, to } = askedDays(call, query);
  const { now, switches } = call.proxy;
  const [model, apiKey, userId] = [query.text('model'), query.text('api_key'), query.text('user_id')];
  return dailyRows(call.state, switches.lossyDailyTables, now().getTime() - switches.spendLagMs)
    .filter((row) => row.date >= from && row.date <= to)
    .filter((row) => model === null || row.model === model)
    .filter((row) => apiKey === null || row.apiKey === apiKey)
    .filter((row) => userId === null || row.userId === userId);
}

function userActivity(call: Call): unknown {
  const query = new QueryReader(call.query);
  const page = query.integer('page', 1, 1);
  const pageSize = query.integer('page_size', 50, 1, 1000);
  const part = pageOf(askedRows(call, query), page, pageSize);
  return activityAnswer(call.state, part.rows, 'user', page, part.totalPages);
}

function aggregatedUserActivity(call: Call): unknown {
  return activityAnswer(call.state, askedRows(call, new QueryReader(call.query)), 'user', 1, 1);
}

function teamActivity(call: Call): unknown {
  const query = new QueryReader(call.query);
  const page = query.integer('page', 1, 1);
  const pageSize = query.integer('page_size', 10, 1, 1000);
  const wanted = query.text('team_ids')?.split(',') ?? null;
  const excluded = query.text('exclude_team_ids')?.split(',') ?? [];
  const rows = askedRows(call, query)
    .filter((row) => row.teamId !== '' && !excluded.includes(row.teamId))
    .filter((row) => wanted === null || wanted.includes(row.teamId));
  const part = pageOf(rows, page, pageSize);
  return activityAnswer(call.state, part.rows, 'team', page, part.totalPages);
}

export const dailyActivityEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/user/daily/activity', access: 'read', handle: userActivity },
  {
    method: 'GET',
    path: '/user/daily/activity/aggregated',
    access: 'read',
    exists: (profile) => profile.dailyActivityAggregated,
    handle: aggregatedUserActivity,
  },
  { method: 'GET', path: '/team/daily/activity', access: 'read', handle: teamActivity },
];
