import { Box, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { PageHeader } from '../ui/page-header';
import { ErrorState, LoadingLines } from '../ui/states';
import { ConnectCard } from './connect-card';
import { KnownWorkspaces } from './known-workspaces';
import { LocalCard } from './local-card';
import { SecretStoreNotice } from './secret-store-notice';

/** The first screen of all: one click to a local database, a server of one's own, or a workspace used before. */
export function SetupScreen(): ReactElement {
  const { t } = useTranslation();
  const isOpen = useWorkspace() !== null;
  const workspaces = useProcedureQuery('workspace', 'list', {}, { staleTimeMs: 0 });
  return (
    <Box sx={{ maxWidth: 1120, mx: 'auto', pt: { xs: 0, md: isOpen ? 0 : 3 } }}>
      <PageHeader
        title={isOpen ? t('setup.switchTitle') : t('setup.title')}
        description={isOpen ? t('setup.switchDescription') : t('setup.description')}
      />
      {workspaces.error !== null && workspaces.data === undefined ? (
        <ErrorState error={workspaces.error} onRetry={() => void workspaces.refetch()} />
      ) : workspaces.data === undefined ? (
        <LoadingLines lines={6} />
      ) : (
        <Box
          sx={{
            display: 'grid',
            gap: 2.5,
            gridTemplateColumns: { xs: '1fr', md: 'minmax(0, 7fr) minmax(0, 5fr)' },
            alignItems: 'start',
          }}
        >
          <LocalCard
            local={workspaces.data.local}
            profile={workspaces.data.profiles.find(({ kind }) => kind === 'local')}
          />
          <Stack sx={{ gap: 2.5, minWidth: 0 }}>
            <KnownWorkspaces
              // The local one has the card beside it, which also starts its server.
              profiles={workspaces.data.profiles.filter(({ kind }) => kind !== 'local')}
              profilesSetAside={workspaces.data.profilesSetAside}
            />
            <ConnectCard />
            <SecretStoreNotice />
          </Stack>
        </Box>
      )}
    </Box>
  );
}
