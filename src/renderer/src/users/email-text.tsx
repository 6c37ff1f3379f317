import { Tooltip } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { NameText } from '../ui/name-text';
import { StatusChip } from '../ui/status-chip';

/** An e-mail address, or the mark that there is none. */
export function EmailText({ email }: { readonly email: string | null }): ReactElement {
  const { t } = useTranslation();
  if (email !== null) return <NameText>{email}</NameText>;
  return (
    <Tooltip title={t('records.emailMissingHelp')}>
      <span>
        <StatusChip tone="warning" label={t('records.emailMissing')} />
      </span>
    </Tooltip>
  );
}
