import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { apiKeyDefinition } from '../../../shared/records/api-keys';
import { RelatedList } from '../records/related-list';
import { useApiKeyColumns } from './api-key-columns';

interface RelatedApiKeysProps {
  /** Whose keys: one of the filters of their list. */
  readonly of:
    | { readonly userId: string }
    | { readonly teamId: string }
    | { readonly modelId: string }
    | { readonly subscriptionId: string };
  readonly emptyText: string;
  /** Where they are not simply the record's keys. */
  readonly title?: string;
}

/** The API keys of the record on this page. */
export function RelatedApiKeys({ of, emptyText, title }: RelatedApiKeysProps): ReactElement {
  const { t } = useTranslation();
  const fields = [
    'name',
    'userId' in of || 'subscriptionId' in of ? 'team' : 'user',
    'state',
    'models',
    'currentSpend',
    'lastUsedAt',
  ];
  return (
    <RelatedList
      title={title ?? t('records.apiKeys')}
      definition={apiKeyDefinition}
      prefix="keys."
      of={of}
      columns={useApiKeyColumns().filter(({ field }) => fields.includes(field))}
      emptyText={emptyText}
    />
  );
}
