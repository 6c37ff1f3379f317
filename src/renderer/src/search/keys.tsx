import { Box } from '@mui/material';
import { Fragment, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { keyLabels } from './shortcut-keys';

/** Keys as they are pressed, one after the other. */
export function Keys({ keys }: { readonly keys: readonly string[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Box component="span" sx={{ display: 'inline-flex', gap: 0.5, alignItems: 'center', flex: 'none' }}>
      {keys.map((key, place) => (
        <Fragment key={place}>
          {place > 0 && (
            <Box component="span" sx={{ fontSize: '0.71875rem', color: 'text.secondary' }}>
              {t('common.thenKey')}
            </Box>
          )}
          {keyLabels(key).map((label) => (
            <Box
              component="kbd"
              key={label}
              sx={({ vars }) => ({
                fontFamily: 'inherit',
                fontSize: '0.71875rem',
                fontWeight: 600,
                lineHeight: '18px',
                minWidth: 20,
                px: 0.5,
                textAlign: 'center',
                borderRadius: '4px',
                border: `1px solid ${vars?.palette.divider}`,
                color: vars?.palette.text.secondary,
                backgroundColor: vars?.palette.background.default,
              })}
            >
              {label}
            </Box>
          ))}
        </Fragment>
      ))}
    </Box>
  );
}
