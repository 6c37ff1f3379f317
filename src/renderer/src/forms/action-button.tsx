import { Button, Tooltip, type ButtonProps } from '@mui/material';
import type { ReactElement } from 'react';

interface ActionButtonProps extends ButtonProps {
  /** Why it can't be done; undefined where it can. */
  readonly obstacle: string | undefined;
}

/** A button that is disabled, in a read-only workspace or for another reason, says why. */
export function ActionButton({ obstacle, ...button }: ActionButtonProps): ReactElement {
  if (obstacle === undefined) return <Button {...button} />;
  return (
    <Tooltip title={obstacle}>
      <span>
        <Button {...button} disabled />
      </span>
    </Tooltip>
  );
}
