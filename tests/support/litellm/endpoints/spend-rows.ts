import type { JsonObject, SpendRow } from '../state';
import { microsecondsOf } from '../instants';
import type { VersionProfile } from '../version-profiles';

/** A spend row as this release writes it. */
export function shownSpendRow(row: SpendRow, profile: VersionProfile): Record<string, unknown> {
  const metadata: JsonObject = { ...row.metadata };
  if (!profile.spendCostBreakdown) delete metadata.cost_breakdown;
  const shown: Record<string, unknown> = { ...row, metadata };
  if (profile.spendRequestDuration) {
    shown.request_duration_ms = Math.round(
      (microsecondsOf(row.endTime) - microsecondsOf(row.startTime)) / 1000,
    );
  }
  return shown;
}
