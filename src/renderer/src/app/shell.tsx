import { Box, LinearProgress, useMediaQuery } from '@mui/material';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, ScrollRestoration, useNavigation } from 'react-router';
import { useConnection, useWorkspace } from '../api/app-state';
import { ReviewHost } from '../review/review-host';
import { SearchHost } from '../search/search-host';
import { railWidth } from '../ui/navigation';
import { ConnectionBanner } from './connection-banner';
import { SessionEndedPage } from './session-ended-page';
import { NavigationRail } from './navigation-rail';
import { SkipLink } from './skip-link';
import { TopBar } from './top-bar';
import { useLightPrint } from './use-light-print';

// Only narrow windows have one.
const NavigationDrawer = lazy(async () => ({
  default: (await import('./navigation-drawer')).NavigationDrawer,
}));

/** The frame around every screen: navigation, the bar that says which database this is, banners, content. */
export function Shell(): ReactElement {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const isWide = useMediaQuery((theme) => theme.breakpoints.up('md'));
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const isLoadingScreen = useNavigation().state === 'loading';
  const { link } = useConnection();
  useLightPrint();
  const hasRail = workspace !== null && link !== 'ended';
  return (
    <>
      <SkipLink />
      {hasRail && isWide && (
        <Box data-screen-only sx={{ position: 'fixed', insetBlock: 0, left: 0, zIndex: 'appBar' }}>
          <NavigationRail />
        </Box>
      )}
      {hasRail && !isWide && (
        <Suspense>
          <NavigationDrawer open={isMenuOpen} onClose={() => setIsMenuOpen(false)} />
        </Suspense>
      )}
      <Box
        sx={{
          ml: hasRail && isWide ? `${railWidth}px` : 0,
          minHeight: '100vh',
          display: 'flex',
          flexDirection: 'column',
          '@media print': { ml: 0, minHeight: 0 },
        }}
      >
        <TopBar {...(hasRail && !isWide ? { onMenu: () => setIsMenuOpen(true) } : {})} />
        {isLoadingScreen && (
          <LinearProgress
            aria-label={t('common.loading')}
            sx={{ position: 'fixed', top: 0, left: 0, right: 0, height: 3, zIndex: 'tooltip' }}
          />
        )}
        <ConnectionBanner />
        <Box
          component="main"
          id="content"
          tabIndex={-1}
          sx={{
            flex: 1,
            width: '100%',
            maxWidth: 1680,
            mx: 'auto',
            px: { xs: 2, md: 3.5 },
            pt: 3,
            pb: 6,
            '@media print': { p: 0, maxWidth: 'none' },
          }}
        >
          {link === 'ended' ? <SessionEndedPage /> : <Outlet />}
        </Box>
      </Box>
      {link !== 'ended' && <SearchHost />}
      {workspace !== null && link !== 'ended' && <ReviewHost key={workspace.id} />}
      <ScrollRestoration getKey={(location) => location.pathname} />
    </>
  );
}
