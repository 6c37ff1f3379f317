import { Alert, Box, Button, Snackbar } from '@mui/material';
import { useEffect, useSyncExternalStore, type ReactElement } from 'react';
import { railWidth } from './navigation';

interface Notification {
  readonly id: number;
  readonly tone: 'success' | 'info' | 'error';
  readonly message: string;
  readonly actions: readonly NotificationAction[];
}

/** What a notification offers to do, for as long as it is shown. */
export interface NotificationAction {
  readonly label: string;
  readonly run: () => void;
}

/** More would cover the screen; the oldest makes room. */
const mostShown = 4;

let current: readonly Notification[] = [];
let count = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notification[]): void {
  current = next;
  for (const listener of listeners) listener();
}

function drop(id: number): void {
  set(current.filter((each) => each.id !== id));
}

/**
 * Tells the person in passing what has happened; what needs an answer belongs on the screen itself. It takes the place
 * of the one before, unless that offers something: an offer stays until it is taken or its time is over.
 */
export function notify(
  tone: Notification['tone'],
  message: string,
  ...actions: readonly NotificationAction[]
): void {
  count += 1;
  const offers = current.filter((each) => each.actions.length > 0);
  set([...offers, { id: count, tone, message, actions }].slice(-mostShown));
}

/** Takes away what offers something: it is about a database that is left. */
export function withdrawOffers(): void {
  set(current.filter(({ actions }) => actions.length === 0));
}

/** What the buttons at the foot of a panel take. */
const buttonRowHeight = 72;

const shownForMs = 6_000;
/** Time enough to read, think and reach the button. */
const shownWithActionForMs = 20_000;

/** Shows the latest {@link notify} and the offers before it; screen readers hear each, politely unless it is an error. */
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
      open={shown.length > 0}
      onClose={(_event, reason) => {
        const latest = shown.at(-1);
        if (reason === 'escapeKeyDown' && latest !== undefined) drop(latest.id);
      }}
      // Panels and dialogs have their buttons at the right; in a narrow window those take the whole width.
      anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
      sx={({ breakpoints }) => ({
        [breakpoints.down('sm')]: { bottom: buttonRowHeight + 8 },
        [breakpoints.up('md')]: { left: railWidth + 24 },
      })}
    >
      {/* No Stack: the transition hands its own `direction` on to its child, and they would stand in a row. */}
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 1, alignItems: 'flex-start' }}>
        {shown.map((notification) => (
          <Toast key={notification.id} notification={notification} />
        ))}
      </Box>
    </Snackbar>
  );
}

function Toast({ notification }: { readonly notification: Notification }): ReactElement {
  const { id, tone, message, actions } = notification;
  const durationMs = durationOf(notification);
  useEffect(() => {
    if (durationMs === null) return undefined;
    const timer = setTimeout(() => drop(id), durationMs);
    return () => clearTimeout(timer);
  }, [id, durationMs]);
  return (
    <Alert
      severity={tone}
      role={tone === 'error' ? 'alert' : 'status'}
      onClose={() => drop(id)}
      {...(actions.length === 0
        ? {}
        : {
            action: actions.map((action) => (
              <Button
                key={action.label}
                color="inherit"
                size="small"
                onClick={() => {
                  drop(id);
                  action.run();
                }}
              >
                {action.label}
              </Button>
            )),
          })}
      sx={{ boxShadow: 6 }}
    >
      {message}
    </Alert>
  );
}

function durationOf({ tone, actions }: Notification): number | null {
  if (tone === 'error') return null;
  return actions.length === 0 ? shownForMs : shownWithActionForMs;
}
