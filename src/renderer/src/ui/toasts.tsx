import { Alert, Box, Button, Snackbar } from '@mui/material';
import { useEffect, type ReactElement } from 'react';
import { railWidth } from './navigation';
import { dropNotification, type Notification, useNotifications } from './notifications';

/** What the buttons at the foot of a panel take. */
const buttonRowHeight = 72;

const shownForMs = 6_000;
/** Time enough to read, think and reach the button. */
const shownWithActionForMs = 20_000;

/** Shows what is told; screen readers hear each, politely unless it is an error. */
export function Toasts(): ReactElement {
  const shown = useNotifications();
  return (
    <Snackbar
      open={shown.length > 0}
      onClose={(_event, reason) => {
        const latest = shown.at(-1);
        if (reason === 'escapeKeyDown' && latest !== undefined) dropNotification(latest.id);
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
    const timer = setTimeout(() => dropNotification(id), durationMs);
    return () => clearTimeout(timer);
  }, [id, durationMs]);
  return (
    <Alert
      severity={tone}
      role={tone === 'error' ? 'alert' : 'status'}
      onClose={() => dropNotification(id)}
      {...(actions.length === 0
        ? {}
        : {
            action: actions.map((action) => (
              <Button
                key={action.label}
                color="inherit"
                size="small"
                onClick={() => {
                  dropNotification(id);
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
