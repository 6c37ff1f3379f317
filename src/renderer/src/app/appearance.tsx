import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import { CssBaseline } from '@mui/material';
import { ThemeProvider, useColorScheme } from '@mui/material/styles';
import type { ReactElement, ReactNode } from 'react';
import { cspNonce } from '../ui/csp-nonce';
import { dark, light } from '../ui/palette';
import { theme } from '../ui/theme';

const cache = createCache({ key: 'css', ...(cspNonce === undefined ? {} : { nonce: cspNonce }) });

/** Styles and colours. The chosen scheme is remembered in this browser or window. */
export function Appearance({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <CacheProvider value={cache}>
      <ThemeProvider theme={theme} defaultMode="system" modeStorageKey="litemaas.theme" noSsr>
        <CssBaseline />
        <PageColour />
        {children}
      </ThemeProvider>
    </CacheProvider>
  );
}

/** Names the page's background in the head: the desktop's next window opens in it, without a flash. */
function PageColour(): ReactElement {
  const { colorScheme } = useColorScheme();
  return <meta name="theme-color" content={(colorScheme === 'dark' ? dark : light).page} />;
}
