import { Alert } from '@mui/material';
import type { ReactElement } from 'react';
import { useProcedureQuery } from '../api/use-procedure';

/** Says where passwords and keys go when that is not a protecting keychain. */
export function SecretStoreNotice(): ReactElement | null {
  const info = useProcedureQuery('app', 'info', {});
  if (info.data === undefined || info.data.secretStore.state === 'protected') return null;
  return (
    <Alert severity={info.data.secretStore.state === 'weak' ? 'warning' : 'info'}>
      {info.data.secretStore.message}
    </Alert>
  );
}
