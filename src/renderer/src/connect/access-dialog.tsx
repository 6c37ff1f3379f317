import {
  Alert,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Stack,
  Typography,
} from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkspaceSettings } from '../../../shared/contract/workspace';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { isProduction } from '../ui/environment';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { ErrorState } from '../ui/states';
import { useDismissOnLeaving } from '../api/use-dismiss-on-leaving';
import { SuperuserChoice } from './superuser-choice';
import { superuserRefusal } from './superuser-refusal';

interface AccessDialogProps {
  readonly workspaceId: string;
  readonly access: WorkspaceSettings['access'];
  readonly open: boolean;
  readonly onClose: () => void;
  /** Nothing is left to show: the access was changed, or the dialog is gone and nothing runs. */
  readonly onDone: () => void;
}

/**
 * Opens the open workspace anew, read-only or to administer it. Closing it does not stop what runs: it stays, unseen,
 * to tell how that ended.
 */
export function AccessDialog({
  workspaceId,
  access,
  open,
  onClose,
  onDone,
}: AccessDialogProps): ReactElement {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const id = useId();
  // What is kept now: the whole settings are sent, and stale ones would undo what was changed since.
  const workspace = useProcedureQuery('workspace', 'get', { workspaceId }, { staleTimeMs: 0 });
  // The workspace's own page saves by the same job, and says so itself.
  const isOwn = useRef(false);
  const job = useJob('workspace', 'update', () => {
    if (!isOwn.current) return;
    void queryClient.invalidateQueries({ queryKey: ['workspace'] });
    notify(
      'success',
      t(access === 'administer' ? 'connect.access.nowAdminister' : 'connect.access.nowReadOnly'),
    );
    onDone();
  });
  useEffect(() => {
    if (!job.busy) isOwn.current = false;
  }, [job.busy]);
  useDismissOnLeaving(job);
  const settings = workspace.data?.settings;
  // Only of what was asked here: the workspaces' pages use the same job, for other databases.
  const [hasAsked, setHasAsked] = useState(false);
  const refusal = superuserRefusal(hasAsked && job.job?.state === 'failed' ? job.job.error : null);
  const [isSuperuserChosen, setIsSuperuserChosen] = useState(false);
  const words = access === 'administer' ? 'toAdminister' : 'toReadOnly';
  return (
    <Dialog
      open={open}
      onClose={onClose}
      aria-labelledby={id}
      maxWidth="sm"
      fullWidth
      slotProps={{
        transition: {
          onExited: () => {
            if (!job.busy) onDone();
          },
        },
      }}
    >
      <DialogTitle id={id}>{t(`connect.access.${words}.title`)}</DialogTitle>
      <DialogContent>
        <Stack sx={{ gap: 2 }}>
          <Typography variant="body2">{t(`connect.access.${words}.body`)}</Typography>
          {access === 'administer' && settings !== undefined && isProduction(settings) && (
            <Alert severity="warning">{t('connect.access.production')}</Alert>
          )}
          {workspace.error !== null && <ErrorState error={workspace.error} />}
          <JobOutcome job={job} failedTitle={t('connect.access.failed')} />
          {refusal !== null && (
            <SuperuserChoice refusal={refusal} isChosen={isSuperuserChosen} onChange={setIsSuperuserChosen} />
          )}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>{t(job.busy ? 'common.close' : 'common.cancel')}</Button>
        <Button
          variant="contained"
          disabled={
            settings === undefined ||
            workspace.isFetching ||
            job.busy ||
            (refusal !== null && !isSuperuserChosen)
          }
          onClick={() => {
            if (settings === undefined) return;
            isOwn.current = true;
            setHasAsked(true);
            job.start({
              workspaceId,
              settings: { ...settings, access },
              ...(refusal === null ? {} : { acceptSuperuser: isSuperuserChosen }),
            });
          }}
        >
          {t(`connect.access.${words}.confirm`)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
