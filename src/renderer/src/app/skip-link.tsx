import { Link } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** Leads past the navigation. A button in nature: the address belongs to the routes. */
export function SkipLink(): ReactElement {
  const { t } = useTranslation();
  return (
    <Link
      component="button"
      onClick={() => document.getElementById('content')?.focus()}
      sx={{
        position: 'fixed',
        top: 8,
        left: 8,
        zIndex: 'tooltip',
        px: 2,
        py: 1,
        borderRadius: 1,
        backgroundColor: 'background.paper',
        boxShadow: 4,
        '&:not(:focus)': { top: -80 },
      }}
    >
      {t('app.skipToContent')}
    </Link>
  );
}
