import { sql, type SQL } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { nameOrder } from '../records/list-query';
import { anyOf, containing, parseSearch, type Search } from '../records/search-text';
import { dimensions } from './dimensions';
import { previousRange, type UsageRange } from './range';
import { figuresAsJson, noUsage, summedFigures, usageRelation } from './usage-source';

export type BreakdownInput = CheckedInputOf<Contract['usage']['breakdown']>;
type SortField = NonNullable<BreakdownInput['sort']>['field'];

const sortExpressions: Record<SortField, SQL> = {
  requests: sql`grouped.requests`,
  tokens: sql`grouped."inputTokens" + grouped."outputTokens"`,
  cost: sql`grouped.cost`,
  errors: sql`grouped.errors`,
  label: sql`named.label ${nameOrder}`,
};

/** The breakdown's groups before paging. */
export interface BreakdownSource {
  /** CTE with one row per id of the dimension. */
  readonly grouped: SQL;
  /** `grouped` joined with its labels, where sorting or searching needs them for every group. */
  readonly from: SQL;
  readonly where: SQL;
  readonly orderBy: SQL;
  /** Joins `named` (id, label) to a relation with an `id`. */
  readonly labelJoin: (relation: string) => SQL;
}

/** What the breakdown and its export have in common; by default the most requests first. */
export function breakdownSource(input: BreakdownInput): BreakdownSource {
  const { sort = { field: 'requests', direction: 'desc' }, filters } = input;
  const { column, source } = dimensions[filters.dimension];
  const search = parseSearch(input.search);
  const labelJoin = (relation: string): SQL => sql`
    LEFT JOIN LATERAL (SELECT ${source.label} AS label FROM ${source.from} WHERE ${source.id} = ${sql.raw(relation)}.id)
      AS named ON true`;
  const needsLabels = sort.field === 'label' || search.kind === 'text';
  const way = sort.direction === 'desc' ? sql`DESC` : sql`ASC`;
  return {
    grouped:
      filters.compare === undefined
        ? sql`SELECT now.*, NULL::jsonb AS previous FROM (${groupedBy(column, filters.range, filters)}) AS now`
        : comparedGroups(column, filters),
    from: needsLabels ? sql`grouped ${labelJoin('grouped')}` : sql`grouped`,
    where: searchCondition(search, filters.dimension),
    orderBy: sql`${sortExpressions[sort.field]} ${way} NULLS LAST, grouped.id ${way} NULLS LAST`,
    labelJoin,
  };
}

/** What each id of a dimension used in a range. */
function groupedBy(column: SQL, range: UsageRange, { usage }: Pick<BreakdownInput['filters'], 'usage'>): SQL {
  return sql`
    SELECT ${column} AS id, ${summedFigures} FROM ${usageRelation(range, usage, { byDay: false })}
    GROUP BY ${column} HAVING sum(usage.requests) > 0`;
}

/** What each id used in the range and in the one before; an id may have used something in one of them only. */
function comparedGroups(column: SQL, filters: BreakdownInput['filters']): SQL {
  return sql`
    SELECT id,
      coalesce(max(requests) FILTER (WHERE is_now), 0) AS requests,
      coalesce(max(errors) FILTER (WHERE is_now), 0) AS errors,
      coalesce(max("inputTokens") FILTER (WHERE is_now), 0) AS "inputTokens",
      coalesce(max("outputTokens") FILTER (WHERE is_now), 0) AS "outputTokens",
      coalesce(max(cost) FILTER (WHERE is_now), 0) AS cost,
      max("averageLatencyMs") FILTER (WHERE is_now) AS "averageLatencyMs",
      coalesce((array_agg(${figuresAsJson(sql`either`)}) FILTER (WHERE NOT is_now))[1],
        ${JSON.stringify(noUsage)}::jsonb) AS previous
    FROM (
      SELECT *, true AS is_now FROM (${groupedBy(column, filters.range, filters)}) AS now
      UNION ALL
      SELECT *, false FROM (${groupedBy(column, previousRange(filters.range), filters)}) AS before
    ) AS either
    GROUP BY id`;
}

/**
 * A record that was deleted has no label any more: its id can be searched for. Ids of records that have a name are
 * not searched, or two letters would find people by the digits of their UUID; a model's id is a name itself.
 */
function searchCondition(search: Search, dimension: BreakdownInput['filters']['dimension']): SQL {
  switch (search.kind) {
    case 'none':
      return sql`true`;
    case 'key': {
      const { id, from, ofKey } = dimensions[dimension].source;
      return sql`grouped.id IN (SELECT ${id} FROM ${from} WHERE ${ofKey(search.keyHash)})`;
    }
    case 'text': {
      const searchedId =
        dimension === 'model'
          ? sql`grouped.id`
          : sql`CASE WHEN named.label IS NULL THEN grouped.id::text END`;
      return anyOf(containing(search, [sql`named.label`, searchedId]));
    }
  }
}
