import AddIcon from '@mui/icons-material/Add';
import { Button, Tooltip } from '@mui/material';
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { useWorkspace } from '../../api/app-state';
import { usePageAction } from '../../ui/page-actions';
import { CreateUsers } from './create-users';

/** Opens the panel in which users are created; in a read-only workspace it says why it can't. */
export function NewUserButton(): ReactElement {
  const { t } = useTranslation();
  const mayWrite = useWorkspace()?.access === 'administer';
  const [isOpen, setIsOpen] = useState(false);
  usePageAction('newUser', mayWrite ? () => setIsOpen(true) : undefined);
  useWishFromElsewhere(mayWrite, () => setIsOpen(true));
  const button = (
    <Button variant="contained" startIcon={<AddIcon />} disabled={!mayWrite} onClick={() => setIsOpen(true)}>
      {t('users.create.button')}
    </Button>
  );
  return (
    <>
      {mayWrite ? (
        button
      ) : (
        <Tooltip title={t('users.create.readOnly')}>
          <span>{button}</span>
        </Tooltip>
      )}
      <CreateUsers open={isOpen} onClose={() => setIsOpen(false)} />
    </>
  );
}

/** The palette leads here from other screens; going back or reloading does not ask again. */
function useWishFromElsewhere(mayWrite: boolean, open: () => void): void {
  const { pathname, search, ...location } = useLocation();
  const navigate = useNavigate();
  const state = location.state as { readonly isNewUser?: unknown } | null;
  const isWished = mayWrite && state?.isNewUser === true;
  useEffect(() => {
    if (!isWished) return;
    void navigate({ pathname, search }, { replace: true, state: null });
    open();
    // Once for each wish.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isWished]);
}
