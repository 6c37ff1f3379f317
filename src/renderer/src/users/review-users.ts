import type { Contract, InputOf } from '../../../shared/contract/index';
import type { UserChanges, UserRow } from '../../../shared/contract/users';
import { showReview } from '../review/review-store';

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
 * alone until the person takes over what is there.
 */
export function reviewUsers(review: UsersReview): void {
  const { targets, changes, title, rows, onDone } = review;
  showReview({
    request: { kind: 'users', input: { targets, changes } },
    title,
    seen: (id) => {
      const row = rows.get(id);
      return row === undefined ? undefined : { ...row };
    },
    onTakeOver: (conflicts) => {
      const versions = new Map(conflicts.map(({ id, version }) => [id, version]));
      reviewUsers({ ...review, targets: withVersions(targets, versions) });
    },
    ...(onDone === undefined ? {} : { onDone }),
  });
}

function withVersions(targets: UserTargets, versions: ReadonlyMap<string, string>): UserTargets {
  if (!('selected' in targets)) return targets;
  return {
    selected: targets.selected.map(({ id, version }) => ({ id, version: versions.get(id) ?? version })),
  };
}
