import { Box, Paper, Stack, Typography } from '@mui/material';
import { useId, type ReactElement, type ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Without inner margin: for a table that reaches the edges. */
  readonly flush?: boolean;
}

/** A titled part of a page on a surface of its own. */
export function Section({
  title,
  description,
  actions,
  children,
  flush = false,
}: SectionProps): ReactElement {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} variant="outlined" sx={{ minWidth: 0 }}>
      <Stack
        direction="row"
        sx={{ alignItems: 'flex-start', gap: 1.5, px: 2.5, pt: 2, pb: 1, flexWrap: 'wrap' }}
      >
        <Box sx={{ flex: '1 1 200px', minWidth: 0 }}>
          <Typography variant="h2" id={id} sx={{ overflowWrap: 'anywhere' }}>
            {title}
          </Typography>
          {description !== undefined && (
            <Typography
              variant="body2"
              component="div"
              sx={{ color: 'text.secondary', mt: 0.25, overflowWrap: 'anywhere' }}
            >
              {description}
            </Typography>
          )}
        </Box>
        {actions !== undefined && (
          <Stack direction="row" sx={{ gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
            {actions}
          </Stack>
        )}
      </Stack>
      <Box sx={flush ? { pb: 0.5 } : { px: 2.5, pb: 2.25 }}>{children}</Box>
    </Paper>
  );
}
