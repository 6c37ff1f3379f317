import { Button, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mostSelectedRecords } from '../../../shared/contract/changes';
import { formatCount } from '../ui/format';
import { runPageAction } from '../ui/page-actions';

interface BulkNotesProps {
  readonly canWrite: boolean;
  readonly areTooMany: boolean;
}

/** Why what is selected cannot be changed here, and the way to where it can. */
export function BulkNotes({ canWrite, areTooMany }: BulkNotesProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {!canWrite && (
        <>
          <Note>{t('edit.bulk.readOnly')}</Note>
          <Button size="small" onClick={() => runPageAction('toAdminister')}>
            {t('app.workspace.toAdminister')}
          </Button>
        </>
      )}
      {areTooMany && <Note>{t('edit.bulk.tooMany', { formatted: formatCount(mostSelectedRecords) })}</Note>}
    </>
  );
}

function Note({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Typography variant="caption" sx={{ color: 'text.secondary' }}>
      {children}
    </Typography>
  );
}
