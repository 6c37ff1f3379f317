import { Button, Stack } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { FormProvider } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useJob } from '../api/use-job';
import { JobOutcome } from '../ui/job-outcome';
import { PageHeader } from '../ui/page-header';
import { Section } from '../ui/section';
import { CheckPanel } from './check-panel';
import {
  choosesSuperuser,
  emptyValues,
  superuserTarget,
  toConnection,
  toPassword,
  toSettings,
} from './connection-values';
import { FormColumns } from './form-columns';
import { FoundServers } from './found-servers';
import { useLeaveGuard } from '../forms/leave-guard';
import { OperatorNotYet } from './operator-field';
import { ServerSection } from './server-section';
import { SettingsSection } from './settings-section';
import { TlsSection } from './tls-section';
import { UriField } from './uri-field';
import { useConnectionForm } from './use-connection-form';
import { useDismissOnLeaving } from '../api/use-dismiss-on-leaving';

/** Connecting to a server: paste or fill in, test, connect. Nothing in the database is changed by it. */
export function ConnectScreen(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [initial] = useState(emptyValues);
  const { form, values: shown, test, suggestedName } = useConnectionForm(initial, 'everything');
  const [submittedTarget, setSubmittedTarget] = useState<string | null>(null);
  const guard = useLeaveGuard(form.formState.isDirty);
  const job = useJob('workspace', 'connect', () => {
    guard.release();
    void navigate('/');
  });
  useDismissOnLeaving(job);
  const submit = form.handleSubmit((values) => {
    test.clear();
    setSubmittedTarget(superuserTarget(values));
    job.start({
      connection: toConnection(values),
      settings: toSettings(values, suggestedName),
      ...toPassword(values),
      rememberPassword: values.rememberPassword,
      acceptSuperuser: choosesSuperuser(values),
    });
  });
  return (
    <FormProvider {...form}>
      <PageHeader
        title={t('connect.title')}
        description={t('connect.description')}
        back={{ to: '/workspaces', label: t('setup.switchTitle') }}
      />
      <FormColumns onSubmit={() => void submit()}>
        <Stack sx={{ gap: 2.5, minWidth: 0 }}>
          <Section title={t('connect.start.title')} description={t('connect.start.description')}>
            <Stack sx={{ gap: 2, pt: 1 }}>
              <UriField />
              <FoundServers />
            </Stack>
          </Section>
          <ServerSection emptyPasswordHelp={t('connect.password.emptyHelp')} />
          <TlsSection />
          <SettingsSection suggestedName={suggestedName} operator={<OperatorNotYet />} />
        </Stack>
        <CheckPanel
          title={t('connect.check.title')}
          description={t('connect.check.description')}
          test={{
            outcome: test.outcome,
            onStart: () => {
              job.dismiss();
              test.start();
            },
            onCancel: test.clear,
          }}
          // Who has a hand in one database says nothing of another that stands in the form by now.
          failure={submittedTarget === superuserTarget(shown) ? job.job?.error : null}
          submit={
            <Button type="submit" variant="contained" disabled={job.busy}>
              {t('connect.submit')}
            </Button>
          }
        >
          <JobOutcome job={job} failedTitle={t('connect.failed')} />
        </CheckPanel>
      </FormColumns>
      {guard.dialog}
    </FormProvider>
  );
}
