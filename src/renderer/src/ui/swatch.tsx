import { Box } from '@mui/material';
import type { ReactElement } from 'react';
import { environmentColour } from './environment';

/**
 * A workspace's colour as a small square, the console's own where it has none. Always beside words: colour is never
 * the only sign.
 */
export function Swatch(props: { readonly colour: string; readonly environmentLabel?: string }): ReactElement {
  const { colour, environmentLabel = '' } = props;
  return (
    <Box
      component="span"
      aria-hidden
      sx={({ vars }) => ({
        width: 11,
        height: 11,
        borderRadius: '4px',
        flex: 'none',
        backgroundColor:
          vars &&
          (environmentColour({ colour, environmentLabel }, vars.palette.console) ??
            vars.palette.primary.main),
      })}
    />
  );
}
