import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import { CssBaseline } from '@mui/material';
import { ThemeProvider } from '@mui/material/styles';
import type { ReactElement, ReactNode } from 'react';
import { cspNonce } from './csp-nonce';
import { theme } from './theme';

const cache = createCache({ key: 'css', ...(cspNonce === undefined ? {} : { nonce: cspNonce }) });

/** Styles and colours. The chosen scheme is remembered in this browser or window. */
export function Appearance({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <CacheProvider value={cache}>
      <ThemeProvider theme={theme} defaultMode="system" modeStorageKey="litemaas.theme" noSsr>
        <CssBaseline />
        {children}
      </ThemeProvider>
    </CacheProvider>
  );
}
