import { useEffect, useRef } from 'react';

/** A failure belongs to what stood in the form: the next visit begins without it. */
export function useDismissOnLeaving(job: { readonly busy: boolean; dismiss(): void }): void {
  const latest = useRef(job);
  useEffect(() => {
    latest.current = job;
  });
  useEffect(
    () => () => {
      if (!latest.current.busy) latest.current.dismiss();
    },
    [],
  );
}
