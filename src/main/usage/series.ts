import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import type { CheckedInputOf, Contract, ResultOf } from '../../shared/contract/index';
import {
  longestComparedDays,
  seriesRole,
  type UsageFigures,
  usageFigures,
} from '../../shared/contract/usage';
import { calendarDay } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { fitChart } from './chart-shape';
import { readReferences } from '../records/record-source';
import { dimensions } from './dimensions';
import { readFreshness } from './freshness';
import { type Bucket, bucketsOf, checkRange, dayCount, previousRange } from './range';
import { noUsage, rankings, summedFigures, usageRelation } from './usage-source';

type SeriesInput = CheckedInputOf<Contract['usage']['series']>;
type Series = ResultOf<Contract['usage']['series']>['series'];
type Role = z.infer<typeof seriesRole>;
const point = usageFigures.extend({ start: calendarDay, role: seriesRole, id: z.string().nullable() });
type Point = z.infer<typeof point>;

/** Usage over time: one series, or the largest of a dimension, the rest, and what has no such relation. */
export const usageSeries: Handler<Contract['usage']['series']> = async (
  input,
  { signal, workspace: { database } },
) => {
  checkRange(input.range);
  return database.read(signal, async (connection) => {
    const ranked = await readRanked(connection, input);
    const compared = input.compare === 'previous' && dayCount(input.range) <= longestComparedDays;
    const { bucket, top } = fitChart(
      input,
      { ...ranked, compared },
      (size) => bucketsOf(input.range, size).length,
    );
    const buckets = bucketsOf(input.range, bucket);
    const shown = ranked.largest.slice(0, top);
    const points = await readPoints(connection, input, bucket, shown);
    return {
      bucket,
      buckets,
      series: toSeries(buckets, points, await readLabels(connection, input, shown), shown),
      previous: compared ? await readPrevious(connection, input, bucket, buckets) : null,
      freshness: await readFreshness(connection),
    };
  });
};

interface Ranked {
  /** The largest ids, at most as many as asked for. */
  readonly largest: readonly string[];
  readonly items: number;
  readonly hasNone: boolean;
}

async function readRanked({ select }: Connection, input: SeriesInput): Promise<Ranked> {
  if (input.split === undefined) return { largest: [], items: 0, hasNone: true };
  const { column } = dimensions[input.split];
  const rows = await select(
    z.strictObject({ id: z.string().nullable(), items: z.int(), hasNone: z.boolean() }),
    sql`
      WITH ranked AS (
        SELECT ${column} AS id, ${rankings[input.by]} AS weight
        FROM ${usageRelation(input.range, input.filters, { byDay: false })}
        GROUP BY 1 HAVING sum(usage.requests) > 0
      )
      SELECT id, (SELECT count(id)::int FROM ranked) AS items,
        (SELECT coalesce(bool_or(id IS NULL), false) FROM ranked) AS "hasNone"
      FROM ranked ORDER BY id IS NULL, weight DESC, id LIMIT ${input.top}`,
  );
  return {
    largest: rows.flatMap(({ id }) => (id === null ? [] : [id])),
    items: rows[0]?.items ?? 0,
    hasNone: rows[0]?.hasNone ?? false,
  };
}

function readPoints(
  { select }: Connection,
  input: SeriesInput,
  bucket: Bucket,
  shown: readonly string[],
): Promise<Point[]> {
  const { role, id } = rolesOf(input, shown);
  const start = startOf(bucket, sql`usage.day`);
  return select(
    point,
    sql`
      SELECT ${start} AS start, ${role} AS role, ${id} AS id, ${summedFigures}
      FROM ${usageRelation(input.range, input.filters, { byDay: bucket !== 'month' })}
      GROUP BY 1, 2, 3 HAVING sum(usage.requests) > 0 ORDER BY 1`,
  );
}

function startOf(bucket: Bucket, day: SQL): SQL {
  return bucket === 'day' ? day : sql`date_trunc(${bucket}, (${day})::timestamp)::date`;
}

/**
 * The range before, each day moved into the place of the one a whole range later. Weeks and months would otherwise
 * begin in another place there, and a bucket would be compared with more or fewer days than it has.
 */
async function readPrevious(
  { select }: Connection,
  { range, filters }: SeriesInput,
  bucket: Bucket,
  buckets: readonly string[],
): Promise<{ range: SeriesInput['range']; points: UsageFigures[] }> {
  const before = previousRange(range);
  const start = startOf(bucket, sql`usage.day + ${dayCount(range)}::int`);
  const rows = await select(
    usageFigures.extend({ start: calendarDay }),
    sql`
      SELECT ${start} AS start, ${summedFigures} FROM ${usageRelation(before, filters, { byDay: true })}
      GROUP BY 1 HAVING sum(usage.requests) > 0`,
  );
  const byStart = new Map(rows.map(({ start: day, ...figures }) => [day, figures]));
  return { range: before, points: buckets.map((day) => byStart.get(day) ?? noUsage) };
}

function rolesOf({ split }: SeriesInput, shown: readonly string[]): { role: SQL; id: SQL } {
  if (split === undefined) return { role: sql`'all'`, id: sql`NULL` };
  const { column, source } = dimensions[split];
  const isShown = sql`${column} = ANY (${sql.param(shown)}::${sql.raw(source.idType)}[])`;
  return {
    role: sql`CASE WHEN ${column} IS NULL THEN 'none' WHEN ${isShown} THEN 'item' ELSE 'rest' END`,
    id: sql`CASE WHEN ${isShown} THEN ${column} END`,
  };
}

async function readLabels(
  connection: Connection,
  { split }: SeriesInput,
  shown: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (split === undefined || shown.length === 0) return new Map();
  const rows = await readReferences(connection, dimensions[split].source, shown);
  return new Map(rows.map((row) => [row.id, row.label]));
}

/** Items by size, then the rest, then what has no such relation; every bucket has a point. */
function toSeries(
  buckets: readonly string[],
  points: readonly Point[],
  labels: ReadonlyMap<string, string>,
  shown: readonly string[],
): Series {
  const found = new Map<string, Map<string, UsageFigures>>();
  for (const { start, role, id, ...figures } of points) {
    const name = seriesName(role, id);
    const byStart = found.get(name) ?? new Map<string, UsageFigures>();
    found.set(name, byStart.set(start, figures));
  }
  const wanted: { role: Role; id: string | null }[] = [
    ...shown.map((id) => ({ role: 'item' as const, id })),
    { role: 'rest', id: null },
    { role: 'none', id: null },
    { role: 'all', id: null },
  ];
  const isEmpty = found.size === 0 && shown.length === 0;
  return wanted.flatMap(({ role, id }) => {
    const byStart = found.get(seriesName(role, id));
    if (!byStart && !(isEmpty && role === 'all')) return [];
    const label = id === null ? null : (labels.get(id) ?? null);
    return [{ id, role, label, points: buckets.map((start) => byStart?.get(start) ?? noUsage) }];
  });
}

const seriesName = (role: Role, id: string | null): string => `${role} ${id ?? ''}`;
