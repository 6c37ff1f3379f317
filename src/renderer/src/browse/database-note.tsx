import { Alert } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../api/app-state';
import { StatusChip } from '../ui/status-chip';

/** Which database this is, where it is not one that this console made. */
export function DatabaseNote(): ReactElement | null {
  const passport = useWorkspace()?.passport;
  if (passport === undefined || passport.kind === 'console') return null;
  return (
    <Alert severity="info" sx={{ mb: 2 }}>
      <bdi>{passport.statement}</bdi>
    </Alert>
  );
}

/** Looking changes nothing here, whatever the workspace allows elsewhere. */
export function ReadOnlyChip(): ReactElement {
  const { t } = useTranslation();
  return <StatusChip tone="neutral" label={t('browse.readOnly')} />;
}
