import { Alert, Snackbar } from '@mui/material';
import { useSyncExternalStore, type ReactElement } from 'react';

interface Notification {
  readonly id: number;
  readonly tone: 'success' | 'info' | 'error';
  readonly message: string;
}

let current: Notification | null = null;
let count = 0;
const listeners = new Set<() => void>();

function set(next: Notification | null): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Tells the person in passing what has happened; what needs an answer belongs on the screen itself. */
export function notify(tone: Notification['tone'], message: string): void {
  count += 1;
  set({ id: count, tone, message });
}

const shownForMs = 6_000;

/** Shows the latest {@link notify}; screen readers hear it, politely unless it is an error. */
export function Notifications(): ReactElement {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
  return (
    <Snackbar
      key={shown?.id ?? 0}
      open={shown !== null}
      autoHideDuration={shown?.tone === 'error' ? null : shownForMs}
      onClose={(_event, reason) => {
        if (reason !== 'clickaway') set(null);
      }}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
    >
      <Alert
        severity={shown?.tone ?? 'info'}
        role={shown?.tone === 'error' ? 'alert' : 'status'}
        onClose={() => set(null)}
        sx={{ boxShadow: 6 }}
      >
        {shown?.message ?? ''}
      </Alert>
    </Snackbar>
  );
}
