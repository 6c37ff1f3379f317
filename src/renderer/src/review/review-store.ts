import { useSyncExternalStore } from 'react';
import type { ChangeConflict, ChangePreview, ChangeResult } from '../../../shared/contract/changes';
import type { AnswerOf, AreaName, Contract, InputOf, ProcedureName } from '../../../shared/contract/index';
import type { ReviewVerb } from './review-words';

/** Names of an area's procedures that say what a change would do. */
type PreviewName<Area extends AreaName> = {
  [Name in ProcedureName<Area>]: AnswerOf<Contract[Area][Name]> extends ChangePreview ? Name : never;
}[ProcedureName<Area>];

/** What is reviewed: what any area's preview answers, the undo of a batch or of one record of it included. */
export type ReviewRequest = {
  [Area in AreaName]: {
    [Name in PreviewName<Area>]: {
      readonly area: Area;
      readonly procedure: Name;
      readonly input: InputOf<Contract[Area][Name]>;
    };
  }[PreviewName<Area>];
}[AreaName];

/** What is to be set of one record. */
export interface RecordEdit {
  readonly id: string;
  readonly version: string;
  readonly changes: object;
}

export interface Review {
  readonly request: ReviewRequest;
  readonly title: string;
  /** What is done, where created, changed or deleted says too little. */
  readonly verb?: ReviewVerb;
  /** What the person saw of a record when the change was begun, to show beside what it is now. */
  readonly seen?: (id: string) => Readonly<Record<string, unknown>> | undefined;
  /** Done without being looked at where nothing speaks against it: an undo from the toast. */
  readonly atOnce?: boolean;
  readonly onDone?: (result: ChangeResult) => void;
  /** Goes on from what these records are now, with what is still wanted of them. */
  readonly onResolve?: (resolved: readonly ResolvedConflict[]) => void;
  /** Another change that may be what the person wants. */
  readonly instead?: { readonly label: string; readonly run: () => void };
  /** Asks instead for the new budgets on top of what is spent. */
  onCountFromNow?(edits: readonly RecordEdit[]): void;
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
