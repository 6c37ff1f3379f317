import { Container, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../components/states';
import { Appearance } from './appearance';

/** Instead of the shell when no session with the console could be had. */
export function StartFailed({ error }: { readonly error: unknown }): ReactElement {
  const { t } = useTranslation();
  return (
    <Appearance>
      <Container component="main" maxWidth="sm" sx={{ pt: 10 }}>
        <Typography variant="h1" sx={{ mb: 2 }}>
          {t('app.name')}
        </Typography>
        <ErrorState error={error} title={t('app.startFailed')} onRetry={() => window.location.reload()} />
        <Typography variant="body2" sx={{ mt: 2, color: 'text.secondary' }}>
          {t('app.startFailedBody')}
        </Typography>
      </Container>
    </Appearance>
  );
}
