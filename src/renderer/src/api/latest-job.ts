import type { JobState } from '../../../shared/contract/app';

/**
 * The job of a procedure (`area.procedure`) that was started last, running or ended; null when there is none. What
 * worked on another workspace says nothing about the one that is open.
 */
export function latestJob(
  jobs: readonly JobState[],
  procedure: string,
  workspaceId: string | null,
): JobState | null {
  const isMeant = (job: JobState): boolean =>
    job.procedure === procedure && (job.workspaceId === null || job.workspaceId === workspaceId);
  return jobs.findLast(isMeant) ?? null;
}
