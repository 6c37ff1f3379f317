import { Drawer } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { NavigationRail } from './navigation-rail';

interface NavigationDrawerProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The navigation of a narrow window, over the screen. */
export function NavigationDrawer({ open, onClose }: NavigationDrawerProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Drawer open={open} onClose={onClose} slotProps={{ paper: { 'aria-label': t('app.navigation.label') } }}>
      <NavigationRail onNavigate={onClose} />
    </Drawer>
  );
}
