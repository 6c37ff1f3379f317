import { Box } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';

/** A cell's main text with a quieter line below it, which may be missing. */
export function TwoLines({
  first,
  second,
}: {
  readonly first: ReactNode;
  readonly second: ReactNode;
}): ReactElement {
  return (
    <Box sx={{ minWidth: 0, width: '100%', lineHeight: 1.35 }}>
      <Box sx={{ minWidth: 0, display: 'flex' }}>{first}</Box>
      {second !== null && second !== undefined && (
        <Box sx={{ minWidth: 0, display: 'flex', fontSize: '0.78125rem', color: 'text.secondary' }}>
          {second}
        </Box>
      )}
    </Box>
  );
}
