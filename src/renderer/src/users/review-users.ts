import type { Contract, InputOf } from '../../../shared/contract/index';
import type { UserChanges, UserEdit, UserRow } from '../../../shared/contract/users';
import { resolvedEdits, seenNow } from '../review/resolved-edits';
import { type Review, showReview } from '../review/review-store';

export type UserTargets = InputOf<Contract['users']['previewUpdate']>['targets'];

interface UsersReview {
  readonly targets: UserTargets;
  readonly changes: UserChanges;
  readonly title: string;
  /** The users as they were seen, as far as they were. */
  readonly rows: ReadonlyMap<string, UserRow>;
  readonly onDone?: () => void;
}

/**
 * Shows what the same change would do to each of several users. Whoever was changed by somebody else meanwhile is left
 * alone until the person has decided field by field.
 */
export function reviewUsers({ targets, changes, rows, ...rest }: UsersReview): void {
  const seen: Review['seen'] = (id) => {
    const row = rows.get(id);
    return row === undefined ? undefined : { ...row };
  };
  const edits =
    'selected' in targets ? targets.selected.map((target): UserEdit => ({ ...target, changes })) : [];
  showReview({
    request: { kind: 'users', input: { targets, changes } },
    seen,
    onResolve: (resolved) =>
      reviewEdits({ ...rest, edits: resolvedEdits(edits, resolved), seen: seenNow(seen, resolved) }),
    onCountFromNow: (raised) => reviewEdits({ ...rest, edits: raised, seen }),
    ...rest,
  });
}

interface EditsReview extends Pick<Review, 'title' | 'onDone'> {
  readonly seen: Review['seen'];
  readonly edits: readonly UserEdit[];
}

/** Shows what changes would do that differ from user to user; nothing where none is left. */
export function reviewEdits({ edits, seen, ...rest }: EditsReview): void {
  if (edits.length === 0) return;
  showReview({
    request: { kind: 'editedUsers', input: { edits: [...edits] } },
    ...(seen === undefined ? {} : { seen }),
    onResolve: (resolved) =>
      reviewEdits({ ...rest, edits: resolvedEdits(edits, resolved), seen: seenNow(seen, resolved) }),
    onCountFromNow: (raised) => reviewEdits({ ...rest, edits: raised, seen }),
    ...rest,
  });
}
