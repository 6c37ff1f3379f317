import { Box } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';

/** Text for screen readers where eyes see it from the context. */
export function VisuallyHidden({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Box
      component="span"
      sx={{
        position: 'absolute',
        width: '1px',
        height: '1px',
        overflow: 'hidden',
        clipPath: 'inset(50%)',
        whiteSpace: 'nowrap',
      }}
    >
      {children}
    </Box>
  );
}
