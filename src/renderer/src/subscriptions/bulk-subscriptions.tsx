import { Button } from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SubscriptionRow } from '../../../shared/contract/subscriptions';
import type { RowSelection } from '../lists/use-row-selection';
import { useBulkTargets } from '../records/bulk-actions';
import { usePageAction } from '../ui/page-actions';
import { BulkEditSubscriptions, type BulkSubscriptions } from './bulk-edit-subscriptions';
import { ExtendDialog, type Extended } from './extend-dialog';
import type { SubscriptionTargets } from './review-subscriptions';
import { reviewStep, type SubscriptionStep, stepsOf, subscriptionSteps } from './subscription-steps';

/** What is offered where rows were not seen: what the list is narrowed to says what they are. */
const stepsOfStatus: Readonly<Record<string, readonly SubscriptionStep[]>> = {
  pending: ['approve', 'deny'],
  active: ['suspend', 'reset', 'cancel'],
  suspended: ['reactivate', 'reset', 'cancel'],
  expired: ['cancel'],
  cancelled: ['reopen', 'delete'],
};

/**
 * What can be done with several subscriptions at once: what fits at least one of them, and the review says for which it
 * does not.
 * @param filter what the list is narrowed to, for all that match.
 */
export function useBulkSubscriptions(
  selection: RowSelection<SubscriptionRow>,
  filter: Extract<SubscriptionTargets, { filter: unknown }>['filter'],
): { readonly actions: ReactNode; readonly panel: ReactElement } {
  const { t } = useTranslation();
  const onDone = selection.clear;
  const { notes, isAllowed, isPossible, counted, those } = useBulkTargets(selection, filter);
  const [edited, setEdited] = useState<BulkSubscriptions | null>(null);
  const [extended, setExtended] = useState<Extended | null>(null);
  const steps = stepsOfSelection(selection, filter.filters.status);
  const edit = (): void => setEdited(those());
  const run = (step: SubscriptionStep): void =>
    reviewStep(
      step,
      { ...those(), isDue: filter.filters.due === true },
      t(`subscriptions.bulk.step.${step}`, { ...counted }),
      onDone,
    );
  const offer = (step: SubscriptionStep) =>
    isPossible && steps.includes(step) ? () => run(step) : undefined;
  usePageAction('editSelected', isPossible ? edit : undefined);
  usePageAction('approveSelected', offer('approve'));
  usePageAction('denySelected', offer('deny'));
  usePageAction('suspendSelected', offer('suspend'));
  usePageAction('reactivateSelected', offer('reactivate'));
  usePageAction('cancelSelected', offer('cancel'));
  return {
    panel: (
      <>
        <BulkEditSubscriptions subscriptions={edited} onClose={() => setEdited(null)} onDone={onDone} />
        <ExtendDialog extended={extended} onClose={() => setExtended(null)} onDone={onDone} />
      </>
    ),
    actions: (
      <>
        {notes}
        {steps.map((step) => (
          <Button
            key={step}
            size="small"
            {...(step === 'delete' ? { color: 'error' as const } : {})}
            disabled={!isAllowed}
            onClick={() => run(step)}
          >
            {t(`subscriptions.step.${step}`)}
          </Button>
        ))}
        <Button
          size="small"
          disabled={!isAllowed}
          onClick={() =>
            setExtended({
              targets: those().targets,
              title: t('subscriptions.extend.bulkTitle', { ...counted }),
            })
          }
        >
          {t('subscriptions.extend.button')}
        </Button>
        <Button size="small" variant="contained" disabled={!isAllowed} onClick={edit}>
          {t('edit.bulk.edit')}
        </Button>
      </>
    ),
  };
}

function stepsOfSelection(
  { scope, rows }: RowSelection<SubscriptionRow>,
  status: string | undefined,
): readonly SubscriptionStep[] {
  const fitting =
    scope === 'matching'
      ? (stepsOfStatus[status ?? ''] ?? subscriptionSteps)
      : [...rows.values()].flatMap((row) => stepsOf(row));
  return subscriptionSteps.filter((step) => fitting.includes(step));
}
