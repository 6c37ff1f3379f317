import { Alert, AlertTitle, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProxyReport } from '../../../shared/contract/sync';
import { Field, FieldList } from '../ui/field-list';
import { formatDuration } from '../ui/format';
import { Count } from '../ui/values';

/** These put the organisation at risk; the others are limits to know about. */
const loud: ReadonlySet<string> = new Set(['malicious_release', 'vulnerable_release', 'plain_http']);

/** What a proxy said about itself, security warnings first and loud. */
export function ProxyReportView({ report }: { readonly report: ProxyReport }): ReactElement {
  const { t } = useTranslation();
  const warnings = [...report.warnings].sort((a, b) => Number(loud.has(b.kind)) - Number(loud.has(a.kind)));
  return (
    <Stack role="status" sx={{ gap: 1.5 }}>
      <Typography variant="h3">{t('sync.test.title')}</Typography>
      {warnings.map(({ kind, message }) =>
        loud.has(kind) ? (
          <Alert key={kind} severity="error" variant="outlined" sx={{ borderWidth: 2 }}>
            <AlertTitle sx={{ fontSize: '0.875rem', fontWeight: 700, mb: 0 }}>
              {t('sync.report.security')}
            </AlertTitle>
            {message}
          </Alert>
        ) : (
          <Alert key={kind} severity="warning">
            {message}
          </Alert>
        ),
      )}
      <FieldList>
        <Field label={t('sync.test.version')}>{report.version ?? t('sync.test.unknownVersion')}</Field>
        <Field label={t('sync.report.models')}>
          <Count value={report.models} />
        </Field>
        <Field label={t('sync.report.database')}>
          {t(report.databaseConnected ? 'sync.report.connected' : 'sync.report.notConnected')}
        </Field>
        <Field label={t('sync.report.rights')}>
          {t(report.canWrite ? 'sync.report.canWrite' : 'sync.report.canRead')}
        </Field>
        <Field label={t('sync.report.latency')}>{formatDuration(report.latencyMs)}</Field>
      </FieldList>
    </Stack>
  );
}
