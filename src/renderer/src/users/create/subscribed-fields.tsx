import { Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { FormProvider, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { SubscriptionTerms } from '../../../../shared/contract/subscriptions';
import { FoundRecordsField } from '../../records/found-records-field';
import { TermsFields } from '../../subscriptions/terms-fields';
import type { DraftProps } from './draft';

interface SubscribedFieldsProps extends DraftProps {
  readonly terms: UseFormReturn<SubscriptionTerms>;
}

/** What all who are created are subscribed to, and on which terms. */
export function SubscribedFields({ draft, onChange, terms }: SubscribedFieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Typography variant="h3">{t('users.create.subscriptions')}</Typography>
      <FoundRecordsField
        area="models"
        label={t('subscriptions.create.models')}
        help={t('users.create.subscriptionsHelp')}
        chosen={draft.models}
        toChosen={(model) => model}
        onChange={(models) => onChange({ models })}
      />
      {draft.models.length > 0 && (
        <FormProvider {...terms}>
          <TermsFields hasTeam={false} />
        </FormProvider>
      )}
    </>
  );
}
