import BoltIcon from '@mui/icons-material/Bolt';
import CheckIcon from '@mui/icons-material/Check';
import {
  Alert,
  Box,
  Button,
  Checkbox,
  FormControlLabel,
  List,
  ListItem,
  ListItemIcon,
  ListItemText,
  Paper,
  Stack,
  Typography,
} from '@mui/material';
import { useState, type ReactElement } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ProfileSummary } from '../../../shared/contract/workspace';
import { useWorkspace } from '../api/app-state';
import { useJob } from '../api/use-job';
import { demoRequests } from '../ui/demo-trace';
import { formatCount } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { StatusChip } from '../ui/status-chip';
import { WorkspaceActions } from './workspace-actions';

type LocalPresence = AnswerOf<Contract['workspace']['list']>['local'];

/** The one click: the PostgreSQL that comes with the console, its schema, and a demo if wanted. */
export function LocalCard(props: {
  readonly local: LocalPresence;
  /** Its entry among the known workspaces; absent until it was opened for the first time. */
  readonly profile: ProfileSummary | undefined;
}): ReactElement {
  const { local, profile } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [withDemo, setWithDemo] = useState(false);
  // Whoever came here while it ran has gone on already, and stays.
  const [isStartedHere, setIsStartedHere] = useState(false);
  const job = useJob('workspace', 'setUpLocal', () => {
    if (isStartedHere) void navigate('/');
  });
  const isNew = local.state === 'absent';
  const isRunning = job.busy;
  const isOpen = useWorkspace()?.kind === 'local';
  const isUsable = local.state !== 'incompatible' && local.state !== 'unavailable';
  // A failed set-up may have left a database behind: trying again still means the demo that was asked for.
  const [asksDemo, setAsksDemo] = useState(false);
  const start = (demo: boolean): void => {
    setAsksDemo(demo);
    setIsStartedHere(true);
    job.start({ demo });
  };
  return (
    <Paper
      component="section"
      aria-labelledby="local-database"
      variant="outlined"
      sx={({ vars }) => ({ p: { xs: 2.5, md: 3.5 }, borderTop: `3px solid ${vars?.palette.primary.main}` })}
    >
      <Stack direction="row" sx={{ alignItems: 'center', gap: 1 }}>
        <Typography variant="h2" id="local-database" sx={{ fontSize: '1.25rem', flex: 1 }}>
          {t(
            isRunning
              ? 'setup.local.runningTitle'
              : isNew
                ? 'setup.local.title'
                : 'setup.local.existingTitle',
          )}
        </Typography>
        {profile !== undefined && !isRunning && <WorkspaceActions profile={profile} />}
      </Stack>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.75, mb: 2 }}>
        {t(
          isRunning
            ? 'setup.local.runningDescription'
            : isNew
              ? 'setup.local.description'
              : 'setup.local.existingDescription',
        )}
      </Typography>
      {!isUsable && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {local.message ?? t('setup.local.unusable')}
        </Alert>
      )}
      {isNew && !isRunning && <WhatHappens dataFolder={local.dataFolder} />}
      {isOpen && !isRunning && <StatusChip tone="success" label={t('setup.known.isOpen')} />}
      {!isRunning && !isOpen && (
        <Stack sx={{ gap: 1.5, alignItems: 'flex-start', mt: 2 }}>
          {isNew && (
            <FormControlLabel
              control={
                <Checkbox checked={withDemo} onChange={(event) => setWithDemo(event.target.checked)} />
              }
              label={
                <>
                  {t('setup.local.withDemo')}
                  <Typography
                    variant="caption"
                    component="span"
                    sx={{ display: 'block', color: 'text.secondary' }}
                  >
                    {t('setup.local.withDemoHelp', { requests: formatCount(demoRequests) })}
                  </Typography>
                </>
              }
              sx={{ alignItems: 'flex-start', '& .MuiCheckbox-root': { py: 0.25 } }}
            />
          )}
          <Button
            size="large"
            variant="contained"
            startIcon={<BoltIcon />}
            onClick={() => start(isNew && withDemo)}
            disabled={!isUsable}
          >
            {isNew ? t('setup.local.start') : t('setup.local.open')}
          </Button>
        </Stack>
      )}
      <Box sx={{ mt: 2 }}>
        <JobOutcome job={job} onRetry={() => start(asksDemo)} failedTitle={t('setup.local.failed')} />
      </Box>
    </Paper>
  );
}

function WhatHappens({ dataFolder }: { readonly dataFolder: string }): ReactElement {
  const { t } = useTranslation();
  const steps = [
    t('setup.local.steps.server'),
    t('setup.local.steps.schema'),
    t('setup.local.steps.team'),
    t('setup.local.steps.loopback'),
  ];
  return (
    <>
      <List dense disablePadding>
        {steps.map((step) => (
          <ListItem key={step} disableGutters sx={{ alignItems: 'flex-start', py: 0.25 }}>
            <ListItemIcon sx={{ minWidth: 28, mt: 0.375, color: 'primary.main' }}>
              <CheckIcon sx={{ fontSize: 18 }} />
            </ListItemIcon>
            <ListItemText primary={step} slotProps={{ primary: { variant: 'body2' } }} sx={{ my: 0 }} />
          </ListItem>
        ))}
      </List>
      <Typography
        variant="caption"
        component="p"
        sx={{ mt: 1.5, color: 'text.secondary', overflowWrap: 'anywhere' }}
      >
        <Trans i18nKey="setup.local.dataFolder" components={{ folder: <FolderPath path={dataFolder} /> }} />
      </Typography>
    </>
  );
}

/** Takes its text as a property: what stands between a text's tags would be read as more tags. */
function FolderPath({ path }: { readonly path: string }): ReactElement {
  return <code>{path}</code>;
}
