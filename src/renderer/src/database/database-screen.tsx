import { Alert, AlertTitle, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCanWrite, useWorkspace } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { DatabaseNote } from '../browse/database-note';
import { PageHeader } from '../ui/page-header';
import { DatabaseTabs } from './database-tabs';
import { DemoSection } from './demo-section';
import { LocalServerSection } from './local-server-section';
import { MigrationsSection } from './migrations-section';
import { PartitionsSection } from './partitions-section';
import { RolesSection } from './roles-section';
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
  // By their keys they stay what they are where the schema becomes complete and they change places: what a migration
  // ended with would else get lost between the two.
  const migrations = (
    <MigrationsSection key="migrations" canMigrate={canWrite && schema !== 'ahead' && schema !== 'changed'} />
  );
  const server = <ServerSection key="server" query={status} canReveal={canWrite && schema === 'current'} />;
  const local = status.data && status.data.local !== null && (
    <LocalServerSection key="local" local={status.data.local} />
  );
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
        {isUnfinished ? [migrations, server, local] : [server, local, schema === 'current' && migrations]}
        {(schema === 'empty' || schema === 'behind') && <RolesSection key="owner" roles={['owner']} />}
        {schema === 'current' && (
          <>
            <PartitionsSection canWrite={canWrite} />
            <RolesSection key="roles" />
            <DemoSection canWrite={canWrite} />
          </>
        )}
      </Stack>
    </>
  );
}
