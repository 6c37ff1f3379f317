import VisibilityIcon from '@mui/icons-material/VisibilityOutlined';
import { Button } from '@mui/material';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ApiError } from '../api/api-error';
import { call } from '../api/client';
import { Field, FieldList } from '../ui/field-list';
import { formatBytes, formatCount } from '../ui/format';
import { SecretDialog } from '../ui/secret-dialog';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { Instant } from '../ui/values';

type Status = AnswerOf<Contract['database']['status']>;

interface ServerSectionProps {
  readonly query: UseQueryResult<Status, ApiError>;
  /** Showing the password is audited, so it needs a writable, complete schema. */
  readonly canReveal: boolean;
}

/** What is known of the server, and how other programs connect to it. */
export function ServerSection({ query, canReveal }: ServerSectionProps): ReactElement {
  const { t } = useTranslation();
  const [isRevealing, setIsRevealing] = useState(false);
  return (
    <Section
      title={t('database.server.title')}
      actions={
        canReveal && (
          <Button size="small" startIcon={<VisibilityIcon />} onClick={() => setIsRevealing(true)}>
            {t('database.server.reveal')}
          </Button>
        )
      }
    >
      {query.error !== null && query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <LoadingLines lines={4} />
      ) : (
        <ServerFacts status={query.data} />
      )}
      {isRevealing && (
        <SecretDialog
          title={t('database.server.revealTitle')}
          label={t('database.server.connectionString')}
          reveal={async () => (await call('database', 'revealConnection', {})).secret}
          onClose={() => setIsRevealing(false)}
        />
      )}
    </Section>
  );
}

function ServerFacts({ status }: { readonly status: Status }): ReactElement {
  const { t } = useTranslation();
  const isLoopback = status.local !== null || /^(localhost|127\.|::1)/.test(status.host);
  return (
    <FieldList>
      <Field label={t('database.server.version')}>{status.serverVersion}</Field>
      <Field label={t('database.server.address')}>{`${status.host}:${status.port}`}</Field>
      <Field label={t('database.server.database')}>{status.database}</Field>
      <Field label={t('database.server.user')}>{status.user}</Field>
      <Field label={t('database.server.tls')}>
        {status.tls ?? t(isLoopback ? 'database.server.noTls' : 'database.server.noTlsRemote')}
      </Field>
      <Field label={t('database.server.size')}>{formatBytes(status.sizeBytes)}</Field>
      <Field label={t('database.server.started')}>
        <Instant value={status.startedAt} />
      </Field>
      <Field label={t('database.server.connections')}>
        {t('database.server.ofMax', {
          used: formatCount(status.connections.used),
          max: formatCount(status.connections.max),
        })}
      </Field>
      <Field label={t('database.server.encoding')}>{`${status.encoding}, ${status.locale}`}</Field>
      <Field label={t('database.server.recovery')}>
        {t(status.inRecovery ? 'database.server.standby' : 'database.server.primary')}
      </Field>
      <Field
        label={t('database.server.connectionString')}
        copy={status.connectionString}
        help={t('database.server.withoutPassword')}
        wide
      >
        <code>{status.connectionString}</code>
      </Field>
    </FieldList>
  );
}
