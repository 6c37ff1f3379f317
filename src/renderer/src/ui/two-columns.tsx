import { Box } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';

/** Sections side by side where there is room for two. */
export function TwoColumns({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 3fr) minmax(0, 2fr)' },
        alignItems: 'start',
      }}
    >
      {children}
    </Box>
  );
}
