import { Box, Tooltip } from '@mui/material';
import type { ReactElement } from 'react';
import { useIsCut } from './use-is-cut';
import { visibleName } from './visible-name';

/**
 * A name a person chose: in its own writing direction, cut with an ellipsis where there is no room, whole in the
 * tooltip then.
 */
export function NameText({ children }: { readonly children: string }): ReactElement {
  const { isCut, onMouseEnter } = useIsCut();
  return (
    <Tooltip title={isCut ? <span dir="auto">{children}</span> : ''}>
      <Box
        component="span"
        dir="auto"
        onMouseEnter={onMouseEnter}
        sx={{
          display: 'inline-block',
          maxWidth: '100%',
          overflow: 'hidden',
          textOverflow: 'ellipsis',
          whiteSpace: 'nowrap',
          verticalAlign: 'bottom',
        }}
      >
        {visibleName(children)}
      </Box>
    </Tooltip>
  );
}
