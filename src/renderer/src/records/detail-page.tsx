import { Button, Stack } from '@mui/material';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import type { ApiError } from '../api/api-error';
import { relationPath } from './rows-url';
import { PageHeader } from '../ui/page-header';
import { Section } from '../ui/section';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';
import { visibleName } from '../ui/visible-name';

interface DetailPageProps<RecordData> {
  /** What kind of record this is: shown as title until its own name has arrived. */
  readonly kind: string;
  readonly back: { readonly to: string; readonly label: string };
  readonly query: UseQueryResult<RecordData, ApiError>;
  readonly title: (record: RecordData) => string;
  readonly description?: (record: RecordData) => ReactNode;
  readonly chips?: (record: RecordData) => ReactNode;
  /** The record's row in the database, once there is one. */
  readonly browse?: { readonly relation: string; readonly id: string } | undefined;
  /** What can be done with the record, once there is one. */
  readonly actions?: (record: RecordData) => ReactNode;
  /** That there is no such record, where it is called otherwise. */
  readonly goneTitle?: string;
  /** The sections of the page. */
  readonly children: (record: RecordData) => ReactNode;
}

/** A record's page: header, then sections; with its loading, missing and failed states. */
export function DetailPage<RecordData>(props: DetailPageProps<RecordData>): ReactElement {
  const { kind, back, query, title, description, chips, browse, actions, children } = props;
  const { t } = useTranslation();
  const { goneTitle = t('app.recordGone') } = props;
  const record = query.data;
  return (
    <>
      <PageHeader
        title={record === undefined ? kind : visibleName(title(record))}
        back={back}
        {...(record !== undefined && description ? { description: description(record) } : {})}
        {...(record !== undefined && chips ? { chips: chips(record) } : {})}
        {...(record !== undefined && (browse !== undefined || actions !== undefined)
          ? {
              actions: (
                <>
                  {browse !== undefined && <BrowseLink {...browse} />}
                  {actions?.(record)}
                </>
              ),
            }
          : {})}
      />
      <Stack sx={{ gap: 2 }}>
        {record !== undefined ? (
          children(record)
        ) : query.error?.code === 'not_found' ? (
          <EmptyState title={goneTitle} body={query.error.message} />
        ) : query.error?.code === 'validation' ? (
          // The only input is the id in the address: no record can have this one.
          <EmptyState title={goneTitle} />
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

/** Leads to the record's row as the database has it. */
function BrowseLink({ relation, id }: { readonly relation: string; readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const path = relationPath({ schema: 'public', relation }, [
    { column: 'id', operator: 'equals', value: id },
  ]);
  return (
    <Button size="small" component={RouterLink} to={path}>
      {t('records.openInBrowse')}
    </Button>
  );
}
