import {
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControlLabel,
  Radio,
  RadioGroup,
  Stack,
  Typography,
} from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProfileSummary } from '../../../shared/contract/workspace';
import { useDismissOnLeaving } from '../api/use-dismiss-on-leaving';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { formatBytes } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { TypedText } from '../ui/typed-text';

interface RemoveDialogProps {
  readonly profile: Pick<ProfileSummary, 'id' | 'name' | 'kind'>;
  readonly open: boolean;
  readonly onClose: () => void;
  /** Nothing is left to show: it was removed, or the dialog is gone and nothing runs. */
  readonly onDone: () => void;
}

/**
 * Takes a workspace off the list; the local one with its data, if that is wanted and its name was typed. Closing it
 * does not stop what runs: it stays, unseen, to tell how that ended.
 */
export function RemoveDialog({ profile, open, onClose, onDone }: RemoveDialogProps): ReactElement {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const id = useId();
  const isLocal = profile.kind === 'local';
  const [withData, setWithData] = useState(false);
  const [typed, setTyped] = useState('');
  // Another workspace may be removed meanwhile: its dialog tells that.
  const isOwn = useRef(false);
  const job = useJob('workspace', 'forget', ({ deletedBytes }) => {
    if (!isOwn.current) return;
    void queryClient.invalidateQueries({ queryKey: ['workspace'] });
    notify(
      'success',
      deletedBytes === null
        ? t('setup.remove.done', { name: profile.name })
        : t('setup.remove.doneWithData', { name: profile.name, size: formatBytes(deletedBytes) }),
    );
    onDone();
  });
  useEffect(() => {
    if (!job.busy) isOwn.current = false;
  }, [job.busy]);
  useDismissOnLeaving(job);
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
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (withData && typed !== profile.name) return;
          isOwn.current = true;
          job.start({ workspaceId: profile.id, withData });
        }}
      >
        <DialogTitle id={id} sx={{ overflowWrap: 'anywhere' }}>
          {t('setup.remove.title', { name: profile.name })}
        </DialogTitle>
        <DialogContent>
          <Stack sx={{ gap: 2 }}>
            <Typography variant="body2">{t('setup.remove.body')}</Typography>
            {isLocal ? (
              <DataChoice workspaceId={profile.id} withData={withData} onChange={setWithData} />
            ) : (
              <Typography variant="body2">{t('setup.remove.serverKeeps')}</Typography>
            )}
            {withData && <TypedText expected={profile.name} value={typed} onChange={setTyped} />}
            <JobOutcome job={job} failedTitle={t('setup.remove.failed')} />
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose}>{t(job.busy ? 'common.close' : 'common.cancel')}</Button>
          <Button
            type="submit"
            variant="contained"
            color={withData ? 'error' : 'primary'}
            disabled={job.busy || (withData && typed !== profile.name)}
          >
            {t(withData ? 'setup.remove.confirmWithData' : 'setup.remove.confirm')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface DataChoiceProps {
  readonly workspaceId: string;
  readonly withData: boolean;
  readonly onChange: (withData: boolean) => void;
}

/** Whether the local database's folder stays; how much that is. */
function DataChoice({ workspaceId, withData, onChange }: DataChoiceProps): ReactElement {
  const { t } = useTranslation();
  const size = useProcedureQuery('workspace', 'get', { workspaceId }).data?.localDataBytes ?? null;
  const remove =
    size === null
      ? t('setup.remove.withData')
      : t('setup.remove.withDataOfSize', { size: formatBytes(size) });
  return (
    <RadioGroup
      aria-label={t('setup.remove.data')}
      value={withData ? 'delete' : 'keep'}
      onChange={(event) => onChange(event.target.value === 'delete')}
    >
      {[
        { value: 'keep', label: t('setup.remove.withoutData') },
        { value: 'delete', label: remove },
      ].map(({ value, label }) => (
        <FormControlLabel
          key={value}
          value={value}
          control={<Radio size="small" sx={{ py: 0.5 }} />}
          label={label}
          slotProps={{ typography: { variant: 'body2' } }}
        />
      ))}
    </RadioGroup>
  );
}
