import { Alert, Button, Snackbar } from '@mui/material';
import { useSyncExternalStore, type ReactElement } from 'react';

interface Notification {
  readonly id: number;
  readonly tone: 'success' | 'info' | 'error';
  readonly message: string;
  readonly action: NotificationAction | undefined;
}

/** What a notification offers to do, for as long as it is shown. */
interface NotificationAction {
  readonly label: string;
  readonly run: () => void;
}

let current: Notification | null = null;
let count = 0;
const listeners = new Set<() => void>();

function set(next: Notification | null): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Tells the person in passing what has happened; what needs an answer belongs on the screen itself. */
export function notify(tone: Notification['tone'], message: string, action?: NotificationAction): void {
  count += 1;
  set({ id: count, tone, message, action });
}

const shownForMs = 6_000;
/** Time enough to read, think and reach the button. */
const shownWithActionForMs = 20_000;

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
      autoHideDuration={durationOf(shown)}
      onClose={(_event, reason) => {
        if (reason !== 'clickaway') set(null);
      }}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
    >
      <Alert
        severity={shown?.tone ?? 'info'}
        role={shown?.tone === 'error' ? 'alert' : 'status'}
        onClose={() => set(null)}
        {...(shown?.action === undefined ? {} : { action: <ActionButton {...shown.action} /> })}
        sx={{ boxShadow: 6 }}
      >
        {shown?.message ?? ''}
      </Alert>
    </Snackbar>
  );
}

function durationOf(shown: Notification | null): number | null {
  if (shown?.tone === 'error') return null;
  return shown?.action === undefined ? shownForMs : shownWithActionForMs;
}

function ActionButton({ label, run }: NotificationAction): ReactElement {
  return (
    <Button
      color="inherit"
      size="small"
      onClick={() => {
        set(null);
        run();
      }}
    >
      {label}
    </Button>
  );
}
