import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeConflict } from '../../../shared/contract/changes';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { type SubscriptionChanges, subscriptionChanges } from '../../../shared/contract/subscriptions';
import { EditRecordForm } from '../forms/edit-record-form';
import { EditPanel } from '../forms/edit-panel';
import { FormInput } from '../forms/form-input';
import { FormLimit } from '../forms/form-fields';
import { useEditForm } from '../forms/use-edit-form';
import { OptionsFilter } from '../lists/options-filter';
import { ExpiryField } from '../records/expiry-field';
import { PeriodField } from '../records/period-field';
import { fieldName } from '../review/field-values';
import { showReview } from '../review/review-store';
import { subscriptionName } from './subscription-steps';

type Subscription = AnswerOf<Contract['subscriptions']['get']>;

const quotaFields = ['quotaRequests', 'quotaTokens', 'maxBudget'] as const;
const rateFields = ['tpmLimit', 'rpmLimit'] as const;
const fieldNames = [...quotaFields, 'budgetDuration', ...rateFields, 'expiresAt', 'teamId'] as const;
export type EditedSubscriptionField = (typeof fieldNames)[number];

type Values = Readonly<Record<EditedSubscriptionField, string | null>>;

/** Whether an address names a field of this panel. */
export function isEditedSubscriptionField(name: string): name is EditedSubscriptionField {
  return fieldNames.some((field) => field === name);
}

interface EditSubscriptionProps {
  readonly subscription: Subscription;
  readonly open: boolean;
  /** Where the panel begins. */
  readonly field?: EditedSubscriptionField | undefined;
  readonly onClose: () => void;
}

/** The panel in which a subscription's quotas, limits, end and team are edited, beside what it is about. */
export function EditSubscription({
  subscription,
  open,
  field,
  onClose,
}: EditSubscriptionProps): ReactElement {
  const { t } = useTranslation();
  const name = subscriptionName(t, subscription);
  return (
    <EditPanel title={t('edit.title', { name })} open={open} onClose={onClose}>
      {({ setDirty, cancel, close }) => (
        <EditForm
          subscription={subscription}
          first={field}
          onDirty={setDirty}
          onCancel={cancel}
          onDone={close}
        />
      )}
    </EditPanel>
  );
}

interface EditFormProps {
  readonly subscription: Subscription;
  readonly first: EditedSubscriptionField | undefined;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function EditForm({ subscription, first, onDirty, onCancel, onDone }: EditFormProps): ReactElement {
  const { t } = useTranslation();
  const edit = useEditForm<Values, SubscriptionChanges>({
    record: { version: subscription.version, values: valuesOf(subscription) },
    schema: subscriptionChanges,
    toChanges: (values, changed) => Object.fromEntries(changed.map((name) => [name, values[name]])),
    fromState: imageValues,
    onDirty,
    onReview: ({ basis: { version, values }, changes, onResolve }) =>
      showReview({
        request: {
          area: 'subscriptions',
          procedure: 'previewUpdate',
          input: { targets: { selected: [{ id: subscription.id, version }] }, changes },
        },
        title: t('edit.reviewTitle', { name: subscriptionName(t, subscription) }),
        seen: () => ({ ...values, status: subscription.storedStatus }),
        onDone,
        onResolve: ([resolved]) => {
          if (resolved !== undefined) onResolve(resolved.conflict, resolved.kept);
        },
      }),
  });
  return (
    <EditRecordForm edit={edit} labelOf={(name) => fieldName(t, name)} first={first} onCancel={onCancel}>
      {(field) => (
        <>
          {quotaFields.map((name) => field(name, (props) => <FormLimit<Values> {...props} />))}
          {field('budgetDuration', ({ label }) => (
            <FormInput<Values, 'budgetDuration'> name="budgetDuration">
              {({ value, onChange, isWrong }) => (
                <PeriodField label={label} value={value} onChange={onChange} isWrong={isWrong} />
              )}
            </FormInput>
          ))}
          {rateFields.map((name) => field(name, (props) => <FormLimit<Values> {...props} />))}
          {field('expiresAt', ({ label }) => (
            <FormInput<Values, 'expiresAt'> name="expiresAt">
              {({ value, onChange, isWrong }) => (
                <ExpiryField label={label} value={value} onChange={onChange} isWrong={isWrong} />
              )}
            </FormInput>
          ))}
          {field('teamId', ({ label }) => (
            <FormInput<Values, 'teamId'> name="teamId">
              {({ value, onChange }) => (
                <OptionsFilter
                  area="teams"
                  label={label}
                  value={value ?? undefined}
                  onChange={(id) => onChange(id ?? null)}
                  whenNone={t('records.noTeam')}
                />
              )}
            </FormInput>
          ))}
        </>
      )}
    </EditRecordForm>
  );
}

function valuesOf(subscription: Subscription): Values {
  const { quotaRequests, quotaTokens, maxBudget, budgetDuration } = subscription;
  const { tpmLimit, rpmLimit, expiresAt, team } = subscription;
  return {
    ...{ quotaRequests, quotaTokens, maxBudget, budgetDuration, tpmLimit, rpmLimit, expiresAt },
    teamId: team?.id ?? null,
  };
}

/** What of a record's state now the panel edits. */
function imageValues(now: ChangeConflict['now']): Partial<Values> {
  return Object.fromEntries(
    fieldNames.flatMap((name) => {
      const value = now[name];
      return typeof value === 'string' || value === null ? [[name, value]] : [];
    }),
  );
}
