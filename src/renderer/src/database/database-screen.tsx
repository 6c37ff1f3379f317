import { Alert, AlertTitle, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCanWrite, useWorkspace } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { DatabaseNote } from '../browse/database-note';
import { PageHeader } from '../components/page-header';
import { DatabaseTabs } from './database-tabs';
import { DemoSection } from './demo-section';
import { LocalServerSection } from './local-server-section';
import { MigrationsSection } from './migrations-section';
import { PartitionsSection } from './partitions-section';
import { ServerSection } from './server-section';

/** The server, the schema and the storage. The one screen that also works without a complete schema. */
export function DatabaseScreen(): ReactElement | null {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const canWrite = useCanWrite();
  const status = useProcedureQuery('database', 'status', {}, { staleTimeMs: 10_000 });
  if (workspace === null) return null;
  const { schema } = workspace;
  const isUnfinished = schema !== 'current' && schema !== 'foreign';
  return (
    <>
      <PageHeader title={t('app.navigation.database')} description={t('database.description')} />
      <DatabaseTabs />
      {schema === 'foreign' && <DatabaseNote />}
      <Stack sx={{ gap: 2 }}>
        {isUnfinished && (
          <Alert severity={schema === 'empty' || schema === 'behind' ? 'info' : 'warning'}>
            <AlertTitle sx={{ fontSize: '0.875rem', fontWeight: 700 }}>
              {t('database.schema.title')}
            </AlertTitle>
            {t(`database.schema.${schema}`)}
          </Alert>
        )}
        {isUnfinished && <MigrationsSection canWrite={canWrite} />}
        <ServerSection query={status} canReveal={canWrite && schema === 'current'} />
        {status.data && status.data.local !== null && <LocalServerSection local={status.data.local} />}
        {schema === 'current' && (
          <>
            <MigrationsSection canWrite={canWrite} />
            <PartitionsSection canWrite={canWrite} />
            <DemoSection canWrite={canWrite} />
          </>
        )}
      </Stack>
    </>
  );
}
