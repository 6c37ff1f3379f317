import { useCallback, useEffect, useRef, useState } from 'react';
import type { JobState } from '../../../shared/contract/app';
import type { AreaName, Contract, InputOf, ResultOf } from '../../../shared/contract/index';
import type { ApiError } from './api-error';
import { toApiError } from './api-error';
import { useJobs, useWorkspace } from './app-state';
import { call } from './client';
import { latestJob } from './latest-job';
import type { ProcedureOfKind } from './use-procedure';

export interface JobHandle<Input, Result> {
  /** This procedure's latest job here, running or ended; null when there was none or it was dismissed. */
  readonly job: JobState | null;
  /** Its output once it succeeded. */
  readonly result: Result | null;
  /** True from the click until the job has ended. */
  readonly busy: boolean;
  /** Why it could not be started at all. */
  readonly startError: ApiError | null;
  start(input: Input): void;
  cancel(): void;
  /** Stops showing an ended job; one that runs stays. */
  dismiss(): void;
}

/** Ended jobs the person has seen; kept outside so that another screen does not show them again. */
const dismissed = new Set<string>();

/** Jobs that the state has shown: the console forgets old ones, and they are no less over then. */
const listed = new Set<string>();

/**
 * Starts long work and follows it through the console's state, which also finds it again after a reload.
 * `onSuccess` runs once, only for a job that ended while this screen was open.
 * @param follow `own`: only the job that was started here, where several of a kind may run at once.
 */
export function useJob<Area extends AreaName, Name extends ProcedureOfKind<Area, 'job'>>(
  area: Area,
  procedure: Name,
  onSuccess?: (result: ResultOf<Contract[Area][Name]>) => void,
  follow: 'latest' | 'own' = 'latest',
): JobHandle<InputOf<Contract[Area][Name]>, ResultOf<Contract[Area][Name]>> {
  const jobs = useJobs();
  const workspaceId = useWorkspace()?.id ?? null;
  const [startedId, setStartedId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const [startError, setStartError] = useState<ApiError | null>(null);
  const [, showDismissal] = useState(0);

  const latest =
    follow === 'own'
      ? (jobs.find(({ id }) => id === startedId) ?? null)
      : latestJob(jobs, `${area}.${procedure}`, workspaceId);
  const job = latest !== null && dismissed.has(latest.id) ? null : latest;
  // Between the answer to `start` and the next state the job is known by its id only.
  const isListed = jobs.some(({ id }) => id === startedId);
  const announced = startedId !== null && !isListed && !listed.has(startedId);
  useEffect(() => {
    if (startedId !== null && isListed) listed.add(startedId);
  }, [startedId, isListed]);
  const busy = starting || announced || job?.state === 'running';

  const start = useCallback(
    (input: InputOf<Contract[Area][Name]>) => {
      setStarting(true);
      setStartError(null);
      call(area, procedure, input)
        .then((answer) => setStartedId((answer as { jobId: string }).jobId))
        .catch((error: unknown) => setStartError(toApiError(error)))
        .finally(() => setStarting(false));
    },
    [area, procedure],
  );

  const jobId = job?.id;
  const cancel = useCallback(() => {
    if (jobId !== undefined) void call('app', 'cancelJob', { jobId }).catch(() => undefined);
  }, [jobId]);

  const isRunning = job?.state === 'running';
  const dismiss = useCallback(() => {
    if (jobId !== undefined && !isRunning) dismissed.add(jobId);
    setStartError(null);
    showDismissal((count) => count + 1);
  }, [jobId, isRunning]);

  useSuccess(job, startedId, onSuccess as ((result: unknown) => void) | undefined);

  const result = job?.state === 'succeeded' ? (job.result as ResultOf<Contract[Area][Name]>) : null;
  return { job, result, busy, startError, start, cancel, dismiss };
}

function useSuccess(
  job: JobState | null,
  startedId: string | null,
  onSuccess: ((result: unknown) => void) | undefined,
): void {
  /** Jobs this screen saw running: one that had ended before is no news. */
  const watched = useRef<string | null>(null);
  const reported = useRef<string | null>(null);
  const callback = useRef(onSuccess);
  useEffect(() => {
    callback.current = onSuccess;
  });
  useEffect(() => {
    if (job === null) return;
    if (job.state === 'running' || job.id === startedId) watched.current = job.id;
    if (job.state !== 'succeeded' || watched.current !== job.id || reported.current === job.id) return;
    reported.current = job.id;
    callback.current?.(job.result);
  }, [job, startedId]);
}
