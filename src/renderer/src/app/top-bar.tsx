import MenuIcon from '@mui/icons-material/Menu';
import { Box, IconButton } from '@mui/material';
import { lazy, Suspense, useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkspaceSettings } from '../../../shared/contract/workspace';
import { useWorkspace } from '../api/app-state';
import { SearchButton } from '../search/search-button';
import { Brand } from './brand';
import { environmentColour } from '../ui/environment';
import { loadAllMessages } from '../ui/i18n';
import { JobsIndicator } from './jobs-indicator';
import { SessionButton } from './session-button';
import { ThemeSwitch } from './theme-switch';
import { WorkspaceBadge } from './workspace-badge';

const AccessDialog = lazy(async () => {
  await loadAllMessages();
  return { default: (await import('../connect/access-dialog')).AccessDialog };
});

interface AskedAccess {
  readonly workspaceId: string;
  readonly access: WorkspaceSettings['access'];
  /** False once the question was closed while the workspace is still being opened anew. */
  readonly open: boolean;
}

/** Which database this is, what runs, how it looks. The workspace's colour runs across the whole window. */
export function TopBar({ onMenu }: { readonly onMenu?: () => void }): ReactElement {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  // Kept here: the badge goes for the moment in which the workspace is opened anew.
  const [asked, setAsked] = useState<AskedAccess | null>(null);
  useFocusAfter(asked === null);
  return (
    <Box
      component="header"
      data-screen-only
      sx={({ vars }) => ({
        position: 'sticky',
        top: 0,
        zIndex: 'appBar',
        display: 'flex',
        alignItems: 'center',
        // From here on a long name gives way; below, what has no room goes to another line.
        flexWrap: { xs: 'wrap', lg: 'nowrap' },
        columnGap: 1,
        '& > *': { flex: 'none' },
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
        ...colourLine(workspace && vars && environmentColour(workspace, vars.palette.console)),
        '& .MuiBox-root': { mb: 0 },
      })}
    >
      {onMenu !== undefined && (
        <IconButton edge="start" aria-label={t('app.navigation.open')} onClick={onMenu}>
          <MenuIcon />
        </IconButton>
      )}
      {workspace === null ? (
        <Brand />
      ) : (
        <WorkspaceBadge
          workspace={workspace}
          onChangeAccess={() =>
            setAsked({
              workspaceId: workspace.id,
              access: workspace.access === 'read-only' ? 'administer' : 'read-only',
              open: true,
            })
          }
        />
      )}
      <Box sx={{ '&&': { flex: 1 } }} />
      {workspace !== null && <SearchButton />}
      <JobsIndicator />
      <ThemeSwitch />
      <SessionButton />
      {asked !== null && (
        <Suspense fallback={null}>
          <AccessDialog
            {...asked}
            onClose={() => setAsked({ ...asked, open: false })}
            onDone={() => setAsked(null)}
          />
        </Suspense>
      )}
    </Box>
  );
}

/** What had the focus may have gone with the workspace that was opened anew: then the page's heading takes it. */
function useFocusAfter(isDone: boolean): void {
  const wasDone = useRef(isDone);
  useEffect(() => {
    if (isDone && !wasDone.current && document.activeElement === document.body) {
      document.querySelector<HTMLElement>('#content h1')?.focus();
    }
    wasDone.current = isDone;
  }, [isDone]);
}

function colourLine(colour: string | null | undefined): { borderTop?: string } {
  return colour === null || colour === undefined ? {} : { borderTop: `4px solid ${colour}` };
}
