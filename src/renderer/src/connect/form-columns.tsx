import { Box } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';

/** A long form beside the panel that submits it; below each other where there is no room. */
export function FormColumns(props: {
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <Box
      component="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit();
      }}
      sx={{
        display: 'grid',
        gap: 2.5,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 7fr) minmax(0, 5fr)' },
        alignItems: 'start',
        maxWidth: 1360,
      }}
    >
      {props.children}
    </Box>
  );
}
