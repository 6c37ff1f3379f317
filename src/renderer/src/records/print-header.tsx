import { Box, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkspaceState } from '../../../shared/contract/app';
import { formatInstant } from '../ui/format';

interface PrintHeaderProps {
  readonly workspace: WorkspaceState;
  readonly printedAt: Date;
}

/** What a sheet of paper has to say beside the page's own header: which database this is of, and when it was. */
export function PrintHeader({ workspace, printedAt }: PrintHeaderProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Box component="header" sx={{ mb: 2, pb: 1, borderBottom: '1px solid', borderColor: 'divider' }}>
      <Typography variant="h2" component="p" dir="auto">
        {t('records.print.heading', { workspace: workspace.name })}
      </Typography>
      <Typography variant="caption" component="p">
        {t('records.print.printedAt', {
          moment: formatInstant(printedAt.toISOString()),
          location: workspace.location,
        })}
      </Typography>
    </Box>
  );
}
