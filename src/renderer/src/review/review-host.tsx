import { lazy, Suspense, type ReactElement } from 'react';
import { useOpenReview } from './review-store';

// Nobody needs it before the first change.
const ReviewDialog = lazy(async () => ({ default: (await import('./review-dialog')).ReviewDialog }));

/** Where every review is shown, whatever screen asked for it: it outlives the toast and the panel that did. */
export function ReviewHost(): ReactElement | null {
  const review = useOpenReview();
  if (review === null) return null;
  return (
    <Suspense>
      <ReviewDialog key={review.id} review={review} />
    </Suspense>
  );
}
