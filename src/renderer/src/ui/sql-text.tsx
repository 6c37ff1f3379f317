import { Box, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { CopyButton } from './copy-button';

interface SqlTextProps {
  readonly label: string;
  /** The same, and of what: no two on a screen are called alike. */
  readonly fullLabel: string;
  readonly sql: string;
}

/** A statement to read and to copy. Long ones scroll, by keyboard too. */
export function SqlText({ label, fullLabel, sql }: SqlTextProps): ReactElement {
  return (
    <Box sx={{ minWidth: 0 }}>
      <Stack direction="row" sx={{ alignItems: 'center', gap: 0.5, mb: 0.5 }}>
        <Typography variant="caption" sx={{ color: 'text.secondary', fontWeight: 500 }}>
          {label}
        </Typography>
        <CopyButton value={sql} label={fullLabel} />
      </Stack>
      <Box
        component="pre"
        tabIndex={0}
        role="region"
        aria-label={fullLabel}
        dir="ltr"
        sx={({ vars }) => ({
          m: 0,
          p: 1.25,
          maxHeight: 260,
          overflow: 'auto',
          borderRadius: 1,
          border: `1px solid ${vars?.palette.divider}`,
          backgroundColor: vars?.palette.console.tone.neutral.ground,
          fontSize: '0.8125rem',
          lineHeight: 1.5,
          '&:focus-visible': { outline: `2px solid ${vars?.palette.primary.main}`, outlineOffset: 1 },
        })}
      >
        <code>{sql}</code>
      </Box>
    </Box>
  );
}
