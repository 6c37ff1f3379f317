import { type HealthFinding, type HealthGroup, healthGroups } from '../../../shared/contract/health';
import type { ApiError } from '../api/api-error';
import { useProcedureQuery } from '../api/use-procedure';

export type GroupQuery = ReturnType<typeof useGroup>;

const useGroup = (group: HealthGroup) =>
  useProcedureQuery('health', 'check', { group }, { staleTimeMs: 30_000 });

export interface HealthCheck {
  readonly groups: readonly { readonly group: HealthGroup; readonly query: GroupQuery }[];
  readonly isChecking: boolean;
  /** Groups that have answered or failed. */
  readonly done: number;
  readonly failed: number;
  /** Why no group at all could be checked; null when one could. */
  readonly failure: ApiError | null;
  /** Groups that do not apply to this database. */
  readonly skipped: number;
  readonly counts: Readonly<Record<HealthFinding['severity'], number>>;
  readonly total: number;
  /** When the oldest answer on the screen was made. */
  readonly checkedAt: string | null;
  checkAgain(): void;
}

/** All groups, each read on its own: what is quick shows at once, what fails does not take the rest with it. */
export function useHealthCheck(): HealthCheck {
  const queries: Readonly<Record<HealthGroup, GroupQuery>> = {
    schema: useGroup('schema'),
    indexes: useGroup('indexes'),
    partitions: useGroup('partitions'),
    capacity: useGroup('capacity'),
    tables: useGroup('tables'),
    sessions: useGroup('sessions'),
  };
  const groups = healthGroups.map((group) => ({ group, query: queries[group] }));
  const reports = groups.flatMap(({ query }) => query.data ?? []);
  const findings = reports.flatMap((report) => report.findings);
  const countOf = (severity: HealthFinding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const failed = groups.filter(({ query }) => query.isError).length;
  return {
    groups,
    isChecking: groups.some(({ query }) => query.isFetching),
    done: groups.filter(({ query }) => !query.isPending).length,
    failed,
    failure: failed === groups.length ? queries.schema.error : null,
    skipped: reports.filter(({ applies }) => !applies).length,
    counts: { error: countOf('error'), warning: countOf('warning'), info: countOf('info') },
    total: reports.reduce((sum, { total }) => sum + total, 0),
    checkedAt: reports.map(({ checkedAt }) => checkedAt).toSorted()[0] ?? null,
    checkAgain: () => groups.forEach(({ query }) => void query.refetch()),
  };
}
