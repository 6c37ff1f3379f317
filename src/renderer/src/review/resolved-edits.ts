import type { RecordEdit, ResolvedConflict, Review } from './review-store';

/** The edits from what their records are now; those that stay as they are, are left out. */
export function resolvedEdits<Edit extends RecordEdit>(
  edits: readonly Edit[],
  resolved: readonly ResolvedConflict[],
): readonly Edit[] {
  const decided = new Map(resolved.map((each) => [each.conflict.id, each]));
  return edits.flatMap((edit) => {
    const decision = decided.get(edit.id);
    if (decision === undefined) return [edit];
    const kept = Object.entries(edit.changes).filter(([field]) => decision.kept.includes(field));
    if (kept.length === 0) return [];
    return [{ ...edit, version: decision.conflict.version, changes: Object.fromEntries(kept) }];
  });
}

/** What was seen of records, those that were decided as they are now. */
export function seenNow(
  seen: Review['seen'],
  resolved: readonly ResolvedConflict[],
): NonNullable<Review['seen']> {
  const now = new Map(resolved.map(({ conflict }) => [conflict.id, conflict.now]));
  return (id) => now.get(id) ?? seen?.(id);
}
