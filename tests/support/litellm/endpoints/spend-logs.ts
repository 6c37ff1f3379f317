import type { Call, Endpoint } from '../context';
import { proxyException } from '../http/failures';
import { rotated, sortedBy } from '../http/paging';
import { QueryReader } from '../http/query-reader';
import { microsecondsOf } from '../instants';
import type { JsonObject, SpendRow } from '../state';
import { rawSpendLogs } from './raw-spend-logs';
import { shownSpendRow } from './spend-rows';
import { writtenRows } from './spend-table';

type Predicate = (row: SpendRow) => boolean;

const sortColumns: Readonly<Record<string, (row: SpendRow) => number>> = {
  spend: (row) => row.spend,
  total_tokens: (row) => row.total_tokens,
  startTime: (row) => microsecondsOf(row.startTime),
  endTime: (row) => microsecondsOf(row.endTime),
};

/** `YYYY-MM-DD HH:MM:SS`, for v2 also `YYYY-MM-DD` (its midnight); anything with `T` or `Z` is refused. */
function instantOf(text: string, allowsDate: boolean): number {
  const pattern = allowsDate
    ? /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?$/
    : /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
  const full = text.length === 10 ? `${text} 00:00:00` : text;
  const milliseconds = pattern.test(text) ? Date.parse(`${full.replace(' ', 'T')}Z`) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    const message = `Invalid date format: ${text}. Expected: YYYY-MM-DD HH:MM:SS`;
    throw proxyException(400, message, 'bad_request_error');
  }
  return milliseconds * 1000;
}

function objectIn(metadata: JsonObject, field: string): JsonObject {
  const value = metadata[field];
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

function equals(wanted: string | null, value: (row: SpendRow) => unknown): Predicate {
  return (row) => wanted === null || value(row) === wanted;
}

function containsText(wanted: string | null, value: (row: SpendRow) => unknown): Predicate {
  return (row) => {
    const text = value(row);
    return wanted === null || (typeof text === 'string' && text.includes(wanted));
  };
}

/** A row without a status is from an old release and was a success. */
function statusFilter(wanted: string | null): Predicate {
  return (row) => wanted === null || (row.status ?? 'success') === wanted;
}

function filtersOf(query: QueryReader): Predicate[] {
  const minimumSpend = query.decimal('min_spend');
  const maximumSpend = query.decimal('max_spend');
  return [
    equals(query.text('api_key'), (row) => row.api_key),
    equals(query.text('user_id'), (row) => row.user),
    equals(query.text('team_id'), (row) => row.team_id),
    equals(query.text('request_id'), (row) => row.request_id),
    equals(query.text('model'), (row) => row.model),
    equals(query.text('model_id'), (row) => row.model_id),
    equals(query.text('end_user'), (row) => row.end_user),
    containsText(query.text('key_alias'), (row) => row.metadata.user_api_key_alias),
    statusFilter(query.text('status_filter')),
    equals(query.text('error_code'), (row) => objectIn(row.metadata, 'error_information').error_code),
    containsText(
      query.text('error_message'),
      (row) => objectIn(row.metadata, 'error_information').error_message,
    ),
    (row) => minimumSpend === null || row.spend >= minimumSpend,
    (row) => maximumSpend === null || row.spend <= maximumSpend,
  ];
}

/** Always newest first before 1.81.12, whatever was asked for: the parameters are simply not read. */
function sortRows(call: Call, rows: SpendRow[], query: QueryReader): SpendRow[] {
  const { unstableOrder } = call.proxy.switches;
  const base = unstableOrder ? rotated(rows, call.recorded.number) : rows;
  if (!call.profile.spendSorting || (!call.query.has('sort_by') && !call.query.has('sort_order'))) {
    // The rows come oldest first, so only a turned order needs sorting.
    return unstableOrder ? sortedBy(base, (row) => microsecondsOf(row.startTime), 'desc') : base.toReversed();
  }
  const order = query.text('sort_order')?.toLowerCase() === 'asc' ? 'asc' : 'desc';
  const sortBy = query.text('sort_by') ?? 'startTime';
  const column = sortColumns[sortBy];
  if (!column) {
    const message = `Invalid sort_by: ${sortBy}. Must be one of: ${Object.keys(sortColumns).join(', ')}`;
    throw proxyException(400, message, 'bad_request_error', 'sort_by');
  }
  return sortedBy(base, column, order);
}

function listSpendLogs(call: Call, allowsDate: boolean): unknown {
  const query = new QueryReader(call.query);
  const page = query.integer('page', 1, 1);
  const pageSize = query.integer('page_size', 50, 1, call.profile.spendPageSizeMaximum);
  const filters = filtersOf(query);
  query.check();
  const startDate = query.text('start_date');
  const endDate = query.text('end_date');
  if (startDate === null || endDate === null) {
    throw proxyException(400, 'Start date and end date are required', 'bad_request_error');
  }
  const range = {
    fromMicroseconds: instantOf(startDate, allowsDate),
    toMicroseconds: instantOf(endDate, allowsDate),
  };
  const writtenBeforeMs = call.proxy.now().getTime() - call.proxy.switches.spendLagMs;
  const found = writtenRows(call.state, range, writtenBeforeMs).filter((row) =>
    filters.every((matches) => matches(row)),
  );
  const start = (page - 1) * pageSize;
  const rows = sortRows(call, found, query).slice(start, start + pageSize);
  return {
    data: rows.map((row) => shownSpendRow(row, call.profile)),
    ...countOf(call, found.length, page, pageSize),
  };
}

/** Late releases stop counting at a cap and say so; the rows beyond it are still there. */
function countOf(call: Call, found: number, page: number, pageSize: number): Record<string, unknown> {
  const cap = call.profile.spendTotalCap;
  const total = cap === null ? found : Math.min(found, cap);
  return {
    total,
    page,
    page_size: pageSize,
    total_pages: Math.ceil(total / pageSize),
    ...(cap === null ? {} : { total_is_capped: found > cap }),
  };
}

export const spendLogEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/spend/logs/v2',
    access: 'read',
    exists: (profile) => profile.spendLogsV2,
    handle: (call) => listSpendLogs(call, true),
  },
  { method: 'GET', path: '/spend/logs/ui', access: 'read', handle: (call) => listSpendLogs(call, false) },
  { method: 'GET', path: '/spend/logs', access: 'read', handle: rawSpendLogs },
];
