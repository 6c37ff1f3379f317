import { Box, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import type { ToneName } from '../ui/theme';
import { Field, FieldList } from '../ui/field-list';
import { AllowUnprotected } from '../connect/allow-unprotected';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { StatusChip } from '../ui/status-chip';

const tones: Record<'protected' | 'memory' | 'weak', ToneName> = {
  protected: 'success',
  memory: 'info',
  weak: 'warning',
};

/** What keeps passwords and keys, and whether it protects them. */
export function SecretStoreSection(): ReactElement {
  const { t } = useTranslation();
  const info = useProcedureQuery('app', 'info', {});
  const store = info.data?.secretStore;
  return (
    <Section title={t('settings.secrets.title')}>
      {info.error !== null ? (
        <ErrorState error={info.error} onRetry={() => void info.refetch()} />
      ) : store === undefined ? (
        <LoadingLines lines={2} />
      ) : (
        <>
          <FieldList>
            <Field label={t('settings.secrets.protection')}>
              <StatusChip tone={tones[store.state]} label={t(`settings.secrets.${store.state}`)} />
            </Field>
            <Field label={t('settings.secrets.kept')}>
              {store.state === 'memory' ? t('settings.secrets.inMemory') : store.backend}
            </Field>
          </FieldList>
          {store.message !== '' && (
            <Box sx={{ mt: 1.5 }}>
              <Typography variant="body2">{store.message}</Typography>
            </Box>
          )}
          {/* Only the desktop has a place on disk that protects nothing. */}
          {info.data?.host === 'desktop' && store.state !== 'protected' && (
            <AllowUnprotected isAllowed={store.state === 'weak'} />
          )}
        </>
      )}
    </Section>
  );
}
