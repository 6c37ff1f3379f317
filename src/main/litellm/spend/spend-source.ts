import type { LitellmClient } from '../client/client';
import { isAbsentEndpoint, refusedStatus } from '../client/failures';
import { spendList, spendPage, spendRow, type SpendRow } from './spend-rows';
import { type CheckedRows, checkRows } from '../mapping/values';

const spendTimeoutMs = 60_000;
const pageSizes = { large: 1000, small: 100 } as const;
const parallelPages = 4;
export const dayMs = 86_400_000;
/** Late releases count no further, and below this a slice is read without being halved (API reference §6.4). */
export const mostRowsPerSlice = 10_000;

/** A stretch of time, whole seconds, in milliseconds since 1970. */
export interface Slice {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface FirstPage {
  /** Rows in the slice; a lower bound when `capped`. */
  readonly total: number;
  readonly capped: boolean;
  /** The whole slice, page by page. `truncated` when the proxy leaves rows out and cannot be made to show them. */
  rows(): AsyncGenerator<CheckedRows<SpendRow>>;
  readonly truncated: boolean;
}

/** The spend log of a proxy, over the best of its endpoints. */
export interface SpendSource {
  /** True when only whole days can be asked for. */
  readonly wholeDays: boolean;
  /** Reads the first page of a slice and says how large it is. */
  open(slice: Slice, signal: AbortSignal): Promise<FirstPage>;
}

const pagedPaths = ['/spend/logs/v2', '/spend/logs/ui'] as const;

/**
 * Finds out what the proxy can do as it goes: `/spend/logs/v2`, its older twin `/spend/logs/ui`, else the deprecated
 * `/spend/logs` one day at a time; pages of 1000 rows, or 100 where that is refused.
 */
export function createSpendSource(client: LitellmClient): SpendSource {
  let paths: readonly string[] = pagedPaths;
  let size: number = pageSizes.large;

  async function readPage(slice: Slice, page: number, signal: AbortSignal) {
    for (;;) {
      const [path] = paths;
      if (path === undefined) return null;
      const query = {
        start_date: secondText(slice.fromMs),
        end_date: secondText(slice.toMs),
        page,
        page_size: size,
        // Ignored before 1.81.12; in a slice that has ended the order does not matter.
        sort_by: 'startTime',
        sort_order: 'asc',
      };
      try {
        const { value } = await client.read({
          path,
          query,
          schema: spendPage,
          timeoutMs: spendTimeoutMs,
          signal,
        });
        return value;
      } catch (error) {
        const status = refusedStatus(error);
        if (isAbsentEndpoint(error) && page === 1) paths = paths.slice(1);
        else if ((status === 422 || status === 400) && size > pageSizes.small && page === 1)
          size = pageSizes.small;
        else throw error;
      }
    }
  }

  async function* pagesOf(
    slice: Slice,
    first: NonNullable<Awaited<ReturnType<typeof readPage>>>,
    signal: AbortSignal,
  ): AsyncGenerator<CheckedRows<SpendRow>> {
    yield checkRows(spendRow, first.data);
    const total = first.total ?? 0;
    // What stands between may give smaller pages than were asked for: then only `total` tells how many there are.
    const given = first.data.length < Math.min(total, size) ? first.data.length : size;
    const expected = given === 0 ? 0 : Math.ceil(total / given);
    const mayFollow = (page: number): boolean =>
      given === size || first.total_is_capped === true || page < expected;
    let full = given > 0 && first.data.length === given;
    // `total` may be capped or rows may have come since: the end is a page that is not full.
    for (let next = 2; full;) {
      const numbers = range(next, Math.max(next, Math.min(expected, next + parallelPages - 1)));
      const pages = await Promise.all(numbers.map((page) => readPage(slice, page, signal)));
      next += numbers.length;
      for (const page of pages) {
        yield checkRows(spendRow, page?.data ?? []);
        full = page?.data.length === given && mayFollow(next - 1);
      }
    }
  }

  return {
    get wholeDays() {
      return paths.length === 0;
    },
    async open(slice, signal) {
      const first = await readPage(slice, 1, signal);
      if (first === null) return readDay(client, slice, signal);
      const total = Math.max(first.total ?? 0, first.data.length);
      return {
        total,
        capped: first.total_is_capped === true,
        truncated: false,
        rows: () => pagesOf(slice, first, signal),
      };
    },
  };
}

/** `end_date` means its midnight, so the day after is asked for; never without both dates (API reference §1.6). */
async function readDay(client: LitellmClient, slice: Slice, signal: AbortSignal): Promise<FirstPage> {
  const day = Math.floor(slice.fromMs / dayMs) * dayMs;
  const query = { start_date: dayText(day), end_date: dayText(day + dayMs), summarize: false };
  const request = { path: '/spend/logs', query, schema: spendList, timeoutMs: spendTimeoutMs, signal };
  const { value, headers } = await client.read(request);
  const checked = checkRows(spendRow, value);
  return {
    total: value.length,
    capped: false,
    truncated: headers['x-litellm-spend-logs-truncated'] !== undefined,
    async *rows() {
      yield checked;
    },
  };
}

function secondText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

function dayText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
