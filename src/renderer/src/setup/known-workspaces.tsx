import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import { Alert, Box, Button, IconButton, Stack, TextField, Tooltip, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ProfileSummary } from '../../../shared/contract/workspace';
import { useWorkspace } from '../api/app-state';
import { useJob } from '../api/use-job';
import { useProcedureCommand } from '../api/use-procedure';
import { environmentName } from '../app/environment';
import { ConfirmDialog } from '../components/dialogs';
import { JobProgress } from '../components/job-progress';
import { NameText } from '../components/name-text';
import { notify } from '../components/notifications';
import { Section } from '../components/section';
import { StatusChip } from '../components/status-chip';
import { ErrorState } from '../components/states';
import { Instant } from '../components/values';

interface KnownWorkspacesProps {
  readonly profiles: readonly ProfileSummary[];
  readonly profilesSetAside: string | null;
}

/** Workspaces opened before, the last one first. Absent while there is none. */
export function KnownWorkspaces({ profiles, profilesSetAside }: KnownWorkspacesProps): ReactElement | null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const job = useJob('workspace', 'open', () => void navigate('/'));
  const [openedId, setOpenedId] = useState<string | null>(null);
  const open = (workspaceId: string, password?: string): void => {
    setOpenedId(workspaceId);
    job.start({ workspaceId, ...(password === undefined ? {} : { password }) });
  };
  const needsPassword = openedId !== null && job.job?.state === 'failed' && job.job.error?.code === 'db_auth';
  if (profiles.length === 0 && profilesSetAside === null) return null;
  return (
    <Section title={t('setup.known.title')}>
      {profilesSetAside !== null && (
        <Alert severity="warning" sx={{ mb: 1.5 }}>
          {t('setup.known.setAside', { name: profilesSetAside })}
        </Alert>
      )}
      <Stack component="ul" sx={{ m: 0, p: 0, gap: 1.5, listStyle: 'none' }}>
        {profiles.map((profile) => (
          <KnownWorkspace
            key={profile.id}
            profile={profile}
            isBusy={job.busy}
            onOpen={() => open(profile.id)}
          />
        ))}
      </Stack>
      <Box sx={{ mt: job.job === null && job.startError === null ? 0 : 2 }}>
        {job.job !== null && (
          <JobProgress job={job.job} onCancel={job.cancel} failedTitle={t('setup.known.failed')} />
        )}
        {job.startError !== null && <ErrorState error={job.startError} title={t('setup.known.failed')} />}
        {needsPassword && <PasswordForm key={openedId} onSubmit={(password) => open(openedId, password)} />}
      </Box>
    </Section>
  );
}

interface KnownWorkspaceProps {
  readonly profile: ProfileSummary;
  readonly isBusy: boolean;
  readonly onOpen: () => void;
}

function KnownWorkspace({ profile, isBusy, onOpen }: KnownWorkspaceProps): ReactElement {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const isOpen = useWorkspace()?.id === profile.id;
  const [isForgetting, setIsForgetting] = useState(false);
  const forget = useProcedureCommand('workspace', 'forget');
  return (
    <Box component="li" sx={{ display: 'flex', alignItems: 'center', gap: 1, minWidth: 0 }}>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Stack direction="row" sx={{ alignItems: 'center', gap: 1, minWidth: 0 }}>
          <Typography variant="body2" component="div" sx={{ fontWeight: 600, minWidth: 0 }}>
            <NameText>{profile.name}</NameText>
          </Typography>
          {profile.environmentLabel !== '' && (
            <StatusChip
              tone="neutral"
              label={environmentName(profile.environmentLabel, t('app.workspace.local'))}
            />
          )}
          {profile.access === 'read-only' && (
            <StatusChip tone="warning" label={t('app.workspace.readOnly')} />
          )}
        </Stack>
        <Typography variant="caption" component="div" sx={{ color: 'text.secondary', display: 'flex' }}>
          <NameText>{profile.location}</NameText>
        </Typography>
        <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
          {t('setup.known.lastOpened')}{' '}
          <Instant value={profile.lastOpenedAt} show="relative" whenNull={t('setup.known.never')} />
        </Typography>
      </Box>
      {isOpen ? (
        <StatusChip tone="success" label={t('setup.known.isOpen')} />
      ) : (
        <Button
          size="small"
          variant="outlined"
          disabled={isBusy}
          onClick={onOpen}
          aria-label={t('setup.known.openNamed', { name: profile.name })}
        >
          {t('setup.known.open')}
        </Button>
      )}
      <Tooltip title={t('setup.known.forget')}>
        <IconButton
          size="small"
          aria-label={t('setup.known.forgetNamed', { name: profile.name })}
          onClick={() => setIsForgetting(true)}
        >
          <DeleteIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <ConfirmDialog
        open={isForgetting}
        title={t('setup.known.forgetTitle', { name: profile.name })}
        confirmLabel={t('setup.known.forget')}
        onClose={() => setIsForgetting(false)}
        onConfirm={() =>
          forget.mutate(
            { workspaceId: profile.id },
            {
              onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['workspace', 'list'] }),
              onError: (error) => notify('error', error.message),
            },
          )
        }
      >
        {t('setup.known.forgetBody')}
      </ConfirmDialog>
    </Box>
  );
}

function PasswordForm({ onSubmit }: { readonly onSubmit: (password: string) => void }): ReactElement {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  return (
    <Stack
      component="form"
      direction="row"
      sx={{ gap: 1, mt: 1.5 }}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(password);
      }}
    >
      <TextField
        type="password"
        label={t('setup.connect.password')}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        slotProps={{ htmlInput: { autoComplete: 'off' } }}
        sx={{ flex: 1 }}
      />
      <Button type="submit" variant="contained" disabled={password === ''}>
        {t('setup.known.open')}
      </Button>
    </Stack>
  );
}
