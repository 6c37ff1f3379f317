import { Button } from '@mui/material';
import type { ReactElement } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { ConnectionValues } from './connection-values';

/** Leads from a refused sign-in to the exception that the refusal names: it is elsewhere in a long form. */
export function ToWeakSignIn(): ReactElement {
  const { t } = useTranslation();
  const { setFocus } = useFormContext<ConnectionValues>();
  return (
    <Button
      size="small"
      variant="outlined"
      color="inherit"
      onClick={() => setFocus('weakSignInAllowed')}
      sx={{ alignSelf: 'flex-start' }}
    >
      {t('connect.tls.toWeakSignIn')}
    </Button>
  );
}
