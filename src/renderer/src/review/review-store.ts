import { useSyncExternalStore } from 'react';
import type { ChangeConflict, ChangeResult } from '../../../shared/contract/changes';
import type { Contract, InputOf } from '../../../shared/contract/index';

/** What is reviewed: a change of users, or the undo of a batch or of one record of it. */
export type ReviewRequest =
  | { readonly kind: 'users'; readonly input: InputOf<Contract['users']['previewUpdate']> }
  | { readonly kind: 'undo'; readonly input: InputOf<Contract['changes']['previewUndo']> };

export interface Review {
  readonly request: ReviewRequest;
  readonly title: string;
  /** What the person saw of the record when the change was begun, to show beside what it is now. */
  readonly seen?: Readonly<Record<string, unknown>>;
  /** Done without being looked at where nothing speaks against it: an undo from the toast. */
  readonly atOnce?: boolean;
  readonly onDone?: (result: ChangeResult) => void;
  /** Goes on from what the record is now. */
  readonly onTakeOver?: (conflict: ChangeConflict) => void;
}

export type OpenReview = Review & { readonly id: number };

let open: OpenReview | null = null;
let count = 0;
const listeners = new Set<() => void>();

function set(next: OpenReview | null): void {
  open = next;
  for (const listener of listeners) listener();
}

/** Shows what a change would do; the person confirms it there. */
export function showReview(review: Review): void {
  count += 1;
  set({ ...review, id: count });
}

/** @param id the review that is done with; another that was opened since stays. */
export function closeReview(id: number): void {
  if (open?.id === id) set(null);
}

/** Drops whatever review is open: its database is left. */
export function dropReview(): void {
  set(null);
}

/** The review that is to be shown; null: none. */
export function useOpenReview(): OpenReview | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}
