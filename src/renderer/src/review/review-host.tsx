import { lazy, Suspense, useEffect, type ReactElement } from 'react';
import { dropReview, useOpenReview } from './review-store';

// Nobody needs it before the first change.
const ReviewDialog = lazy(async () => ({ default: (await import('./review-dialog')).ReviewDialog }));

/**
 * Where every review is shown, whatever screen asked for it: it outlives the toast and the panel that did, and not the
 * workspace, whose id is its key.
 */
export function ReviewHost(): ReactElement | null {
  const review = useOpenReview();
  useEffect(() => dropReview, []);
  if (review === null) return null;
  return (
    <Suspense>
      <ReviewDialog key={review.id} review={review} />
    </Suspense>
  );
}
