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
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { ChangePreview, ChangeResult } from '../../../shared/contract/changes';
import type { UsersPreview } from '../../../shared/contract/users';
import { plainName } from '../../../shared/plain-name';
import type { ApiError } from '../api/api-error';
import { readAgainNow } from '../api/follow-changes';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { notify, type NotificationAction } from '../ui/notifications';
import { ErrorState, LoadingLines } from '../ui/states';
import { Conflicts } from './conflicts';
import { OverBudgetOffer } from './over-budget-offer';
import { Problems, retriable } from './problems';
import { PutOthersBack } from './put-others-back';
import { ReviewDetails } from './review-details';
import { closeReview, showReview, type OpenReview, type ReviewRequest } from './review-store';
import { reviewWords } from './review-words';
import { undoOffer } from './undo-offer';
import { useConfirm } from './use-confirm';

/** What a change would do, exactly; the person confirms it, sees how far it is and how it came out. */
export function ReviewDialog({ review }: { readonly review: OpenReview }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [isOpen, setIsOpen] = useState(true);
  const { outcome } = review;
  const [reason, setReason] = useState(outcome?.reason ?? '');
  const [typed, setTyped] = useState('');
  const [hasBegun, setHasBegun] = useState(outcome !== undefined);
  const [request, setRequest] = useState(review.request);
  const preview = usePreview(request, isOpen && !hasBegun);
  const data: UsersPreview | undefined = outcome?.preview ?? preview.data;
  const [hasExited, setHasExited] = useState(false);
  const finish = useFinish(review, data, reason, (isWanted) => {
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
  const ended = run.result ?? outcome?.result ?? null;
  const hasProblems = ended !== null && ended.problemCount > 0;
  const needsReason = data !== undefined && data.grade !== 'reversible';
  // One is named, several are counted: whoever types it has read which.
  const word = data?.total === 1 ? (data.records[0]?.label ?? '') : String(data?.toChange ?? '');
  const mayStart =
    data !== undefined &&
    data.toChange > 0 &&
    !run.busy &&
    (!needsReason || reason.trim() !== '') &&
    (data.grade !== 'destroys' || ended !== null || plainName(typed) === plainName(word));
  const { confirm, hasMoved } = useConfirm(data, preview.isFetching && !hasBegun, start);
  const isUndo = request.procedure === 'previewUndo';
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
          if (mayStart) confirm();
        }}
      >
        <DialogTitle id={id} sx={{ overflowWrap: 'anywhere' }}>
          {review.title}
        </DialogTitle>
        <DialogContent>
          <Stack sx={{ gap: 2 }}>
            {data === undefined && preview.isPending && <LoadingLines lines={5} />}
            {preview.error !== null && (
              <ErrorState
                error={preview.error}
                title={t('review.failed')}
                onRetry={() => void preview.refetch()}
              />
            )}
            {data !== undefined && !hasProblems && (
              <>
                <Conflicts
                  preview={data}
                  isUndo={isUndo}
                  seen={review.seen}
                  onResolve={
                    review.onResolve === undefined
                      ? undefined
                      : (resolved) => {
                          review.onResolve?.(resolved);
                          setIsOpen(false);
                        }
                  }
                  onTakeNow={
                    review.onResolve === undefined && !isUndo
                      ? () => setRequest(ofWhatIsNow(request, data.conflicts))
                      : undefined
                  }
                />
                {isUndo && <PutOthersBack preview={data} onTaken={() => setIsOpen(false)} />}
                {isOfFilter(request) && (
                  <Typography variant="body2">
                    {t('review.matched', { count: data.total, formatted: formatCount(data.total) })}
                  </Typography>
                )}
                <ReviewDetails preview={data} onLeave={() => setIsOpen(false)} />
                {data.overBudget !== undefined && (
                  <OverBudgetOffer
                    over={data.overBudget}
                    onTake={
                      review.onCountFromNow === undefined
                        ? undefined
                        : (edits) => {
                            review.onCountFromNow?.(edits);
                            setIsOpen(false);
                          }
                    }
                  />
                )}
              </>
            )}
            {hasMoved && <Alert severity="info">{t('review.hasMoved')}</Alert>}
            {ended !== null && <Problems result={ended} />}
          </Stack>
        </DialogContent>
        {data !== undefined && !hasProblems && needsReason && data.toChange > 0 && (
          <Stack sx={{ gap: 2, px: 3, pt: 2, borderTop: 1, borderColor: 'divider' }}>
            <TextField
              required
              // A deletion is read first: the focus would lead past what warns of it.
              autoFocus={data.grade !== 'destroys'}
              label={t('review.reason')}
              helperText={t('review.reasonHelp')}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              slotProps={{ htmlInput: { maxLength: 500 } }}
            />
            {data.grade === 'destroys' && (
              <TextField
                required
                label={t('review.typed', { word })}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false } }}
              />
            )}
          </Stack>
        )}
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
          {review.instead !== undefined && !hasBegun && (
            <Button
              onClick={() => {
                setIsOpen(false);
                review.instead?.run();
              }}
              sx={{ mr: 'auto' }}
            >
              {review.instead.label}
            </Button>
          )}
          <Button onClick={() => setIsOpen(false)}>
            {t(run.busy || ended !== null ? 'common.close' : 'common.cancel')}
          </Button>
          {data !== undefined && data.toChange > 0 && (ended === null || retriable(ended) > 0) && (
            <Button
              type="submit"
              variant="contained"
              color={data.grade === 'destroys' ? 'error' : 'primary'}
              disabled={!mayStart}
            >
              {ended === null ? confirmText(t, review, data, hasBegun) : againText(t, retriable(ended))}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}

function confirmText(t: TFunction, review: OpenReview, data: ChangePreview, hasBegun: boolean): string {
  if (hasBegun) return t('review.again');
  const count = data.toChange;
  return t(reviewWords(review, data).confirm, { count, formatted: formatCount(count) });
}

function againText(t: TFunction, count: number): string {
  return t('review.tryAgain', { count, formatted: formatCount(count) });
}

function isOfFilter(request: ReviewRequest): boolean {
  return 'targets' in request.input && 'filter' in request.input.targets;
}

/** The same asked of records as they are now, which the person has just been shown. */
function ofWhatIsNow(request: ReviewRequest, conflicts: ChangePreview['conflicts']): ReviewRequest {
  const { input } = request;
  if (!('targets' in input) || !('selected' in input.targets)) return request;
  const versions = new Map(conflicts.map(({ id, version }) => [id, version]));
  const selected = input.targets.selected.map(({ id, version }) => ({
    id,
    version: versions.get(id) ?? version,
  }));
  return { ...request, input: { ...input, targets: { selected } } } as ReviewRequest;
}

/** Each review looks anew: what was seen yesterday is no preview. Once it runs, what is there is its own doing. */
function usePreview(request: ReviewRequest, isLooking: boolean): UseQueryResult<UsersPreview, ApiError> {
  // Area, procedure and input belong together, and all of them answer with a preview; one of them stands for all.
  const { area, procedure, input } = request as ReviewRequest & { area: 'users'; procedure: 'previewUpdate' };
  return useProcedureQuery(area, procedure, input, { enabled: isLooking, staleTimeMs: 0 });
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

/**
 * What follows a run: all went well, and the toast offers to take exactly this batch back; or the problems stay, or
 * come back, in sight, and the toast leads to them again.
 */
function useFinish(
  review: OpenReview,
  data: ChangePreview | undefined,
  reason: string,
  show: (isWanted: boolean) => void,
): (result: ChangeResult) => void {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const isTold = useRef((review.outcome?.result.done ?? 0) > 0);
  const tell = (result: ChangeResult): void => {
    const { done, problemCount } = result;
    const words = reviewWords(review, data);
    if (problemCount > 0) {
      const counts = { changed: formatCount(done), left: formatCount(problemCount) };
      notify(
        done > 0 ? 'info' : 'error',
        t(words.partly, counts),
        ...(data === undefined ? [] : [showOffer(t, review, { preview: data, result, reason })]),
        ...(done > 0 ? [undoOffer(t, result.batchId)] : []),
      );
    } else if (done > 0) {
      const name = data?.records[0]?.label ?? '';
      notify(
        'success',
        t(words.done, { count: done, formatted: formatCount(done), name }),
        undoOffer(t, result.batchId),
      );
    }
    // Who asked is done also where some are left: to change the others again would find them changed since.
    if (!isTold.current && (done > 0 || problemCount === 0)) {
      isTold.current = true;
      review.onDone?.(result);
    }
    show(problemCount > 0);
  };
  return (result) => void readAgainNow(queryClient).then(() => tell(result));
}

function showOffer(
  t: TFunction,
  review: OpenReview,
  outcome: NonNullable<OpenReview['outcome']>,
): NotificationAction {
  return {
    label: t('review.show'),
    run: () => {
      closeReview(review.id);
      showReview({ ...review, atOnce: false, outcome });
    },
  };
}
