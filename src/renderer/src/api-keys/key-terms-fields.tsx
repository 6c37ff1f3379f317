import { FormControlLabel, Switch } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contract, InputOf } from '../../../shared/contract/index';
import { FormInput } from '../forms/form-input';
import { FormLimit } from '../forms/form-fields';
import { ExpiryField } from '../records/expiry-field';
import { type ModelsChoice, ModelsField } from '../records/models-field';
import { PeriodField } from '../records/period-field';
import { fieldName } from '../review/field-values';

/** What a form says of a key, or of each of several, besides whose it is and what it is called. */
export interface KeyTerms {
  readonly models: ModelsChoice;
  readonly teamId: string | null;
  readonly maxBudget: string | null;
  readonly budgetDuration: string;
  readonly tpmLimit: string | null;
  readonly rpmLimit: string | null;
  readonly expiresAt: string | null;
  readonly keepValue: boolean;
}

/** Models are named first: all of them is a choice, and no default. */
export const emptyTerms: KeyTerms = {
  ...{ models: [], teamId: null, maxBudget: null, budgetDuration: 'monthly' },
  ...{ tpmLimit: null, rpmLimit: null, expiresAt: null, keepValue: false },
};

/** As the contract takes them, unchecked: no budget has no period. */
export function termsOf(
  terms: KeyTerms,
): Omit<InputOf<Contract['apiKeys']['createMany']>, 'userIds' | 'pattern'> {
  const { models, teamId, maxBudget, budgetDuration, tpmLimit, rpmLimit, expiresAt, keepValue } = terms;
  return {
    ...{ teamId, maxBudget, tpmLimit, rpmLimit, expiresAt, keepValue },
    models: models === 'all' ? 'all' : models.map(({ id }) => id),
    budgetDuration: maxBudget === null ? null : budgetDuration,
  };
}

interface KeyTermsFieldsProps {
  /** The field of the team: which ones there are to choose from depends on whose the key is. */
  readonly team: ReactNode;
}

export function KeyTermsFields({ team }: KeyTermsFieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <FormInput<KeyTerms, 'models'> name="models">
        {({ value, onChange, isWrong }) => (
          <ModelsField value={value} onChange={onChange} isWrong={isWrong} />
        )}
      </FormInput>
      {team}
      <FormLimit<KeyTerms> name="maxBudget" label={fieldName(t, 'maxBudget')} />
      <FormInput<KeyTerms, 'budgetDuration'> name="budgetDuration">
        {({ value, onChange, isWrong }) => (
          <PeriodField
            label={fieldName(t, 'budgetDuration')}
            value={value}
            onChange={onChange}
            isWrong={isWrong}
          />
        )}
      </FormInput>
      <FormLimit<KeyTerms> name="tpmLimit" label={fieldName(t, 'tpmLimit')} />
      <FormLimit<KeyTerms> name="rpmLimit" label={fieldName(t, 'rpmLimit')} />
      <FormInput<KeyTerms, 'expiresAt'> name="expiresAt">
        {({ value, onChange, isWrong }) => (
          <ExpiryField
            label={fieldName(t, 'expiresAt')}
            value={value}
            onChange={onChange}
            isWrong={isWrong}
          />
        )}
      </FormInput>
      <FormInput<KeyTerms, 'keepValue'> name="keepValue">
        {({ value, onChange }) => (
          <FormControlLabel
            control={<Switch checked={value} onChange={(_event, isKept) => onChange(isKept)} />}
            label={t('apiKeys.create.keepValue')}
          />
        )}
      </FormInput>
    </>
  );
}
