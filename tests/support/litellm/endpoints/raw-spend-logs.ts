import { Reply, type Call } from '../context';
import { proxyException } from '../http/failures';
import { PythonFloat } from '../http/python-json';
import { QueryReader } from '../http/query-reader';
import type { SpendRow } from '../state';
import { shownSpendRow } from './spend-rows';
import { allWrittenRows, writtenRows } from './spend-table';

function dayOf(text: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw proxyException(400, `time data '${text}' does not match format '%Y-%m-%d'`, 'bad_request_error');
  }
  return milliseconds * 1000;
}

function add(sums: Record<string, PythonFloat>, name: string, amount: number): void {
  sums[name] = new PythonFloat((sums[name]?.value ?? 0) + amount);
}

/** One object per day: the sums of keys stand beside `startTime` and `spend`, users and models below. */
function summarise(rows: readonly SpendRow[]): unknown[] {
  const days = new Map<
    string,
    {
      keys: Record<string, PythonFloat>;
      users: Record<string, PythonFloat>;
      models: Record<string, PythonFloat>;
      spend: number;
    }
  >();
  for (const row of rows) {
    const date = row.startTime.slice(0, 10);
    const day = days.get(date) ?? { keys: {}, users: {}, models: {}, spend: 0 };
    day.spend += row.spend;
    add(day.keys, row.api_key, row.spend);
    add(day.users, row.user, row.spend);
    add(day.models, row.model, row.spend);
    days.set(date, day);
  }
  return [...days].map(([startTime, { keys, users, models, spend }]) => ({
    startTime,
    spend,
    ...keys,
    users,
    models,
  }));
}

/**
 * The deprecated `GET /spend/logs`. Dates count only when both are given, and the end date means its midnight, so the
 * last day is missing. Without dates and filters it answers the whole table: a violation.
 */
export function rawSpendLogs(call: Call): unknown {
  const query = new QueryReader(call.query);
  const summarised = query.flag('summarize', true);
  query.check();
  const [apiKey, userId, requestId] = [
    query.text('api_key'),
    query.text('user_id'),
    query.text('request_id'),
  ];
  const [startDate, endDate] = [query.text('start_date'), query.text('end_date')];
  const dated = startDate !== null && endDate !== null;
  const filtered = apiKey !== null || userId !== null || requestId !== null;
  if (!dated && !filtered) call.proxy.recorder.violation(call.recorded);

  const writtenBeforeMs = call.proxy.now().getTime() - call.proxy.switches.spendLagMs;
  const inRange = dated
    ? writtenRows(
        call.state,
        { fromMicroseconds: dayOf(startDate), toMicroseconds: dayOf(endDate) },
        writtenBeforeMs,
      )
    : allWrittenRows(call.state, writtenBeforeMs);
  const rows = inRange
    .filter((row) => apiKey === null || row.api_key === apiKey)
    .filter((row) => userId === null || row.user === userId)
    .filter((row) => requestId === null || row.request_id === requestId);
  if (dated && summarised) return summarise(rows);

  const cap = call.profile.rawSpendLogsCap;
  const newest = cap === null ? rows : rows.slice(-cap);
  const body = newest.map((row) => shownSpendRow(row, call.profile));
  return newest.length < rows.length ? new Reply(body, { 'x-litellm-spend-logs-truncated': 'true' }) : body;
}
