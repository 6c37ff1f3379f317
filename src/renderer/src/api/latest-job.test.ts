import { expect, it } from 'vitest';
import type { JobState } from '../../../shared/contract/app';
import { latestJob } from './latest-job';

const job = (id: string, procedure: string, workspaceId: string | null): JobState => ({
  id,
  procedure,
  workspaceId,
  state: 'succeeded',
  title: '',
  detail: null,
  done: null,
  total: null,
  result: null,
  error: null,
  startedAt: '2026-11-05T10:00:00.000000Z',
  finishedAt: '2026-11-05T10:00:01.000000Z',
});

const jobs = [
  job('1', 'health.reconcile', 'one'),
  job('2', 'health.reconcile', 'one'),
  job('3', 'health.reconcile', 'two'),
  job('4', 'workspace.open', null),
];

it('finds the latest of the workspace that is open', () => {
  expect(latestJob(jobs, 'health.reconcile', 'one')?.id).toBe('2');
  expect(latestJob(jobs, 'health.reconcile', 'two')?.id).toBe('3');
});

it('shows nothing of another workspace', () => {
  expect(latestJob(jobs, 'health.reconcile', 'three')).toBeNull();
  expect(latestJob(jobs, 'health.reconcile', null)).toBeNull();
});

it('finds what belongs to no workspace whatever is open', () => {
  expect(latestJob(jobs, 'workspace.open', 'one')?.id).toBe('4');
  expect(latestJob(jobs, 'workspace.open', null)?.id).toBe('4');
});
