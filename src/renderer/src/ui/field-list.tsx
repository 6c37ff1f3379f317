import { Box, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { CopyButton } from './copy-button';
import { NotRecorded } from './values';

/** Label and value pairs of a record, in as many columns as there is room for. */
export function FieldList({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(200px, 100%), 1fr))',
        columnGap: 3,
        rowGap: 1.75,
      }}
    >
      {children}
    </Box>
  );
}

interface FieldProps {
  readonly label: string;
  /** Null shows a dash. */
  readonly children: ReactNode;
  /** Offers to copy this text. */
  readonly copy?: string | undefined;
  /** Takes the whole row. */
  readonly wide?: boolean;
  /** Why the value is what it is. */
  readonly help?: ReactNode;
}

export function Field({ label, children, copy, wide = false, help }: FieldProps): ReactElement {
  return (
    <Box sx={{ minWidth: 0, ...(wide ? { gridColumn: '1 / -1' } : {}) }}>
      <Typography component="dt" variant="caption" sx={{ color: 'text.secondary', fontWeight: 500 }}>
        {label}
      </Typography>
      <Box component="dd" sx={{ m: 0, display: 'flex', alignItems: 'center', gap: 0.5, minWidth: 0 }}>
        <Typography variant="body2" component="div" sx={{ minWidth: 0, overflowWrap: 'anywhere' }} dir="auto">
          {children === null || children === undefined || children === '' ? <NotRecorded /> : children}
        </Typography>
        {copy !== undefined && <CopyButton value={copy} label={label} />}
      </Box>
      {help !== undefined && (
        <Typography
          variant="caption"
          component="dd"
          sx={{ m: 0, color: 'text.secondary', overflowWrap: 'anywhere' }}
        >
          {help}
        </Typography>
      )}
    </Box>
  );
}
