import type { TFunction } from 'i18next';
import type { NotificationAction } from '../ui/notifications';
import { showReview } from './review-store';

/** Offers to take back exactly this batch. */
export function undoOffer(t: TFunction, batchId: string): NotificationAction {
  return {
    label: t('review.undo'),
    run: () =>
      showReview({
        request: { area: 'changes', procedure: 'previewUndo', input: { batchId } },
        title: t('review.undoTitle'),
        atOnce: true,
      }),
  };
}
