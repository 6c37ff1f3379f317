import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Stack, Typography } from '@mui/material';
import { lazy, Suspense, useId, useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

// Text fields are a large part of the library, and most confirmations have none.
const TypedText = lazy(async () => ({ default: (await import('./typed-text')).TypedText }));

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly children: ReactNode;
  readonly confirmLabel: string;
  /** Destroys something: the button is red. */
  readonly destructive?: boolean;
  /** Must be typed before confirming: the name of what will be gone. */
  readonly typed?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that is not easily taken back. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactElement {
  const { open, title, children, confirmLabel, destructive = false, typed, onConfirm, onClose } = props;
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const id = useId();
  const isAllowed = typed === undefined || text === typed;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      aria-labelledby={id}
      maxWidth="sm"
      fullWidth
      slotProps={{ transition: { onExited: () => setText('') } }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isAllowed) return;
          onConfirm();
          onClose();
        }}
      >
        <DialogTitle id={id}>{title}</DialogTitle>
        <DialogContent>
          <Stack sx={{ gap: 2 }}>
            <Typography variant="body2" component="div">
              {children}
            </Typography>
            {typed !== undefined && (
              <Suspense>
                <TypedText expected={typed} value={text} onChange={setText} />
              </Suspense>
            )}
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="contained"
            color={destructive ? 'error' : 'primary'}
            disabled={!isAllowed}
          >
            {confirmLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
