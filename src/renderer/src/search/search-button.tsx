import SearchIcon from '@mui/icons-material/Search';
import { Box, Button } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Keys } from './keys';
import { openPalette } from './commands';
import { showPanel } from './panels';
import { isMac } from './shortcut-keys';

/** Opens the command palette, and says by which keys it opens too. */
export function SearchButton(): ReactElement {
  const { t } = useTranslation();
  return (
    <Button
      color="inherit"
      size="small"
      variant="outlined"
      aria-haspopup="dialog"
      aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
      startIcon={<SearchIcon />}
      onClick={() => showPanel('palette')}
      sx={({ vars }) => ({
        fontWeight: 500,
        color: vars?.palette.text.secondary,
        borderColor: vars?.palette.console.outline,
      })}
    >
      {t('app.search')}
      <Box component="span" aria-hidden sx={{ display: { xs: 'none', lg: 'inline-flex' }, ml: 1.25 }}>
        <Keys keys={openPalette.keys ?? []} />
      </Box>
    </Button>
  );
}
