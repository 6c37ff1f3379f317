import LogoutIcon from '@mui/icons-material/LogoutOutlined';
import { Button } from '@mui/material';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../api/app-state';
import { bridge } from '../api/bridge';
import { toApiError } from '../api/api-error';
import { notify } from '../ui/notifications';

const ConfirmDialog = lazy(async () => ({ default: (await import('../ui/dialogs')).ConfirmDialog }));

/** Ends the session in browser mode, where a window may be left open on somebody else's machine. */
export function SessionButton(): ReactElement | null {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  // Once loaded it stays, to close as it opened.
  const [wasAsked, setWasAsked] = useState(false);
  const { link } = useConnection();
  const { endSession } = bridge().host;
  if (endSession === undefined || link === 'ended') return null;
  const end = (): void => {
    endSession().then(
      () => window.location.reload(),
      (error: unknown) => notify('error', toApiError(error).message),
    );
  };
  return (
    <>
      <Button
        color="inherit"
        size="small"
        startIcon={<LogoutIcon />}
        onClick={() => {
          setWasAsked(true);
          setIsAsking(true);
        }}
      >
        {t('app.session.end')}
      </Button>
      {wasAsked && (
        <Suspense>
          <ConfirmDialog
            open={isAsking}
            title={t('app.session.title')}
            confirmLabel={t('app.session.end')}
            onConfirm={end}
            onClose={() => setIsAsking(false)}
          >
            {t('app.session.body')}
          </ConfirmDialog>
        </Suspense>
      )}
    </>
  );
}
