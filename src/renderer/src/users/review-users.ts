import type { Contract, InputOf } from '../../../shared/contract/index';
import type { UserChanges, UserRow } from '../../../shared/contract/users';
import { reviewsOf } from '../review/review-changes';

export type UserTargets = InputOf<Contract['users']['previewUpdate']>['targets'];

/** The reviews of changing users. */
export const { reviewSame: reviewUsers, reviewEdits: reviewUserEdits } = reviewsOf<
  UserTargets,
  UserChanges,
  UserRow
>({
  update: (targets, changes) => ({ area: 'users', procedure: 'previewUpdate', input: { targets, changes } }),
  edits: (edits) => ({ area: 'users', procedure: 'previewEdits', input: { edits } }),
  seenOf: (row) => ({ ...row }),
});
