import { useSyncExternalStore } from 'react';

/** What may lie over any screen. */
export type Panel = 'palette' | 'shortcuts';

let open: Panel | null = null;
const listeners = new Set<() => void>();

/** Opens one, in place of the other; null closes. */
export function showPanel(panel: Panel | null): void {
  open = panel;
  for (const listener of listeners) listener();
}

export function usePanel(): Panel | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}
