import { Alert, Box, Button, Collapse } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../api/app-state';
import { useJob } from '../api/use-job';

/** Says so when the console or its database stopped answering; goes by itself when they are back. */
export function ConnectionBanner(): ReactElement {
  const { t } = useTranslation();
  const { state, link } = useConnection();
  const start = useJob('database', 'startServer');
  const isDatabaseLost = state?.workspace?.connection === 'lost';
  return (
    <Box aria-live="assertive">
      <Collapse in={link === 'lost' || isDatabaseLost} unmountOnExit>
        <Alert
          severity="error"
          variant="standard"
          sx={{ borderRadius: 0, px: { xs: 2, md: 3.5 } }}
          action={
            link !== 'lost' && state?.workspace?.kind === 'local' ? (
              <Button color="inherit" size="small" disabled={start.busy} onClick={() => start.start({})}>
                {t('app.connection.startServer')}
              </Button>
            ) : undefined
          }
        >
          {link !== 'lost'
            ? t('app.connection.databaseLost', { location: state?.workspace?.location ?? '' })
            : t('app.connection.consoleLost')}
        </Alert>
      </Collapse>
    </Box>
  );
}
