import { Box } from '@mui/material';
import type { ReactElement } from 'react';

interface CodeBlockProps {
  /** What it is, for screen readers. */
  readonly label: string;
  readonly text: string;
}

/** Text of a program as it stands: scrolls by itself, also by keyboard, and always runs left to right. */
export function CodeBlock({ label, text }: CodeBlockProps): ReactElement {
  return (
    <Box
      component="pre"
      tabIndex={0}
      role="group"
      aria-label={label}
      dir="ltr"
      sx={({ vars }) => ({
        m: 0,
        p: 1.5,
        maxHeight: 420,
        overflow: 'auto',
        fontSize: '0.8125rem',
        lineHeight: 1.5,
        fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',
        borderRadius: 1,
        backgroundColor: vars?.palette.background.default,
        border: `1px solid ${vars?.palette.divider}`,
      })}
    >
      {text}
    </Box>
  );
}
