import { Button, Stack } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { FormProvider } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useWorkspace } from '../api/app-state';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { PageHeader } from '../ui/page-header';
import { ErrorState, LoadingLines } from '../ui/states';
import { StatusChip } from '../ui/status-chip';
import { CheckPanel } from './check-panel';
import {
  choosesSuperuser,
  emptyValues,
  fromConnection,
  isOtherConnection,
  isOtherTarget,
  superuserTarget,
  toConnection,
  toPassword,
  toSettings,
  type ConnectionValues,
} from './connection-values';
import { FormColumns } from './form-columns';
import { useLeaveGuard } from '../forms/leave-guard';
import { LocalPlaceSection } from './local-place-section';
import { OperatorField, OperatorNotYet } from './operator-field';
import { ServerSection } from './server-section';
import { SettingsSection } from './settings-section';
import { TlsSection } from './tls-section';
import { UriField } from './uri-field';
import { useConnectionForm } from './use-connection-form';
import { useDismissOnLeaving } from '../api/use-dismiss-on-leaving';

type EditedWorkspace = AnswerOf<Contract['workspace']['get']>;

/** One known workspace: what it is called, how it is worked in, and where it connects to. */
export function EditWorkspaceScreen(): ReactElement {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const query = useProcedureQuery('workspace', 'get', { workspaceId: id }, { staleTimeMs: 0 });
  // The form begins with what is kept now, not with what was kept when it was opened last.
  if (query.data !== undefined && query.isFetchedAfterMount)
    return <EditWorkspace key={query.data.id} workspace={query.data} />;
  return (
    <>
      <PageHeader
        title={t('connect.edit.title')}
        back={{ to: '/workspaces', label: t('setup.switchTitle') }}
      />
      {query.error === null ? (
        <LoadingLines lines={8} />
      ) : (
        <ErrorState
          error={query.error}
          onRetry={query.error.code === 'not_found' ? undefined : () => void query.refetch()}
        />
      )}
    </>
  );
}

function EditWorkspace({ workspace }: { readonly workspace: EditedWorkspace }): ReactElement {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const open = useWorkspace();
  const isOpen = open?.id === workspace.id;
  const isLocal = workspace.kind === 'local';
  const known = useMemo(() => knownValues(workspace), [workspace]);
  const { form, values, test, suggestedName } = useConnectionForm(known, isLocal ? 'settings' : 'everything');
  const guard = useLeaveGuard(form.formState.isDirty);
  const [savedTarget, setSavedTarget] = useState<string | null>(null);
  // The menu's question changes the access by the same job: that saves nothing of what stands in this form.
  const isSaving = useRef(false);
  const job = useJob('workspace', 'update', () => {
    if (!isSaving.current) return;
    isSaving.current = false;
    form.reset({ ...form.getValues(), password: '', uri: '' }, { keepDirtyValues: false });
    void queryClient.invalidateQueries({ queryKey: ['workspace'] });
    notify('success', t('connect.edit.saved'));
  });
  // However it ended: a later change by the menu is no save of this form.
  useEffect(() => {
    if (!job.busy) isSaving.current = false;
  }, [job.busy]);
  useDismissOnLeaving(job);
  const save = (changed: ConnectionValues): void => {
    const connection = toConnection(changed);
    isSaving.current = true;
    setSavedTarget(superuserTarget(changed));
    job.start({
      workspaceId: workspace.id,
      settings: toSettings(changed, workspace.settings.name),
      ...(isLocal || !isOtherConnection(workspace.connection, connection) ? {} : { connection }),
      ...(isLocal
        ? {}
        : {
            ...toPassword(changed),
            rememberPassword: changed.rememberPassword,
            acceptSuperuser: choosesSuperuser(changed),
          }),
    });
  };
  const forgets = workspace.password !== 'absent' && !values.rememberPassword;
  const asksAgain = isOtherTarget(workspace.connection, toConnection(values));
  const emptyPassword = asksAgain ? 'otherTarget' : forgets ? 'forgotten' : workspace.password;
  return (
    <FormProvider {...form}>
      <PageHeader
        title={workspace.settings.name}
        description={t(isOpen ? 'connect.edit.openDescription' : 'connect.edit.description')}
        back={{ to: '/workspaces', label: t('setup.switchTitle') }}
        chips={isOpen && <StatusChip tone="success" label={t('setup.known.isOpen')} />}
      />
      <FormColumns onSubmit={() => void form.handleSubmit(save)()}>
        <Stack sx={{ gap: 2.5, minWidth: 0 }}>
          <SettingsSection
            suggestedName={suggestedName}
            operator={isOpen && open.schema === 'current' ? <OperatorField /> : <OperatorNotYet />}
          />
          {isLocal ? (
            <LocalPlaceSection workspace={workspace} />
          ) : (
            <>
              <ServerSection
                start={<UriField />}
                emptyPasswordHelp={t(`connect.password.${emptyPassword}`, {
                  backend: workspace.secretStore,
                })}
              />
              <TlsSection />
            </>
          )}
        </Stack>
        <CheckPanel
          title={t(isLocal ? 'connect.edit.saveLocalTitle' : 'connect.edit.saveTitle')}
          description={t(isLocal ? 'connect.edit.saveLocalDescription' : 'connect.edit.saveDescription')}
          {...(isLocal
            ? {}
            : {
                test: {
                  outcome: test.outcome,
                  onStart: () => {
                    job.dismiss();
                    test.start(workspace.id);
                  },
                  onCancel: test.clear,
                },
              })}
          failure={savedTarget === superuserTarget(values) ? job.job?.error : null}
          submit={
            <Button type="submit" variant="contained" disabled={job.busy || !form.formState.isDirty}>
              {t('connect.edit.save')}
            </Button>
          }
        >
          <JobOutcome job={job} failedTitle={t('connect.edit.failed')} />
        </CheckPanel>
      </FormColumns>
      {guard.dialog}
    </FormProvider>
  );
}

function knownValues(workspace: EditedWorkspace): ConnectionValues {
  const { settings, connection, password, superuserAccepted } = workspace;
  const rememberPassword = password !== 'absent';
  const values = { ...emptyValues(), ...settings, ...fromConnection(connection), rememberPassword };
  return { ...values, superuserTarget: superuserAccepted ? superuserTarget(values) : '' };
}
