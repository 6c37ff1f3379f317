import { Box, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../ui/states';
import { Appearance } from './appearance';

/** Instead of the shell when no session with the console could be had. */
export function StartFailed({ error }: { readonly error: unknown }): ReactElement {
  const { t } = useTranslation();
  return (
    <Appearance>
      <Box component="main" sx={{ maxWidth: 600, mx: 'auto', px: 3, pt: 10 }}>
        <Typography variant="h1" sx={{ mb: 2 }}>
          {t('app.name')}
        </Typography>
        <ErrorState error={error} title={t('app.startFailed')} onRetry={() => window.location.reload()} />
        <Typography variant="body2" sx={{ mt: 2, color: 'text.secondary' }}>
          {t('app.startFailedBody')}
        </Typography>
      </Box>
    </Appearance>
  );
}
