import { resolvedEdits, seenNow } from './resolved-edits';
import { type RecordEdit, type Review, type ReviewRequest, showReview } from './review-store';

/** Which records a change is about: those that were selected, or all that a filter finds. */
type TargetsOf<Filter> =
  | { readonly filter: Filter }
  | { readonly selected: readonly { readonly id: string; readonly version: string }[] };

interface ChangesOfArea<Targets, Changes, Row> {
  /** The same change for all of them. */
  readonly update: (targets: Targets, changes: Changes) => ReviewRequest;
  /** A change for each. */
  readonly edits: (edits: (RecordEdit & { readonly changes: Changes })[]) => ReviewRequest;
  /** What a row of the list says of what can be edited, as the change kernel calls it. */
  readonly seenOf: (row: Row) => Readonly<Record<string, unknown>>;
}

export interface SameReview<Targets, Changes, Row> extends Pick<Review, 'title' | 'onDone' | 'verb'> {
  readonly targets: Targets;
  readonly changes: Changes;
  /** The records as they were seen, as far as they were. */
  readonly rows: ReadonlyMap<string, Row>;
}

export interface EditsReview<Changes> extends Pick<Review, 'title' | 'onDone' | 'verb'> {
  readonly seen: Review['seen'];
  readonly edits: readonly (RecordEdit & { readonly changes: Changes })[];
}

interface AreaReviews<Targets, Changes, Row> {
  /**
   * Shows what the same change would do to each of several records. What was changed by somebody else meanwhile is left
   * alone until the person has decided field by field.
   */
  readonly reviewSame: (review: SameReview<Targets, Changes, Row>) => void;
  /** Shows what changes would do that differ from record to record; nothing where none is left. */
  readonly reviewEdits: (review: EditsReview<Changes>) => void;
}

/** The reviews of an area's changes. */
export function reviewsOf<Targets extends TargetsOf<unknown>, Changes extends object, Row>(
  area: ChangesOfArea<Targets, Changes, Row>,
): AreaReviews<Targets, Changes, Row> {
  const reviewEdits = ({ edits, seen, ...rest }: EditsReview<Changes>): void => {
    if (edits.length === 0) return;
    showReview({
      request: area.edits([...edits]),
      ...(seen === undefined ? {} : { seen }),
      onResolve: (resolved) =>
        reviewEdits({ ...rest, edits: resolvedEdits(edits, resolved), seen: seenNow(seen, resolved) }),
      onCountFromNow: (raised: EditsReview<Changes>['edits']) =>
        reviewEdits({ ...rest, edits: raised, seen }),
      ...rest,
    });
  };
  const reviewSame = ({ targets, changes, rows, ...rest }: SameReview<Targets, Changes, Row>): void => {
    const seen: Review['seen'] = (id) => {
      const row = rows.get(id);
      return row === undefined ? undefined : area.seenOf(row);
    };
    const edits = 'selected' in targets ? targets.selected.map((target) => ({ ...target, changes })) : [];
    showReview({
      request: area.update(targets, changes),
      seen,
      onResolve: (resolved) =>
        reviewEdits({ ...rest, edits: resolvedEdits(edits, resolved), seen: seenNow(seen, resolved) }),
      onCountFromNow: (raised: EditsReview<Changes>['edits']) =>
        reviewEdits({ ...rest, edits: raised, seen }),
      ...rest,
    });
  };
  return { reviewSame, reviewEdits };
}
