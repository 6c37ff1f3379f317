import { Paper, Stack, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../ui/format';

interface AnswerPanelProps {
  /** The panel's name for screen readers. */
  readonly label: string;
  /** What came back, in a few words: announced when it changes. */
  readonly summary: string;
  readonly elapsedMs: number;
  /** What can be done with the answer. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** What a statement came back with: what and how fast in its header, the answer itself below. */
export function AnswerPanel({
  label,
  summary,
  elapsedMs,
  actions,
  children,
}: AnswerPanelProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Paper component="section" variant="outlined" aria-label={label} sx={{ minWidth: 0 }}>
      <Stack
        direction="row"
        sx={({ vars }) => ({
          px: 2,
          py: 1,
          columnGap: 2,
          rowGap: 0.5,
          alignItems: 'center',
          flexWrap: 'wrap',
          borderBottom: `1px solid ${vars?.palette.divider}`,
        })}
      >
        <Stack role="status" direction="row" sx={{ columnGap: 2, flexWrap: 'wrap', alignItems: 'baseline' }}>
          <Typography variant="body2" sx={{ fontWeight: 650 }}>
            {summary}
          </Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {t('sql.result.elapsed', { duration: formatDuration(elapsedMs) })}
          </Typography>
        </Stack>
        <Stack direction="row" sx={{ ml: 'auto', columnGap: 2, alignItems: 'center' }}>
          {actions}
        </Stack>
      </Stack>
      {children}
    </Paper>
  );
}
