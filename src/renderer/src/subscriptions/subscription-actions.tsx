import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useCanWrite } from '../api/app-state';
import { ActionButton } from '../forms/action-button';
import { useEditWish } from '../records/use-edit-wish';
import { usePageAction } from '../ui/page-actions';
import {
  EditSubscription,
  type EditedSubscriptionField,
  isEditedSubscriptionField,
} from './edit-subscription';
import { ExtendDialog, type Extended } from './extend-dialog';
import {
  approvalObstacle,
  reviewStep,
  type SubscriptionStep,
  stepsOf,
  subscriptionName,
} from './subscription-steps';

type Subscription = AnswerOf<Contract['subscriptions']['get']>;

/** What can be done with a subscription on its page. Where it can't be done it says why. */
export function SubscriptionActions({ subscription }: { readonly subscription: Subscription }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useCanWrite();
  const [isEditing, setIsEditing] = useState(false);
  const [field, setField] = useState<EditedSubscriptionField>();
  const [extended, setExtended] = useState<Extended | null>(null);
  const { id, version } = subscription;
  const name = subscriptionName(t, subscription);
  const targets = { selected: [{ id, version }] };
  const readOnly = mayWrite ? undefined : t('subscriptions.edit.readOnly');
  const steps = stepsOf(subscription);
  const obstacleOf = (step: SubscriptionStep): string | undefined =>
    readOnly ?? (step === 'approve' ? approvalObstacle(t, subscription) : undefined);
  const run = (step: SubscriptionStep): void =>
    reviewStep(
      step,
      { targets, rows: new Map([[id, subscription]]) },
      t(`subscriptions.stepTitle.${step}`, { name }),
      step === 'delete' ? () => void navigate('/subscriptions') : undefined,
    );
  const offer = (step: SubscriptionStep) =>
    steps.includes(step) && obstacleOf(step) === undefined ? () => run(step) : undefined;
  const edit = (at?: EditedSubscriptionField): void => {
    setField(at);
    setIsEditing(true);
  };
  useEditWish(mayWrite, (wished) => {
    if (isEditedSubscriptionField(wished)) edit(wished);
  });
  usePageAction('editSubscription', mayWrite ? () => edit() : undefined);
  usePageAction('approveSubscription', offer('approve'));
  usePageAction('denySubscription', offer('deny'));
  usePageAction('suspendSubscription', offer('suspend'));
  usePageAction('reactivateSubscription', offer('reactivate'));
  usePageAction('resetSubscription', offer('reset'));
  usePageAction('cancelSubscription', offer('cancel'));
  return (
    <>
      {steps.map((step) => (
        <ActionButton
          key={step}
          {...(step === 'delete' ? { color: 'error' as const } : {})}
          obstacle={obstacleOf(step)}
          onClick={() => run(step)}
        >
          {t(`subscriptions.step.${step}`)}
        </ActionButton>
      ))}
      {subscription.expiresAt !== null && subscription.status !== 'cancelled' && (
        <ActionButton
          obstacle={readOnly}
          onClick={() => setExtended({ targets, title: t('subscriptions.extend.title', { name }) })}
        >
          {t('subscriptions.extend.button')}
        </ActionButton>
      )}
      <ActionButton variant="contained" obstacle={readOnly} onClick={() => edit()}>
        {t('edit.button')}
      </ActionButton>
      <EditSubscription
        subscription={subscription}
        open={isEditing}
        field={field}
        onClose={() => setIsEditing(false)}
      />
      <ExtendDialog extended={extended} onClose={() => setExtended(null)} />
    </>
  );
}
