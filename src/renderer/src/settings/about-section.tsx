import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ApiError } from '../api/api-error';
import { useWorkspace } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { CopyButton } from '../ui/copy-button';
import { Field, FieldList } from '../ui/field-list';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { NotRecorded } from '../ui/values';

type About = AnswerOf<Contract['settings']['about']>;

/** What runs here, in which versions. */
export function AboutSection({ query }: { readonly query: UseQueryResult<About, ApiError> }): ReactElement {
  const { t } = useTranslation();
  const isOpen = useWorkspace() !== null;
  const server = useProcedureQuery('database', 'status', {}, { enabled: isOpen });
  const { data, error } = query;
  const serverVersion = isOpen ? server.data?.serverVersion : undefined;
  return (
    <Section
      title={t('settings.about.title')}
      actions={
        data !== undefined && (
          <CopyButton value={inOneText(data, serverVersion)} label={t('settings.about.copyVersions')} />
        )
      }
    >
      {error !== null ? (
        <ErrorState error={error} onRetry={() => void query.refetch()} />
      ) : data === undefined ? (
        <LoadingLines lines={4} />
      ) : (
        <FieldList>
          <Field label={t('settings.about.console')}>{data.version}</Field>
          <Field label={t('settings.about.host')}>{t(`settings.about.${data.host}`)}</Field>
          <Field label={t('settings.about.platform')}>{data.platform}</Field>
          <Field label={t('settings.about.node')}>{data.node}</Field>
          {data.electron !== null && <Field label={t('settings.about.electron')}>{data.electron}</Field>}
          {data.chromium !== null && <Field label={t('settings.about.chromium')}>{data.chromium}</Field>}
          <Field label={t('settings.about.server')}>
            {!isOpen ? (
              t('settings.about.serverNone')
            ) : serverVersion === undefined ? (
              <NotRecorded />
            ) : (
              serverVersion
            )}
          </Field>
          <Field label={t('settings.about.shippedPostgres')}>
            {data.shippedPostgres ?? t('settings.about.shippedPostgresNone')}
          </Field>
          <Field label={t('settings.about.licence')}>{t('settings.about.licenceValue')}</Field>
        </FieldList>
      )}
    </Section>
  );
}

/** As a report of a problem quotes it; names of programs and versions are the same in every language. */
function inOneText(about: About, serverVersion: string | undefined): string {
  return [
    `LiteMaaS Console ${about.version} (${about.host})`,
    about.platform,
    `Node.js ${about.node}`,
    ...(about.electron === null ? [] : [`Electron ${about.electron}`]),
    ...(about.chromium === null ? [] : [`Chromium ${about.chromium}`]),
    ...(serverVersion === undefined ? [] : [`PostgreSQL ${serverVersion}`]),
  ].join('\n');
}
