import { Alert, AlertTitle, Button, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeResult, UnfinishedChange } from '../../../shared/contract/changes';
import { useWorkspace } from '../api/app-state';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount, formatInstant } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { visibleName } from '../ui/visible-name';
import { undoOffer } from './undo-offer';

/** Deletions and undos that were begun and are not through, with the ways on; nothing where there are none. */
export function UnfinishedChanges(): ReactElement | null {
  const { t } = useTranslation();
  const mayWrite = useWorkspace()?.access === 'administer';
  const { data } = useProcedureQuery('changes', 'unfinished', {});
  const onDone = ({ batchId, done, problems, problemCount }: ChangeResult): void => {
    const why = { formatted: formatCount(problemCount), text: problems[0]?.text ?? '' };
    notify(
      problemCount > 0 ? 'error' : 'success',
      problemCount > 0 ? t('review.unfinished.problems', why) : t('review.unfinished.done'),
      // What was put back, or came back, changed no record.
      ...(done > 0 ? [undoOffer(t, batchId)] : []),
    );
  };
  const job = useJob('changes', 'finish', onDone, 'own');
  const items = data?.items ?? [];
  if (items.length === 0 && !job.busy && job.startError === null && job.job?.state !== 'failed') return null;
  return (
    <Stack sx={{ gap: 1.5, mb: 2 }}>
      {items.map((item) => (
        <Unfinished
          key={item.batchId}
          item={item}
          onFinish={mayWrite && !job.busy ? (how) => job.start({ batchId: item.batchId, how }) : undefined}
        />
      ))}
      <JobOutcome job={job} failedTitle={t('review.unfinished.failed')} />
    </Stack>
  );
}

interface UnfinishedProps {
  readonly item: UnfinishedChange;
  /** Absent where it may not be done, or something is being done. */
  readonly onFinish: ((how: 'go_on' | 'put_back') => void) | undefined;
}

function Unfinished({ item, onFinish }: UnfinishedProps): ReactElement {
  const { t } = useTranslation();
  const { way, records, total, moved, toMove, reason, actor, begunAt, isRunning } = item;
  const name = visibleName(records[0]?.label ?? '');
  const isOff = onFinish === undefined || isRunning;
  const amounts = { moved: formatCount(moved), toMove: formatCount(toMove) };
  return (
    <Alert
      severity={isRunning ? 'info' : 'warning'}
      action={
        <Stack direction="row" sx={{ gap: 1 }}>
          <Button color="inherit" disabled={isOff} onClick={() => onFinish?.('go_on')}>
            {t('review.unfinished.goOn')}
          </Button>
          {way === 'delete' && (
            <Button color="inherit" disabled={isOff} onClick={() => onFinish?.('put_back')}>
              {t('review.unfinished.putBack')}
            </Button>
          )}
        </Stack>
      }
    >
      <AlertTitle sx={{ overflowWrap: 'anywhere' }}>
        {t(`review.unfinished.${way}.${isRunning ? 'underWay' : 'interrupted'}`, {
          ...amounts,
          name,
          count: total,
          formatted: formatCount(total),
        })}
      </AlertTitle>
      {t(`review.unfinished.${way}.why`)}{' '}
      {t('review.unfinished.begun', { who: actor, when: formatInstant(begunAt), reason: reason ?? '–' })}
    </Alert>
  );
}
