import type { Contract, InputOf } from '../../../shared/contract/index';
import { usageDimensions, type UsageDimension } from '../../../shared/contract/usage';
import type { DayRange } from '../charts/calendar';
import { usageMetrics, type UsageMetric } from '../charts/usage-metric';
import { defaultPeriod, periodRange, rangeProblem, usagePeriods, type UsagePeriod } from './usage-period';

export type UsageFilters = InputOf<Contract['usage']['totals']>['filters'];

/** How many series a split chart shows beside the rest. */
export const topChoices = [3, 5, 10] as const;

const idFilters = ['userId', 'teamId', 'apiKeyId', 'subscriptionId'] as const;
const filterNames = ['modelId', ...idFilters] as const;
export type UsageFilterName = (typeof filterNames)[number];

/** What the usage screen shows; all of it stands in the URL. */
export interface UsageView {
  readonly period: UsagePeriod | 'custom';
  readonly range: DayRange;
  readonly filters: UsageFilters;
  readonly metric: UsageMetric;
  readonly split: UsageDimension | null;
  readonly top: (typeof topChoices)[number];
  readonly isTable: boolean;
  /** Beside the range before. */
  readonly isCompared: boolean;
  /** What the breakdown lists. */
  readonly by: UsageDimension;
}

const uuidPattern = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Reads the view from the URL. What an edited address got wrong is left out. */
export function readUsageView(params: URLSearchParams, timeZone: string, now: Date): UsageView {
  const one = <Value extends string>(name: string, values: readonly Value[]): Value | null =>
    values.find((value) => value === params.get(name)) ?? null;
  const custom = { from: params.get('from') ?? '', to: params.get('to') ?? '' };
  const isCustom = rangeProblem(custom) === null;
  const period = one('period', usagePeriods) ?? defaultPeriod;
  return {
    period: isCustom ? 'custom' : period,
    range: isCustom ? custom : periodRange(period, timeZone, now),
    filters: readFilters(params),
    metric: one('metric', usageMetrics) ?? 'requests',
    split: one('split', usageDimensions),
    top: topChoices.find((count) => String(count) === params.get('top')) ?? 5,
    isTable: params.get('view') === 'table',
    isCompared: params.get('compare') === 'previous',
    by: one('by', usageDimensions) ?? 'model',
  };
}

function readFilters(params: URLSearchParams): UsageFilters {
  const filters: UsageFilters = {};
  const modelId = params.get('modelId');
  if (modelId !== null && modelId !== '') filters.modelId = modelId.slice(0, 255);
  for (const name of idFilters) {
    const id = params.get(name);
    if (id !== null && uuidPattern.test(id)) filters[name] = id;
  }
  return filters;
}

/** Parameters to change; null removes one. A change of what is counted leads back to the breakdown's first page. */
export function writeUsageView(
  params: URLSearchParams,
  changes: Readonly<Record<string, string | null>>,
): URLSearchParams {
  const next = new URLSearchParams(params);
  next.delete('page');
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** Changes that choose a period: a preset leaves no custom days behind, and the other way round. */
export function periodChanges(choice: UsagePeriod | DayRange): Record<string, string | null> {
  return typeof choice === 'string'
    ? { period: choice === defaultPeriod ? null : choice, from: null, to: null }
    : { period: null, from: choice.from, to: choice.to };
}

export const noFilters: Readonly<Record<string, null>> = Object.fromEntries(
  filterNames.map((name) => [name, null]),
);

/** What a saved view of the screen keeps beside its list. */
export const savedUsageParams = [
  ...['period', 'from', 'to', 'metric', 'split', 'top', 'view', 'compare', 'by'],
  ...filterNames,
] as const;

/** Which filter narrows usage to one item of a dimension. */
export const filterOfDimension = {
  model: 'modelId',
  user: 'userId',
  team: 'teamId',
  apiKey: 'apiKeyId',
} as const satisfies Record<UsageDimension, UsageFilterName>;

/** The usage screen narrowed to one record, over the period a record's page shows. */
export function usagePath(filters: UsageFilters): string {
  const params = new URLSearchParams();
  for (const name of filterNames) {
    const id = filters[name];
    if (id !== undefined) params.set(name, id);
  }
  return `/usage?${params.toString()}`;
}
