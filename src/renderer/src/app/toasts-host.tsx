import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useNotifications } from '../ui/notifications';

// The first screens have nothing to tell.
const Toasts = lazy(async () => ({ default: (await import('../ui/toasts')).Toasts }));

/** Loads what shows notifications with the first of them. */
export function ToastsHost(): ReactElement | null {
  const isTold = useNotifications().length > 0;
  const [isNeeded, setIsNeeded] = useState(false);
  if (!isNeeded && isTold) setIsNeeded(true);
  if (!isNeeded) return null;
  return (
    <Suspense>
      <Toasts />
    </Suspense>
  );
}
