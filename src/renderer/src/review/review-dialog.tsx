import {
  Alert,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Stack,
  TextField,
  Typography,
} from '@mui/material';
import type { TFunction } from 'i18next';
import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ChangePreview, ChangeResult } from '../../../shared/contract/changes';
import type { ApiError } from '../api/api-error';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { ErrorState, LoadingLines } from '../ui/states';
import { Conflicts } from './conflicts';
import { Problems } from './problems';
import { ReviewDetails } from './review-details';
import { closeReview, showReview, type OpenReview, type ReviewRequest } from './review-store';

/** What a change would do, exactly; the person confirms it, sees how far it is and how it came out. */
export function ReviewDialog({ review }: { readonly review: OpenReview }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [isOpen, setIsOpen] = useState(true);
  const [reason, setReason] = useState('');
  const [hasBegun, setHasBegun] = useState(false);
  const preview = usePreview(review.request, isOpen && !hasBegun);
  const { data } = preview;
  const [hasExited, setHasExited] = useState(false);
  const finish = useFinish(review, data, (isWanted) => {
    setHasExited(false);
    setIsOpen(isWanted);
    if (!isWanted && hasExited) closeReview(review.id);
  });
  const run = useJob('changes', 'run', finish, 'own');
  const start = (): void => {
    if (data === undefined) return;
    setHasBegun(true);
    run.start({ plan: data.plan, reason: reason === '' ? null : reason });
  };
  const isAtOnce = useAtOnce(review, data, start) && run.job?.state !== 'failed' && run.startError === null;
  const needsReason = data !== undefined && data.grade !== 'reversible';
  const mayStart =
    data !== undefined &&
    data.toChange > 0 &&
    !run.busy &&
    !preview.isFetching &&
    (!needsReason || reason.trim() !== '');
  const isUndo = review.request.kind === 'undo';
  // What may be done at once shows itself only where something speaks against it.
  const isHidden = isAtOnce && preview.error === null && (run.result?.problemCount ?? 0) === 0;
  // Closed while it ran: it stays, unseen, until the toast can be shown.
  const hasEndedUnseen = hasExited && !run.busy && run.job?.state !== 'succeeded';
  const isOver = !isOpen && (isHidden || hasEndedUnseen);
  useEffect(() => {
    if (isOver) closeReview(review.id);
  }, [isOver, review.id]);
  return (
    <Dialog
      open={isOpen && !isHidden}
      onClose={() => setIsOpen(false)}
      aria-labelledby={id}
      maxWidth="md"
      fullWidth
      slotProps={{
        transition: { onExited: () => (run.busy ? setHasExited(true) : closeReview(review.id)) },
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (mayStart) start();
        }}
      >
        <DialogTitle id={id} sx={{ overflowWrap: 'anywhere' }}>
          {review.title}
        </DialogTitle>
        <DialogContent>
          <Stack sx={{ gap: 2 }}>
            {preview.isPending && <LoadingLines lines={5} />}
            {preview.error !== null && (
              <ErrorState
                error={preview.error}
                title={t('review.failed')}
                onRetry={() => void preview.refetch()}
              />
            )}
            {data !== undefined && (
              <>
                <Conflicts
                  preview={data}
                  isUndo={isUndo}
                  seen={review.seen}
                  onTakeOver={
                    review.onTakeOver === undefined
                      ? undefined
                      : (conflict) => {
                          review.onTakeOver?.(conflict);
                          setIsOpen(false);
                        }
                  }
                />
                <ReviewDetails preview={data} />
                {needsReason && data.toChange > 0 && (
                  <TextField
                    required
                    autoFocus
                    label={t('review.reason')}
                    helperText={t('review.reasonHelp')}
                    value={reason}
                    onChange={(event) => setReason(event.target.value)}
                    slotProps={{ htmlInput: { maxLength: 500 } }}
                  />
                )}
              </>
            )}
            {run.result !== null && <Problems result={run.result} />}
          </Stack>
        </DialogContent>
        {(run.job !== null || run.startError !== null) && (
          <Stack sx={{ gap: 1.5, px: 3, pt: 1.5 }}>
            {run.job?.state === 'cancelled' && <Alert severity="info">{t('review.cancelled')}</Alert>}
            {run.job?.state === 'failed' && (
              <Typography variant="body2">{t('review.runFailedHelp')}</Typography>
            )}
            <JobOutcome job={run} failedTitle={t('review.runFailed')} />
          </Stack>
        )}
        <DialogActions sx={{ px: 3, py: 2 }}>
          <Button onClick={() => setIsOpen(false)}>
            {t(run.busy || run.result !== null ? 'common.close' : 'common.cancel')}
          </Button>
          {data !== undefined && data.toChange > 0 && (
            <Button type="submit" variant="contained" disabled={!mayStart}>
              {confirmText(t, data, isUndo, hasBegun)}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}

function confirmText(
  t: TFunction,
  { toChange, records }: ChangePreview,
  isUndo: boolean,
  hasBegun: boolean,
): string {
  if (hasBegun) return t('review.again');
  if (isUndo) return t('review.confirmUndo');
  const isNew = records[0]?.way === 'create';
  return t(isNew ? 'review.create' : 'review.confirm', { count: toChange, formatted: formatCount(toChange) });
}

/** Each review looks anew: what was seen yesterday is no preview. Once it runs, what is there is its own doing. */
function usePreview(request: ReviewRequest, isLooking: boolean): UseQueryResult<ChangePreview, ApiError> {
  const { kind } = request;
  const options = (own: ReviewRequest['kind']) => ({ enabled: isLooking && kind === own, staleTimeMs: 0 });
  // The input of those that are not asked does not matter.
  const update = useProcedureQuery(
    'users',
    'previewUpdate',
    kind === 'users' ? request.input : { targets: { filter: { filters: {} } }, changes: {} },
    options('users'),
  );
  const create = useProcedureQuery(
    'users',
    'previewCreate',
    kind === 'newUsers' ? request.input : { people: [] },
    options('newUsers'),
  );
  const undo = useProcedureQuery(
    'changes',
    'previewUndo',
    kind === 'undo' ? request.input : { batchId: '' },
    options('undo'),
  );
  return { users: update, newUsers: create, undo }[kind];
}

/** Starts by itself, once, what nothing speaks against. Answers whether it did or still may. */
function useAtOnce(
  { atOnce = false }: OpenReview,
  data: ChangePreview | undefined,
  start: () => void,
): boolean {
  const isPlain =
    data === undefined ||
    (data.grade === 'reversible' &&
      data.toChange > 0 &&
      data.conflictCount + data.refused + data.gone === 0 &&
      data.findings.every(({ severity }) => severity !== 'error'));
  const mayStart = atOnce && isPlain && data !== undefined;
  const started = useRef(false);
  const begin = useRef(start);
  useEffect(() => {
    begin.current = start;
  });
  useEffect(() => {
    if (!mayStart || started.current) return;
    started.current = true;
    begin.current();
  }, [mayStart]);
  return atOnce && isPlain;
}

const doneTexts = { users: 'review.done', newUsers: 'review.created', undo: 'review.undone' } as const;

/**
 * What follows a run: all went well, and the toast offers to take exactly this batch back; or the problems stay, or
 * come back, in sight.
 */
function useFinish(
  review: OpenReview,
  data: ChangePreview | undefined,
  show: (isWanted: boolean) => void,
): (result: ChangeResult) => void {
  const { t } = useTranslation();
  return (result) => {
    const name = data?.records[0]?.label ?? '';
    const text = doneTexts[review.request.kind];
    if (result.done > 0) {
      notify('success', t(text, { count: result.done, formatted: formatCount(result.done), name }), {
        label: t('review.undo'),
        run: () =>
          showReview({
            request: { kind: 'undo', input: { batchId: result.batchId } },
            title: t('review.undoTitle'),
            atOnce: true,
          }),
      });
    }
    if (result.problemCount > 0) {
      show(true);
      return;
    }
    review.onDone?.(result);
    show(false);
  };
}
