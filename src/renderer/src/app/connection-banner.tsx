import { Alert, Box, Button, Collapse } from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error';
import { useConnection } from '../api/app-state';
import { useJob } from '../api/use-job';
import { ErrorText } from '../ui/states';

/** Says so when the console or its database stopped answering; goes by itself when they are back. */
export function ConnectionBanner(): ReactElement {
  const { t } = useTranslation();
  const { state, link } = useConnection();
  const workspace = state?.workspace ?? null;
  return (
    <Box aria-live="assertive">
      <Collapse in={link === 'lost' || workspace?.connection === 'lost'} unmountOnExit>
        {link !== 'lost' && workspace?.kind === 'local' ? (
          <LocalServerLost location={workspace.location} />
        ) : (
          <Banner>
            {link === 'lost'
              ? t('app.connection.consoleLost')
              : t('app.connection.databaseLost', { location: workspace?.location ?? '' })}
          </Banner>
        )}
      </Collapse>
    </Box>
  );
}

/** The local database's server can be started from here; why it did not start is said here too. */
function LocalServerLost({ location }: { readonly location: string }): ReactElement {
  const { t } = useTranslation();
  const start = useJob('database', 'startServer');
  // What failed at another time is no news.
  const [wasAsked, setWasAsked] = useState(false);
  const failure = start.startError ?? (start.job?.error ? new ApiError(start.job.error) : null);
  return (
    <Banner
      action={
        <Button
          color="inherit"
          size="small"
          loading={start.busy}
          onClick={() => {
            setWasAsked(true);
            start.start({});
          }}
        >
          {t('app.connection.startServer')}
        </Button>
      }
    >
      {t('app.connection.databaseLost', { location })}
      {wasAsked && !start.busy && failure !== null && <ErrorText error={failure} />}
    </Banner>
  );
}

function Banner(props: { readonly children: ReactNode; readonly action?: ReactNode }): ReactElement {
  return (
    <Alert
      severity="error"
      variant="standard"
      sx={{ borderRadius: 0, px: { xs: 2, md: 3.5 } }}
      action={props.action}
    >
      {props.children}
    </Alert>
  );
}
