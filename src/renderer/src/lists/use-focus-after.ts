import { useEffect, useRef } from 'react';

/** Dialogs fade first, and give the focus back to the button that opened them, which may be gone. */
const lookEveryMs = 100;
const mostLooks = 50;

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
    let looks = 0;
    const timer = setInterval(() => {
      looks += 1;
      const { activeElement, body } = document;
      const isLost = activeElement === null || activeElement === body;
      if (document.querySelector('[role=dialog]') !== null && looks < mostLooks) return;
      clearInterval(timer);
      if (isLost) latest.current();
    }, lookEveryMs);
    return () => clearInterval(timer);
  }, [isThere]);
}
