import { Tooltip } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';

interface WhereAllowedProps {
  readonly mayWrite: boolean;
  /** Why not. */
  readonly reason: string;
  readonly children: ReactNode;
}

/** A button that is disabled, in a read-only workspace or for another reason, says why. */
export function WhereAllowed({ mayWrite, reason, children }: WhereAllowedProps): ReactElement {
  if (mayWrite) return <>{children}</>;
  return (
    <Tooltip title={reason}>
      <span>{children}</span>
    </Tooltip>
  );
}
