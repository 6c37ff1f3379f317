import { Box, Button, Stack, Typography } from '@mui/material';
import { useEffect, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { PageHeader } from '../ui/page-header';

/** A screen that threw: the shell around it stays. */
export function RouteError(): ReactElement {
  const { t } = useTranslation();
  const error = useRouteError();
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <Box role="alert">
      <PageHeader title={t('common.error.unexpected')} />
      <Stack sx={{ gap: 2, alignItems: 'flex-start' }}>
        <Typography variant="body2">{t('common.error.unexpectedBody')}</Typography>
        <Typography variant="body2" component="code" sx={{ overflowWrap: 'anywhere' }}>
          {error instanceof Error ? error.message : String(error)}
        </Typography>
        <Button variant="contained" onClick={() => window.location.reload()}>
          {t('common.error.reload')}
        </Button>
      </Stack>
    </Box>
  );
}
