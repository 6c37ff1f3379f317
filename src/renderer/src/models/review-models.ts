import type { Contract, InputOf } from '../../../shared/contract/index';
import type { ModelChanges, ModelRow } from '../../../shared/contract/models';
import { reviewsOf } from '../review/review-changes';
import { type Review, showReview } from '../review/review-store';

export type ModelTargets = InputOf<Contract['models']['previewUpdate']>['targets'];

/** The reviews of changing models. */
export const { reviewSame: reviewModels } = reviewsOf<ModelTargets, ModelChanges, ModelRow>({
  update: (targets, changes) => ({ area: 'models', procedure: 'previewUpdate', input: { targets, changes } }),
  edits: (edits) => ({ area: 'models', procedure: 'previewEdits', input: { edits } }),
  seenOf: seenOfRow,
});

/** The review of retiring models. */
export function reviewRetirement(
  targets: ModelTargets,
  rest: Pick<Review, 'title' | 'onDone' | 'instead'>,
): void {
  showReview({
    request: { area: 'models', procedure: 'previewRetire', input: { targets } },
    verb: 'retire',
    ...rest,
  });
}

/** What a row says of what can be edited: a description without its end or secrets does not say what was there. */
function seenOfRow({ name, provider, isActive, contextLength, maxTokens }: ModelRow) {
  return { name, provider, isActive, contextLength: textOf(contextLength), maxTokens: textOf(maxTokens) };
}

/** A count as changes have it. */
export const textOf = (count: number | null): string | null => (count === null ? null : String(count));
