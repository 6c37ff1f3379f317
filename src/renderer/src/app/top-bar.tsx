import MenuIcon from '@mui/icons-material/Menu';
import { Box, IconButton } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../api/app-state';
import { Brand } from './brand';
import { isProduction } from './environment';
import { JobsIndicator } from './jobs-indicator';
import { SessionButton } from './session-button';
import { ThemeSwitch } from './theme-switch';
import { WorkspaceBadge } from './workspace-badge';

/** Which database this is, what runs, how it looks. Production carries its colour across the whole window. */
export function TopBar({ onMenu }: { readonly onMenu?: () => void }): ReactElement {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  return (
    <Box
      component="header"
      sx={({ vars }) => ({
        position: 'sticky',
        top: 0,
        zIndex: 'appBar',
        display: 'flex',
        alignItems: 'center',
        flexWrap: 'wrap',
        columnGap: 1,
        '& .MuiButton-root': { whiteSpace: 'nowrap' },
        minHeight: 56,
        px: { xs: 1.5, md: 3.5 },
        ...(workspace === null
          ? {
              color: vars?.palette.console.rail.ink,
              backgroundColor: vars?.palette.console.rail.main,
              px: { xs: 0, md: 1 },
              pr: 2,
            }
          : {
              backgroundColor: vars?.palette.background.paper,
              borderBottom: `1px solid ${vars?.palette.divider}`,
            }),
        ...(workspace !== null && isProduction(workspace)
          ? { borderTop: `4px solid ${vars?.palette.console.tone.error.ink}` }
          : {}),
        '& .MuiBox-root': { mb: 0 },
      })}
    >
      {onMenu !== undefined && (
        <IconButton edge="start" aria-label={t('app.navigation.open')} onClick={onMenu}>
          <MenuIcon />
        </IconButton>
      )}
      {workspace === null ? <Brand /> : <WorkspaceBadge workspace={workspace} />}
      <Box sx={{ flex: 1 }} />
      <JobsIndicator />
      <ThemeSwitch />
      <SessionButton />
    </Box>
  );
}
