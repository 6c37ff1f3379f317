import { useEffect } from 'react';

/** Prints in light colours whatever the screen shows: paper is white. */
export function useLightPrint(): void {
  useEffect(() => {
    const root = document.documentElement;
    let scheme: string | undefined;
    const before = (): void => {
      scheme = root.dataset['theme'];
      root.dataset['theme'] = 'light';
    };
    const after = (): void => {
      if (scheme !== undefined) root.dataset['theme'] = scheme;
    };
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
}
