// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { versionOf } from '../../../../tests/support/team-fixture';
import { subscriptionStatuses } from '../../../shared/records/subscriptions';
import { useOpenReviews } from '../review/review-store';
import { reviewStep, stepsOf, subscriptionSteps } from './subscription-steps';

it.each(subscriptionSteps.filter((step) => !['delete', 'reset'].includes(step)))(
  'asks to %s only what that is offered for, whatever was selected',
  (step) => {
    const offered = subscriptionStatuses.filter((status) =>
      stepsOf({ status, isDenied: true, obstacles: [] }).includes(step),
    );
    const selected = [{ id: '00000000-0000-4000-8000-000000000001', version: versionOf(1) }];
    reviewStep(step, { targets: { selected }, rows: new Map() }, step);
    const { result } = renderHook(() => useOpenReviews());
    expect(result.current.at(-1)?.request.input).toMatchObject({ onlyFrom: offered });
  },
);

it.each([
  [true, 'due'],
  [false, 'now'],
])('lets periods begin at their date where that has come (%s), and else at once', (isDue, when) => {
  reviewStep('reset', { targets: { filter: { filters: {} } }, rows: new Map(), isDue }, 'reset');
  const { result } = renderHook(() => useOpenReviews());
  expect(result.current.at(-1)?.request).toMatchObject({ procedure: 'previewReset', input: { when } });
});
