import { Box, Link, Paper, Skeleton, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';

/** Tiles side by side, as many as there is room for. */
export function TileRow({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Box
      sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(max(150px, 20%), 1fr))' }}
    >
      {children}
    </Box>
  );
}

interface TileProps {
  readonly label: string;
  /** Undefined while it is read. */
  readonly value: ReactNode | undefined;
  readonly note?: ReactNode;
  /** The screen that shows what is counted. */
  readonly to?: string;
}

/** One figure with its name and what it means. */
export function Tile({ label, value, note, to }: TileProps): ReactElement {
  return (
    <Paper variant="outlined" sx={{ px: 2.25, py: 1.75, minWidth: 0 }}>
      <Typography variant="body2" sx={{ color: 'text.secondary', fontWeight: 550 }}>
        {to === undefined ? (
          label
        ) : (
          <Link component={RouterLink} to={to} color="inherit">
            {label}
          </Link>
        )}
      </Typography>
      <Typography
        component="p"
        className="tabular"
        sx={{ fontSize: '1.625rem', fontWeight: 650, letterSpacing: '-0.02em', lineHeight: 1.35 }}
      >
        {value === undefined ? <Skeleton width="50%" /> : value}
      </Typography>
      <Typography variant="caption" component="p" sx={{ color: 'text.secondary', minHeight: '1.45em' }}>
        {value === undefined ? <Skeleton width="70%" /> : note}
      </Typography>
    </Paper>
  );
}
