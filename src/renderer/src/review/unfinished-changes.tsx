import { Alert, AlertTitle, Box, Button, Stack } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeResult, UnfinishedChange } from '../../../shared/contract/changes';
import { plainName } from '../../../shared/plain-name';
import { useWorkspace } from '../api/app-state';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { ConfirmDialog } from '../ui/dialogs';
import { formatCount, formatInstant } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { ErrorState } from '../ui/states';
import { visibleName } from '../ui/visible-name';
import { undoOffer } from './undo-offer';

/** Another console may take one up, or come to its end with it. */
function refetchMs(data: { readonly items: readonly UnfinishedChange[] } | undefined): number | false {
  if (data === undefined || data.items.length === 0) return false;
  return data.items.some(({ isRunning }) => isRunning) ? 2_000 : 10_000;
}

/** Deletions and undos that were begun and are not through, with the ways on; nothing where there are none. */
export function UnfinishedChanges(): ReactElement | null {
  const { t } = useTranslation();
  const mayWrite = useWorkspace()?.access === 'administer';
  const { data, error, refetch } = useProcedureQuery('changes', 'unfinished', {}, { refetchMs });
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
  if (error !== null && data === undefined) {
    const retry = (): void => void refetch();
    return <ErrorState error={error} title={t('review.unfinished.unknown')} onRetry={retry} />;
  }
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
  const [isAsking, setIsAsking] = useState(false);
  const { kind, way, records, total, through, moved, toMove, reason, actor, begunAt, isRunning } = item;
  const first = records[0]?.label ?? '';
  const name = visibleName(first);
  const counted = { name, count: total, formatted: formatCount(total) };
  const who = t('review.unfinished.who', counted);
  const unnamed = total - records.length;
  const isOff = onFinish === undefined || isRunning;
  // What takes too long to count is not known.
  const [movedText, toMoveText] = [moved, toMove].map((rows) => (rows === null ? '?' : formatCount(rows)));
  const amounts = { moved: movedText, toMove: toMoveText };
  return (
    <Alert
      severity={isRunning ? 'info' : 'warning'}
      action={
        <Stack direction="row" sx={{ gap: 1, whiteSpace: 'nowrap' }}>
          <Button
            color="inherit"
            disabled={isOff}
            aria-label={t('review.unfinished.goOnWith', { who })}
            onClick={() => (way === 'delete' ? setIsAsking(true) : onFinish?.('go_on'))}
          >
            {t('review.unfinished.goOn')}
          </Button>
          {way === 'delete' && (
            <Button
              color="inherit"
              disabled={isOff}
              aria-label={t('review.unfinished.putBackOf', { who })}
              onClick={() => onFinish?.('put_back')}
            >
              {t('review.unfinished.putBack')}
            </Button>
          )}
        </Stack>
      }
    >
      <AlertTitle sx={{ overflowWrap: 'anywhere' }}>
        {t(`review.unfinished.${kind}.${way}.${isRunning ? 'underWay' : 'interrupted'}`, {
          ...amounts,
          ...counted,
        })}
      </AlertTitle>
      {t(`review.unfinished.${kind}.${way}.why`)}{' '}
      {way === 'delete' && through > 0 && (
        <>
          {t(`review.unfinished.${kind}.delete.through`, {
            count: through,
            formatted: formatCount(through),
          })}{' '}
        </>
      )}
      {way === 'delete' && !isRunning && <>{t(`review.unfinished.${kind}.delete.notBegun`)} </>}
      {t('review.unfinished.begun', { who: actor, when: formatInstant(begunAt), reason: reason ?? '–' })}
      <ConfirmDialog
        open={isAsking}
        title={t(`review.unfinished.${kind}.delete.ask`, counted)}
        confirmLabel={t(`review.unfinished.${kind}.delete.confirm`, counted)}
        destructive
        // As in the review: one is named, several are counted.
        typed={total === 1 ? plainName(first) : String(total)}
        onConfirm={() => onFinish?.('go_on')}
        onClose={() => setIsAsking(false)}
      >
        {t(`review.unfinished.${kind}.delete.askBody`)}
        <Box component="ul" sx={{ my: 1, pl: 3, overflowWrap: 'anywhere' }}>
          {records.map(({ id, label }) => (
            <li key={id}>{visibleName(label)}</li>
          ))}
          {unnamed > 0 && (
            <li>{t('review.unfinished.andMore', { count: unnamed, formatted: formatCount(unnamed) })}</li>
          )}
        </Box>
      </ConfirmDialog>
    </Alert>
  );
}
