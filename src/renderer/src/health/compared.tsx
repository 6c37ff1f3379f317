import { Box, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

interface ComparedProps {
  readonly log: string;
  readonly others: readonly { readonly label: string; readonly value: string }[];
  /** The log is not all there: the others are shown, not compared. */
  readonly isArchived: boolean;
  readonly show: (value: string) => ReactElement;
}

/** The log's figure, and under it by name each derived one that is another. */
export function Compared({ log, others, isArchived, show }: ComparedProps): ReactElement {
  const { t } = useTranslation();
  const different = isArchived ? others.slice(-1) : others.filter(({ value }) => value !== log);
  return (
    <Box className="tabular">
      {!isArchived && show(log)}
      {different.map(({ label, value }) => (
        <Typography
          key={label}
          variant="caption"
          component="div"
          sx={({ vars }) => ({
            color: isArchived ? vars?.palette.text.secondary : vars?.palette.console.tone.error.ink,
          })}
        >
          {t('health.reconcile.named', { label })} {show(value)}
        </Typography>
      ))}
    </Box>
  );
}
