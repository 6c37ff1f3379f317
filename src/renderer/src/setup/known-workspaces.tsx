import { Alert, Box, Button, Stack, Typography } from '@mui/material';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ProfileSummary } from '../../../shared/contract/workspace';
import { useWorkspace } from '../api/app-state';
import { useJob } from '../api/use-job';
import { environmentName, isProduction } from '../ui/environment';
import { Swatch } from '../ui/swatch';
import { JobOutcome } from '../ui/job-outcome';
import { NameText } from '../ui/name-text';
import { Section } from '../ui/section';
import { StatusChip } from '../ui/status-chip';
import { Instant } from '../ui/values';
import { loadAllMessages } from '../ui/i18n';
import { visibleName } from '../ui/visible-name';
import { superuserRefusal } from '../connect/superuser-refusal';
import type { TypedPassword } from './password-form';
import { WorkspaceActions } from './workspace-actions';

// With it come text fields, which the one click does without, and the texts of connecting.
const SuperuserForm = lazy(async () => {
  const [{ SuperuserForm: component }] = await Promise.all([import('./superuser-form'), loadAllMessages()]);
  return { default: component };
});
const PasswordForm = lazy(async () => ({ default: (await import('./password-form')).PasswordForm }));

interface KnownWorkspacesProps {
  readonly profiles: readonly ProfileSummary[];
  readonly profilesSetAside: string | null;
}

/** Workspaces opened before, the last one first. Absent while there is none. */
export function KnownWorkspaces({ profiles, profilesSetAside }: KnownWorkspacesProps): ReactElement | null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [openedId, setOpenedId] = useState<string | null>(null);
  const job = useJob('workspace', 'open', () => {
    // What is opened in another window leads nobody away here.
    if (openedId !== null) void navigate('/');
  });
  // What was typed for an opening that was then refused for another reason.
  const [lastTyped, setLastTyped] = useState<TypedPassword | null>(null);
  const open = (workspaceId: string, typed: TypedPassword | null = null): void => {
    setOpenedId(workspaceId);
    setLastTyped(typed);
    job.start({ workspaceId, ...typed });
  };
  const opened = profiles.find(({ id }) => id === openedId);
  const needsPassword = job.job?.state === 'failed' && job.job.error?.details?.['password'] === 'needed';
  const refusal = superuserRefusal(job.job?.state === 'failed' ? job.job.error : null);
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
        <JobOutcome job={job} failedTitle={t('setup.known.failed')} />
        {opened !== undefined && needsPassword && (
          <Suspense fallback={null}>
            <PasswordForm
              key={opened.id}
              workspace={opened}
              isBusy={job.busy}
              onSubmit={(typed) => open(opened.id, typed)}
            />
          </Suspense>
        )}
        {opened !== undefined && refusal !== null && (
          <Suspense fallback={null}>
            <SuperuserForm
              key={opened.id}
              refusal={refusal}
              isBusy={job.busy}
              onAccept={() => job.start({ workspaceId: opened.id, ...lastTyped, acceptSuperuser: true })}
            />
          </Suspense>
        )}
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
  const isOpen = useWorkspace()?.id === profile.id;
  return (
    <Box component="li" sx={{ minWidth: 0 }}>
      <Stack
        direction="row"
        sx={{ alignItems: 'center', columnGap: 1, rowGap: 0.25, minWidth: 0, flexWrap: 'wrap' }}
      >
        <Stack direction="row" sx={{ alignItems: 'center', gap: 1, minWidth: 0 }}>
          <Swatch {...profile} />
          <Typography variant="body2" component="div" sx={{ fontWeight: 600, minWidth: 0 }}>
            <NameText>{profile.name}</NameText>
          </Typography>
        </Stack>
        {profile.environmentLabel !== '' && (
          <StatusChip
            tone={isProduction(profile) ? 'error' : 'neutral'}
            label={environmentName(profile.environmentLabel, t('app.workspace.local'))}
          />
        )}
        {profile.access === 'read-only' && <StatusChip tone="warning" label={t('app.workspace.readOnly')} />}
      </Stack>
      <Stack direction="row" sx={{ alignItems: 'center', gap: 0.5, mt: 0.25 }}>
        <Box sx={{ flex: 1, minWidth: 0, mr: 0.5 }}>
          <Typography
            variant="caption"
            component="div"
            sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}
          >
            <bdi>{visibleName(profile.location)}</bdi>
          </Typography>
          <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
            {profile.lastOpenedAt === null ? (
              t('setup.known.neverOpened')
            ) : (
              <Trans
                i18nKey="setup.known.lastOpened"
                components={{ moment: <Instant value={profile.lastOpenedAt} show="relative" /> }}
              />
            )}
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
        <WorkspaceActions profile={profile} />
      </Stack>
    </Box>
  );
}
