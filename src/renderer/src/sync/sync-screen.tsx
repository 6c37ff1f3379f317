import { Box, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCanWrite } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { PageHeader } from '../ui/page-header';
import { ErrorState, LoadingLines } from '../ui/states';
import { HistorySection } from './history-section';
import { HomelessSection } from './homeless-section';
import { LinkSection } from './link-section';
import { RunSection } from './run-section';
import { UnattributedSection } from './unattributed-section';

/** The proxy beside the database: link it, pull from it, see what came and what had no home. */
export function SyncScreen(): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const status = useProcedureQuery('sync', 'status', {});
  const hasRun = status.data !== undefined && status.data.lastRun !== null;
  return (
    <>
      <PageHeader title={t('app.navigation.sync')} description={t('sync.description')} />
      {status.error !== null && status.data === undefined ? (
        <ErrorState error={status.error} onRetry={() => void status.refetch()} />
      ) : status.data === undefined ? (
        <LoadingLines lines={8} />
      ) : (
        <Stack sx={{ gap: 2 }}>
          <Box
            sx={{
              display: 'grid',
              gap: 2,
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', xl: 'minmax(0, 2fr) minmax(0, 3fr)' },
              alignItems: 'start',
            }}
          >
            <LinkSection link={status.data.link} canWrite={canWrite} />
            <RunSection status={status.data} canWrite={canWrite} />
          </Box>
          {(status.data.link !== null || status.data.lastRun !== null) && (
            <>
              <HistorySection />
              {/* Before the first pull they would claim that everything is well. */}
              {(hasRun || status.data.homeless.length > 0) && (
                <HomelessSection groups={status.data.homeless} />
              )}
              {(hasRun || status.data.unattributed.requests !== '0') && (
                <UnattributedSection unattributed={status.data.unattributed} />
              )}
            </>
          )}
        </Stack>
      )}
    </>
  );
}
