import { useEffect, useRef } from 'react';

/** Until dialogs have faded: they give the focus back to the button that opened them, which may be gone. */
const waitMs = 400;

/**
 * Moves the focus on when what held it has gone and left it nowhere: the keyboard would start at the top of the page.
 * @param isThere whether that which may hold the focus is shown.
 */
export function useFocusAfter(isThere: boolean, focus: () => void): void {
  const wasThere = useRef(isThere);
  const latest = useRef(focus);
  useEffect(() => {
    latest.current = focus;
  });
  useEffect(() => {
    const hasGone = wasThere.current && !isThere;
    wasThere.current = isThere;
    if (!hasGone) return undefined;
    const timer = setTimeout(() => {
      const { activeElement, body } = document;
      if (activeElement === null || activeElement === body) latest.current();
    }, waitMs);
    return () => clearTimeout(timer);
  }, [isThere]);
}
