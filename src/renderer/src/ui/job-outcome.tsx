import type { ReactElement } from 'react';
import type { JobHandle } from '../api/use-job';
import { JobProgress } from './job-progress';
import { ErrorState } from './states';

interface JobOutcomeProps {
  /** What `useJob` returned. */
  readonly job: Pick<JobHandle<never, unknown>, 'job' | 'startError' | 'cancel'>;
  /** Title when the work failed or could not be started: "Setting up failed". */
  readonly failedTitle: string;
  /** False for work that has to be seen through. */
  readonly canCancel?: boolean;
  /** Offered when it failed after it had started; without it the screen's own button is the way. */
  readonly onRetry?: () => void;
}

/** Where a screen's long work stands: how far it is, why it failed, or why it could not even be started. */
export function JobOutcome({ job, failedTitle, canCancel = true, onRetry }: JobOutcomeProps): ReactElement {
  return (
    <>
      {job.job !== null && (
        <JobProgress
          job={job.job}
          onCancel={canCancel ? job.cancel : undefined}
          onRetry={onRetry}
          failedTitle={failedTitle}
        />
      )}
      {job.startError !== null && <ErrorState error={job.startError} title={failedTitle} />}
    </>
  );
}
