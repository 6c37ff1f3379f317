import { Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { PageHeader } from '../ui/page-header';
import { TwoColumns } from '../ui/two-columns';
import { AboutSection } from './about-section';
import { AppearanceSection } from './appearance-section';
import { DiagnosticsSection } from './diagnostics-section';
import { FoldersSection } from './folders-section';
import { LicencesSection } from './licences-section';
import { ReportingZoneSection } from './reporting-zone-section';
import { SecretStoreSection } from './secret-store-section';
import { ShortcutsSection } from './shortcuts-section';
import { SourcesSection } from './sources-section';

/** What a person can set, where things are kept, and what the console is made of. Works without an open database. */
export function SettingsScreen(): ReactElement {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const about = useProcedureQuery('settings', 'about', {});
  return (
    <>
      <PageHeader
        title={t('app.navigation.settings')}
        description={t('settings.description')}
        // Without an open database no navigation leads away from here.
        {...(workspace === null ? { back: { to: '/', label: t('setup.switchTitle') } } : {})}
      />
      <Stack sx={{ gap: 2 }}>
        <TwoColumns>
          <Stack sx={{ gap: 2 }}>
            <AppearanceSection />
            {workspace?.schema === 'current' && <ReportingZoneSection key={workspace.id} />}
            <SecretStoreSection />
            <DiagnosticsSection />
          </Stack>
          <Stack sx={{ gap: 2 }}>
            <AboutSection query={about} />
            <FoldersSection query={about} />
            <ShortcutsSection />
            <SourcesSection />
          </Stack>
        </TwoColumns>
        <LicencesSection />
      </Stack>
    </>
  );
}
