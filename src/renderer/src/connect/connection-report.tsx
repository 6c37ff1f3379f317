import CheckIcon from '@mui/icons-material/CheckCircleOutlined';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import InfoIcon from '@mui/icons-material/InfoOutlined';
import { Alert, Box, Stack, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { ConnectionReport } from '../../../shared/contract/workspace';
import type { ToneName } from '../ui/theme';
import { formatBytes, formatCount, formatDuration, formatList } from '../ui/format';
import { StatusChip } from '../ui/status-chip';
import { Instant } from '../ui/values';

/** What a test of the connection found, line by line: each with its meaning, not its colour alone. */
export function ConnectionReportView({ report }: { readonly report: ConnectionReport }): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack sx={{ gap: 1.5 }}>
      <Stack direction="row" sx={{ alignItems: 'center', gap: 1, flexWrap: 'wrap' }}>
        <StatusChip tone="success" label={t('connect.report.works')} />
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {t('connect.report.took', { duration: formatDuration(report.elapsedMs) })}
        </Typography>
      </Stack>
      {report.warnings.map((warning) => (
        <Alert key={warning} severity="warning" sx={{ py: 0.25 }}>
          {warning}
        </Alert>
      ))}
      <Box component="dl" sx={{ m: 0, display: 'grid', gap: 1.5 }}>
        <Line label={t('connect.report.server')}>
          {t('connect.report.postgresql', { version: report.serverVersion })}
          {report.inRecovery && <Note>{t('connect.report.standby')}</Note>}
          {report.pooler && <Note>{t('connect.report.pooler')}</Note>}
        </Line>
        <Encryption report={report} />
        <Line label={t('connect.report.signIn')} tone={signInTones[report.signIn]}>
          {t(`connect.report.signInMethods.${report.signIn}`)}
        </Line>
        <Role report={report} />
        <Privileges report={report} />
        <Line label={t('connect.report.database')}>
          {report.database.statement}
          {report.sizeBytes !== null && (
            <Note>{t('connect.report.size', { size: formatBytes(report.sizeBytes) })}</Note>
          )}
        </Line>
      </Box>
    </Stack>
  );
}

const signInTones: Readonly<Record<ConnectionReport['signIn'], Exclude<ToneName, 'neutral'>>> = {
  none: 'info',
  password: 'warning',
  md5: 'warning',
  scram: 'success',
  'scram-bound': 'success',
};

/** Who answered and how it was made sure, or plainly that it was not. */
function Encryption({ report: { tls, unencrypted } }: { readonly report: ConnectionReport }): ReactElement {
  const { t } = useTranslation();
  if (tls === null) {
    const words = unencrypted ?? 'socket';
    return (
      <Line label={t('connect.report.encryption')} tone={words === 'network' ? 'error' : 'info'}>
        {t(`connect.report.unencrypted.${words}`)}
      </Line>
    );
  }
  const tone = tls.verified === 'name' ? 'success' : 'warning';
  return (
    <Line label={t('connect.report.encryption')} tone={tone}>
      {t('connect.report.encrypted', { protocol: tls.protocol, cipher: tls.cipher })}
      <Note>{t(`connect.report.verified.${tls.verified}`, { name: tls.peerName ?? '–' })}</Note>
      {tls.issuer !== null && <Note>{t('connect.report.issuer', { issuer: tls.issuer })}</Note>}
      {tls.expiresAt !== null && (
        <Note>
          <Trans
            i18nKey="connect.report.expires"
            components={{ day: <Instant value={tls.expiresAt} show="date" /> }}
          />
        </Note>
      )}
      {tls.clientCertificateSent && <Note>{t('connect.report.clientCertificate')}</Note>}
    </Line>
  );
}

function Role({ report: { role, superuserRisk } }: { readonly report: ConnectionReport }): ReactElement {
  const { t, i18n } = useTranslation();
  return (
    <Line
      label={t('connect.report.role')}
      tone={superuserRisk !== null ? 'error' : role.superuser ? 'warning' : 'success'}
    >
      <bdi>{role.name}</bdi>
      {role.superuser && <Note>{t('connect.report.superuser')}</Note>}
      {superuserRisk !== null && (
        <>
          <Note>{t('connect.report.superuserRisk', { powers: superuserRisk.powers })}</Note>
          {superuserRisk.others.map((other) => (
            <Note key={other}>{other}</Note>
          ))}
        </>
      )}
      {role.ownsDatabase && <Note>{t('connect.report.owner')}</Note>}
      {role.memberOf.length > 0 && (
        <Note>{t('connect.report.memberOf', { roles: formatList(role.memberOf, i18n.language) })}</Note>
      )}
    </Line>
  );
}

function Privileges(props: { readonly report: ConnectionReport }): ReactElement {
  const { privileges, inRecovery, readOnlyByDefault } = props.report;
  const { t } = useTranslation();
  const { tables, readableTables, writableTables, createSchemas, createTables } = privileges;
  return (
    <Line
      label={t('connect.report.privileges')}
      tone={readableTables < tables ? 'warning' : inRecovery || readOnlyByDefault ? 'info' : 'success'}
    >
      {tables === 0
        ? t('connect.report.noTables')
        : t('connect.report.tables', {
            count: tables,
            tables: formatCount(tables),
            readable: formatCount(readableTables),
            writable: formatCount(writableTables),
          })}
      <Note>
        {t(
          createTables
            ? createSchemas
              ? 'connect.report.createsBoth'
              : 'connect.report.createsTables'
            : 'connect.report.createsNothing',
        )}
      </Note>
      {readOnlyByDefault && <Note>{t('connect.report.readOnlyByDefault')}</Note>}
    </Line>
  );
}

const icons = { success: CheckIcon, info: InfoIcon, warning: WarningIcon, error: WarningIcon };

interface LineProps {
  readonly label: string;
  readonly tone?: Exclude<ToneName, 'neutral'>;
  readonly children: ReactNode;
}

function Line({ label, tone = 'success', children }: LineProps): ReactElement {
  const Icon = icons[tone];
  return (
    <Box sx={{ position: 'relative', pl: 3.5, minWidth: 0 }}>
      <Typography component="dt" variant="caption" sx={{ color: 'text.secondary', fontWeight: 600 }}>
        <Icon
          aria-hidden
          sx={({ vars }) => ({
            position: 'absolute',
            left: 0,
            fontSize: 18,
            color: vars?.palette.console.tone[tone].ink,
          })}
        />
        {label}
      </Typography>
      <Typography
        component="dd"
        variant="body2"
        dir="auto"
        sx={{ m: 0, overflowWrap: 'anywhere', ...(tone === 'error' ? { fontWeight: 650 } : {}) }}
      >
        {children}
      </Typography>
    </Box>
  );
}

function Note({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Typography
      variant="caption"
      component="span"
      sx={{ display: 'block', color: 'text.secondary', mt: 0.25 }}
    >
      {children}
    </Typography>
  );
}
