import { lazy, Suspense, useEffect, type ReactElement } from 'react';
import { loadAllMessages } from '../ui/i18n';
import { withdrawOffers } from '../ui/notifications';
import { dropReviews, useOpenReviews } from './review-store';

// Nobody needs it before the first change, nor its texts.
const ReviewDialog = lazy(async () => {
  const [{ ReviewDialog: component }] = await Promise.all([import('./review-dialog'), loadAllMessages()]);
  return { default: component };
});

/**
 * Where every review is shown, whatever screen asked for it: it outlives the toast and the panel that did, and not the
 * workspace, whose id is its key.
 */
export function ReviewHost(): ReactElement | null {
  const reviews = useOpenReviews();
  useEffect(
    () => () => {
      dropReviews();
      // What they offer is about this database.
      withdrawOffers();
    },
    [],
  );
  if (reviews.length === 0) return null;
  return (
    <Suspense>
      {reviews.map((review) => (
        <ReviewDialog key={review.id} review={review} />
      ))}
    </Suspense>
  );
}
