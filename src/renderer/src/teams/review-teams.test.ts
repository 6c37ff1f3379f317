// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { teamOf, versionOf } from '../../../../tests/support/team-fixture';
import { useOpenReviews } from '../review/review-store';
import { reviewTeams } from './review-teams';

it('takes a cut or masked description of a row for nothing that was seen', () => {
  const team = { ...teamOf(), description: 'Token: … and so on…', allowedModels: ['gpt'] };
  reviewTeams({
    targets: { selected: [{ id: team.id, version: versionOf(1) }] },
    changes: { isActive: false },
    rows: new Map([[team.id, team]]),
    title: 'Deactivate',
    onDone: () => undefined,
  });
  const { result } = renderHook(() => useOpenReviews());
  const seen = result.current[0]?.seen?.(team.id);
  expect(seen).toMatchObject({ name: 'Crew', maxBudget: '100' });
  expect(seen).not.toHaveProperty('description');
  expect(seen).not.toHaveProperty('allowedModels');
});
