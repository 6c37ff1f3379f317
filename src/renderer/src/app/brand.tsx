import { Box, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** Mark and name of the console, for a dark ground. */
export function Brand(): ReactElement {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, px: 2.25, height: 60, mb: 1 }}>
      <BrandMark />
      <Typography sx={{ fontWeight: 700, fontSize: '0.9375rem', letterSpacing: '-0.01em', lineHeight: 1.1 }}>
        {t('app.brand')}
        <Box
          component="span"
          sx={({ vars }) => ({
            display: 'block',
            fontWeight: 500,
            fontSize: '0.75rem',
            color: vars?.palette.console.rail.inkSoft,
          })}
        >
          {t('app.brandSuffix')}
        </Box>
      </Typography>
    </Box>
  );
}

/** Three quotas, one of them used up. */
export function BrandMark({ size = 26 }: { readonly size?: number }): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 26 26" aria-hidden focusable="false">
      <rect width="26" height="26" rx="6.5" fill="#1f5a63" />
      <rect x="6" y="12.5" width="3.6" height="7.5" rx="1.4" fill="#8fd0d6" />
      <rect x="11.2" y="9" width="3.6" height="11" rx="1.4" fill="#d3eef0" />
      <rect x="16.4" y="6" width="3.6" height="14" rx="1.4" fill="#f0b35b" />
    </svg>
  );
}
