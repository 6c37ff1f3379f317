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
import { useId, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkspaceSettings } from '../../../shared/contract/workspace';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { isProduction } from '../app/environment';
import { JobProgress } from '../components/job-progress';
import { notify } from '../components/notifications';
import { ErrorState } from '../components/states';
import { useDismissOnLeaving } from '../api/use-dismiss-on-leaving';

interface AccessDialogProps {
  readonly workspaceId: string;
  readonly access: WorkspaceSettings['access'];
  readonly onClose: () => void;
}

/** Opens the open workspace anew, read-only or to administer it. */
export function AccessDialog({ workspaceId, access, onClose }: AccessDialogProps): ReactElement {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const id = useId();
  const workspace = useProcedureQuery('workspace', 'get', { workspaceId });
  const job = useJob('workspace', 'update', () => {
    void queryClient.invalidateQueries({ queryKey: ['workspace'] });
    notify(
      'success',
      t(access === 'administer' ? 'connect.access.nowAdminister' : 'connect.access.nowReadOnly'),
    );
    onClose();
  });
  useDismissOnLeaving(job);
  const settings = workspace.data?.settings;
  const words = access === 'administer' ? 'toAdminister' : 'toReadOnly';
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="sm" fullWidth>
      <DialogTitle id={id}>{t(`connect.access.${words}.title`)}</DialogTitle>
      <DialogContent>
        <Stack sx={{ gap: 2 }}>
          <Typography variant="body2">{t(`connect.access.${words}.body`)}</Typography>
          {access === 'administer' && settings !== undefined && isProduction(settings) && (
            <Alert severity="warning">{t('connect.access.production')}</Alert>
          )}
          {workspace.error !== null && <ErrorState error={workspace.error} />}
          {job.job !== null && (
            <JobProgress job={job.job} onCancel={job.cancel} failedTitle={t('connect.access.failed')} />
          )}
          {job.startError !== null && (
            <ErrorState error={job.startError} title={t('connect.access.failed')} />
          )}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button
          variant="contained"
          disabled={settings === undefined || job.busy}
          onClick={() => {
            if (settings !== undefined) job.start({ workspaceId, settings: { ...settings, access } });
          }}
        >
          {t(`connect.access.${words}.confirm`)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
