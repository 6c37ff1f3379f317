import { Drawer, Typography } from '@mui/material';
import { useId, useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../ui/dialogs';
import { useLeaveGuard } from './leave-guard';

/** What the form in a panel can do with it. */
export interface PanelHandle {
  /** Says whether closing would lose something. */
  readonly setDirty: (isDirty: boolean) => void;
  /** Closes; asks first where something would be lost. */
  readonly cancel: () => void;
  /** Closes: what was in the form has been used. */
  readonly close: () => void;
}

interface EditPanelProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: (panel: PanelHandle) => ReactNode;
}

/** A panel beside what is changed in it, which stays in sight; it is not left unasked while its form differs. */
export function EditPanel({ title, open, onClose, children }: EditPanelProps): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [isDirty, setDirty] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  const close = (): void => {
    setDirty(false);
    onClose();
  };
  const cancel = (): void => (isDirty ? setIsLeaving(true) : close());
  return (
    <>
      <Drawer
        anchor="right"
        open={open}
        onClose={cancel}
        slotProps={{
          paper: {
            sx: { width: 480, maxWidth: '100%' },
            role: 'dialog',
            'aria-modal': true,
            'aria-labelledby': id,
          },
        }}
      >
        <Typography variant="h2" id={id} sx={{ px: 3, pt: 3, pb: 1, overflowWrap: 'anywhere' }}>
          {title}
        </Typography>
        {children({ setDirty, cancel, close })}
      </Drawer>
      <ConfirmDialog
        open={isLeaving}
        title={t('edit.leaveTitle')}
        confirmLabel={t('edit.leave')}
        onConfirm={close}
        onClose={() => setIsLeaving(false)}
      >
        {t('edit.leaveBody')}
      </ConfirmDialog>
      {open && isDirty && <LeaveGuard />}
    </>
  );
}

/** A page has one guard at a time, and several panels that may be opened: it is there only while it guards something. */
function LeaveGuard(): ReactElement {
  return useLeaveGuard(true).dialog;
}
