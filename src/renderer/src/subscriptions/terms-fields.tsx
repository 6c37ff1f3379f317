import type { ReactElement } from 'react';
import { useForm, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import {
  newSubscriptionDefaults,
  newSubscriptionStatuses,
  subscriptionTerms,
  type SubscriptionTerms,
} from '../../../shared/contract/subscriptions';
import { ChoiceGroup } from '../forms/choice-group';
import { errorsOf } from '../forms/errors-of';
import { FormLimit } from '../forms/form-fields';
import { FormInput } from '../forms/form-input';
import { OptionsFilter } from '../lists/options-filter';
import { ExpiryField } from '../records/expiry-field';
import { PeriodField } from '../records/period-field';
import { fieldName } from '../review/field-values';

/** A form of what new subscriptions are given, checked as the contract checks it. */
export function useTermsForm(): UseFormReturn<SubscriptionTerms> {
  return useForm<SubscriptionTerms>({
    defaultValues: newSubscriptionDefaults,
    resolver: (terms) => {
      const { error } = subscriptionTerms.safeParse(terms);
      return error === undefined
        ? { values: terms, errors: {} }
        : { values: {}, errors: errorsOf<SubscriptionTerms>(error) };
    },
  });
}

const quotas = ['quotaRequests', 'quotaTokens', 'maxBudget'] as const;
const rates = ['tpmLimit', 'rpmLimit'] as const;

/**
 * What each of them gets; the values are the form's (`FormProvider` around it).
 * @param hasTeam whether the team that they count for is chosen here.
 */
export function TermsFields({ hasTeam = true }: { readonly hasTeam?: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <FormInput<SubscriptionTerms, 'status'> name="status">
        {({ value, onChange }) => (
          <ChoiceGroup
            label={t('records.status')}
            name="status"
            value={value}
            choices={newSubscriptionStatuses.map((status) => ({
              value: status,
              label: t(`subscriptions.create.status.${status}`),
            }))}
            onChange={onChange}
          />
        )}
      </FormInput>
      {quotas.map((name) => (
        <FormLimit<SubscriptionTerms> key={name} name={name} label={fieldName(t, name)} />
      ))}
      <FormInput<SubscriptionTerms, 'budgetDuration'> name="budgetDuration">
        {(input) => <PeriodField label={fieldName(t, 'budgetDuration')} {...input} />}
      </FormInput>
      {rates.map((name) => (
        <FormLimit<SubscriptionTerms> key={name} name={name} label={fieldName(t, name)} />
      ))}
      <FormInput<SubscriptionTerms, 'expiresAt'> name="expiresAt">
        {(input) => <ExpiryField label={fieldName(t, 'expiresAt')} {...input} />}
      </FormInput>
      {hasTeam && (
        <FormInput<SubscriptionTerms, 'teamId'> name="teamId">
          {({ value, onChange }) => (
            <OptionsFilter
              area="teams"
              label={fieldName(t, 'teamId')}
              value={value ?? undefined}
              onChange={(id) => onChange(id ?? null)}
              whenNone={t('records.noTeam')}
            />
          )}
        </FormInput>
      )}
    </>
  );
}
