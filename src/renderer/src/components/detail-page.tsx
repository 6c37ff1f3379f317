import { Stack } from '@mui/material';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api/api-error';
import { PageHeader } from './page-header';
import { Section } from './section';
import { EmptyState, ErrorState, LoadingLines } from './states';

interface DetailPageProps<RecordData> {
  /** What kind of record this is: shown as title until its own name has arrived. */
  readonly kind: string;
  readonly back: { readonly to: string; readonly label: string };
  readonly query: UseQueryResult<RecordData, ApiError>;
  readonly title: (record: RecordData) => string;
  readonly description?: (record: RecordData) => ReactNode;
  readonly chips?: (record: RecordData) => ReactNode;
  /** The sections of the page. */
  readonly children: (record: RecordData) => ReactNode;
}

/** A record's page: header, then sections; with its loading, missing and failed states. */
export function DetailPage<RecordData>(props: DetailPageProps<RecordData>): ReactElement {
  const { kind, back, query, title, description, chips, children } = props;
  const { t } = useTranslation();
  const record = query.data;
  return (
    <>
      <PageHeader
        title={record === undefined ? kind : title(record)}
        back={back}
        {...(record !== undefined && description ? { description: description(record) } : {})}
        {...(record !== undefined && chips ? { chips: chips(record) } : {})}
      />
      <Stack sx={{ gap: 2 }}>
        {record !== undefined ? (
          children(record)
        ) : query.error?.code === 'not_found' ? (
          <EmptyState title={t('app.recordGone')} body={query.error.message} />
        ) : query.error?.code === 'validation' ? (
          // The only input is the id in the address: no record can have this one.
          <EmptyState title={t('app.recordGone')} />
        ) : query.error ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Section title={kind}>
            <LoadingLines lines={6} />
          </Section>
        )}
      </Stack>
    </>
  );
}
