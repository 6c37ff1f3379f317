import { useCallback, useRef, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useBeforeUnload, useBlocker } from 'react-router';
import { bridge } from '../api/bridge';
import { ConfirmDialog } from '../ui/dialogs';

interface LeaveGuard {
  readonly dialog: ReactElement;
  /** What is in the form was used: leaving loses nothing any more. */
  release(): void;
}

/** Asks before a form with changes is left, by a link, by "back", or by closing the browser's tab. */
export function useLeaveGuard(hasChanges: boolean): LeaveGuard {
  const { t } = useTranslation();
  const isReleased = useRef(false);
  const isLeaving = useRef(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      hasChanges && !isReleased.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useBeforeUnload(
    useCallback(
      (event) => {
        // On the desktop a window that refuses to close would do so without a word.
        if (hasChanges && !isReleased.current && bridge().host.kind === 'browser') event.preventDefault();
      },
      [hasChanges],
    ),
  );
  return {
    release: () => {
      isReleased.current = true;
    },
    dialog: (
      <ConfirmDialog
        open={blocker.state === 'blocked'}
        title={t('connect.leave.title')}
        confirmLabel={t('connect.leave.confirm')}
        onConfirm={() => {
          isLeaving.current = true;
          blocker.proceed?.();
        }}
        onClose={() => {
          if (!isLeaving.current) blocker.reset?.();
        }}
      >
        {t('connect.leave.body')}
      </ConfirmDialog>
    ),
  };
}
