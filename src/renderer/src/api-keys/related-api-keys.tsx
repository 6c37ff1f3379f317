import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { defineList } from '../lists/list-url';
import { RelatedList } from '../records/related-list';
import { useListState } from '../lists/use-list-state';
import { useApiKeyColumns } from './api-key-columns';

const pageSize = 5;
const related = defineList({ sortFields: ['name'], filters: {}, prefix: 'keys.', pageSize });

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
  const list = useListState(related);
  const { page } = list.input;
  const query = useProcedureQuery('apiKeys', 'list', { page, pageSize, filters: of }, { keepPrevious: true });
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
      query={query}
      columns={useApiKeyColumns().filter(({ field }) => fields.includes(field))}
      rowId={({ id }) => id}
      page={page}
      pageSize={pageSize}
      onPage={(next) => list.setPage(next, pageSize)}
      allPath={`/api-keys?${new URLSearchParams(of).toString()}`}
      emptyText={emptyText}
    />
  );
}
