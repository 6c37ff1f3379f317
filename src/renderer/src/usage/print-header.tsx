import { Box, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkspaceState } from '../../../shared/contract/app';
import type { DayRange } from '../components/calendar';
import { formatDay, formatInstant } from '../components/format';
import { Freshness } from '../components/freshness';

interface PrintHeaderProps {
  readonly workspace: WorkspaceState;
  readonly range: DayRange;
  readonly freshness: { readonly latestUsageAt: string | null; readonly timeZone: string } | undefined;
  readonly printedAt: Date;
}

/** What a sheet of paper has to say for itself: which database, which days of which zone, how fresh, when printed. */
export function PrintHeader({ workspace, range, freshness, printedAt }: PrintHeaderProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Box component="header" sx={{ mb: 2, pb: 1, borderBottom: '1px solid', borderColor: 'divider' }}>
      <Typography variant="h2" component="p" dir="auto">
        {t('usage.print.heading', { workspace: workspace.name })}
      </Typography>
      <Typography variant="body2" component="p">
        {t('usage.print.range', { from: formatDay(range.from), to: formatDay(range.to) })}
      </Typography>
      {freshness !== undefined && (
        <Typography variant="caption" component="p">
          <Freshness freshness={freshness} />
        </Typography>
      )}
      <Typography variant="caption" component="p">
        {t('usage.print.printedAt', {
          moment: formatInstant(printedAt.toISOString()),
          location: workspace.location,
        })}
      </Typography>
    </Box>
  );
}
