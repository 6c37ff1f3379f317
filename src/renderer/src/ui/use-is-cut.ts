import { useState, type MouseEvent } from 'react';

/**
 * Whether a text was cut off when the pointer last came upon it, and the handler that finds out: only then does a tooltip
 * say more than the text.
 */
export function useIsCut(): {
  readonly isCut: boolean;
  readonly onMouseEnter: (event: MouseEvent<HTMLElement>) => void;
} {
  const [isCut, setIsCut] = useState(false);
  return {
    isCut,
    onMouseEnter: ({ currentTarget }) => setIsCut(currentTarget.scrollWidth > currentTarget.clientWidth),
  };
}
