import type { Contract, InputOf } from '../../../shared/contract/index';
import type { TeamChanges, TeamEdit, TeamRow } from '../../../shared/contract/teams';
import { resolvedEdits, seenNow } from '../review/resolved-edits';
import { type ResolvedConflict, type Review, showReview } from '../review/review-store';

export type TeamTargets = InputOf<Contract['teams']['previewUpdate']>['targets'];

interface TeamsReview extends Pick<Review, 'title' | 'onDone'> {
  readonly targets: TeamTargets;
  readonly changes: TeamChanges;
  /** The teams as they were seen, as far as they were. */
  readonly rows: ReadonlyMap<string, TeamRow>;
}

/**
 * Shows what the same change would do to each of several teams. What was changed by somebody else meanwhile is left alone
 * until the person has decided field by field.
 */
export function reviewTeams({ targets, changes, rows, ...rest }: TeamsReview): void {
  const seen: Review['seen'] = (id) => {
    const row = rows.get(id);
    if (row === undefined) return undefined;
    // A row shows the first models only, and a description without its end and secrets: it does not say what was there.
    const { allowedModels, description, ...fields } = row;
    return row.allModels ? { ...fields, allowedModels: [] } : fields;
  };
  const edits =
    'selected' in targets ? targets.selected.map((target): TeamEdit => ({ ...target, changes })) : [];
  showReview({
    request: { kind: 'teams', input: { targets, changes } },
    seen,
    onResolve: (resolved) => reviewResolved(edits, resolved, { ...rest, seen }),
    ...rest,
  });
}

function reviewResolved(
  edits: readonly TeamEdit[],
  resolved: readonly ResolvedConflict[],
  { seen, ...rest }: Pick<Review, 'title' | 'onDone' | 'seen'>,
): void {
  const left = resolvedEdits(edits, resolved);
  if (left.length === 0) return;
  const now = seenNow(seen, resolved);
  showReview({
    request: { kind: 'editedTeams', input: { edits: [...left] } },
    seen: now,
    onResolve: (again) => reviewResolved(left, again, { ...rest, seen: now }),
    ...rest,
  });
}
