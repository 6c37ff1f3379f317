import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/**
 * True while the page is printed. What is then rendered is on the paper: the browser asks for it right after telling.
 * The page prints in light colours whatever it shows on screen.
 */
export function useIsPrinting(): boolean {
  const [isPrinting, setIsPrinting] = useState(false);
  useEffect(() => {
    const root = document.documentElement;
    let scheme: string | undefined;
    const before = (): void => {
      scheme = root.dataset['theme'];
      root.dataset['theme'] = 'light';
      flushSync(() => setIsPrinting(true));
    };
    const after = (): void => {
      if (scheme !== undefined) root.dataset['theme'] = scheme;
      setIsPrinting(false);
    };
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return isPrinting;
}
