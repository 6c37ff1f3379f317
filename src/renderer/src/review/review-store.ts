import { useSyncExternalStore } from 'react';
import type { ChangeConflict, ChangePreview, ChangeResult } from '../../../shared/contract/changes';
import type { Contract, InputOf } from '../../../shared/contract/index';
import type { UserEdit } from '../../../shared/contract/users';

/**
 * What is reviewed: one change of users or teams, changes that differ from one to the next, new ones, deleting or merging
 * them, or the undo of a batch or of one record of it.
 */
export type ReviewRequest =
  | { readonly kind: 'users'; readonly input: InputOf<Contract['users']['previewUpdate']> }
  | { readonly kind: 'editedUsers'; readonly input: InputOf<Contract['users']['previewEdits']> }
  | { readonly kind: 'newUsers'; readonly input: InputOf<Contract['users']['previewCreate']> }
  | { readonly kind: 'deletedUsers'; readonly input: InputOf<Contract['users']['previewDelete']> }
  | { readonly kind: 'mergedUsers'; readonly input: InputOf<Contract['users']['previewMerge']> }
  | { readonly kind: 'teams'; readonly input: InputOf<Contract['teams']['previewUpdate']> }
  | { readonly kind: 'editedTeams'; readonly input: InputOf<Contract['teams']['previewEdits']> }
  | { readonly kind: 'deletedTeams'; readonly input: InputOf<Contract['teams']['previewDelete']> }
  | { readonly kind: 'newTeam'; readonly input: InputOf<Contract['teams']['previewCreate']> }
  | { readonly kind: 'addedMembers'; readonly input: InputOf<Contract['teams']['previewAddMembers']> }
  | { readonly kind: 'memberRoles'; readonly input: InputOf<Contract['teams']['previewMemberRoles']> }
  | { readonly kind: 'removedMembers'; readonly input: InputOf<Contract['teams']['previewRemoveMembers']> }
  | { readonly kind: 'movedMembers'; readonly input: InputOf<Contract['teams']['previewMoveMembers']> }
  | { readonly kind: 'undo'; readonly input: InputOf<Contract['changes']['previewUndo']> };

export interface Review {
  readonly request: ReviewRequest;
  readonly title: string;
  /** What the person saw of a record when the change was begun, to show beside what it is now. */
  readonly seen?: (id: string) => Readonly<Record<string, unknown>> | undefined;
  /** Done without being looked at where nothing speaks against it: an undo from the toast. */
  readonly atOnce?: boolean;
  readonly onDone?: (result: ChangeResult) => void;
  /** Goes on from what these records are now, with what is still wanted of them. */
  readonly onResolve?: (resolved: readonly ResolvedConflict[]) => void;
  /** Asks instead for the new budgets on top of what is spent. */
  readonly onCountFromNow?: (edits: readonly UserEdit[]) => void;
  /** How it came out already: shown again, to be looked at or to try once more what failed. */
  readonly outcome?: ReviewOutcome;
}

/** A conflict that a person has decided field by field. */
export interface ResolvedConflict {
  readonly conflict: ChangeConflict;
  /** The fields in which it stays as the person wants it; the others stay as they are now. */
  readonly kept: readonly string[];
}

interface ReviewOutcome {
  readonly preview: ChangePreview;
  readonly result: ChangeResult;
  /** Why it was done. */
  readonly reason: string;
}

export type OpenReview = Review & { readonly id: number };

/** Several at once: who undoes two changes one after the other means both. */
let open: readonly OpenReview[] = [];
let count = 0;
const listeners = new Set<() => void>();

function set(next: readonly OpenReview[]): void {
  open = next;
  for (const listener of listeners) listener();
}

/** Shows what a change would do; the person confirms it there. */
export function showReview(review: Review): void {
  count += 1;
  set([...open, { ...review, id: count }]);
}

/** @param id the review that is done with; others stay. */
export function closeReview(id: number): void {
  set(open.filter((review) => review.id !== id));
}

/** Drops whatever reviews are open: their database is left. */
export function dropReviews(): void {
  set([]);
}

/** The reviews that are to be shown, the first one first. */
export function useOpenReviews(): readonly OpenReview[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}
