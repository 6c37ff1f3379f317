// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { ReactElement } from 'react';
import { jobOf, openRenderedPage, openWorkspaceOf } from '../../../../tests/support/rendered-page';
import { previewOf, resultOf } from '../../../../tests/support/review-fixture';
import { useProcedureQuery } from '../api/use-procedure';
import { ReviewHost } from './review-host';
import { showReview } from './review-store';

/** Anything that a screen shows of the database. */
function Shown(): ReactElement {
  const { data } = useProcedureQuery('teams', 'named', { names: ['Cranes'] });
  return <p>{data === undefined ? 'Reading' : 'Read'}</p>;
}

it('is over only when what is on screen shows what was done', async () => {
  const page = await openRenderedPage();
  let goOn = (): void => undefined;
  page.answer('teams', 'named', async () => {
    if (page.asked('teams', 'named').length > 1) await new Promise<void>((resolve) => (goOn = resolve));
    return { teams: [] };
  });
  page.answer('users', 'previewUpdate', () => previewOf());
  page.answer('changes', 'run', () => ({ jobId: 'over-when-shown' }));
  await page.tell({ workspace: openWorkspaceOf() });
  page.show(
    <>
      <ReviewHost />
      <Shown />
    </>,
  );
  await screen.findByText('Read');
  const input = { targets: { filter: { filters: {} } }, changes: { maxBudget: null } };
  showReview({ request: { area: 'users', procedure: 'previewUpdate', input }, title: 'Change ana' });
  fireEvent.click(await screen.findByRole('button', { name: 'Change 1 record' }));
  await waitFor(() => expect(page.asked('changes', 'run')).toHaveLength(1));
  await page.tell({
    jobs: [
      {
        ...jobOf('changes.run', 'succeeded', 'over-when-shown'),
        workspaceId: 'workspace',
        result: resultOf(),
      },
    ],
  });
  await waitFor(() => expect(page.asked('teams', 'named')).toHaveLength(2));
  expect(screen.queryByText('Changed ana.')).toBeNull();
  goOn();
  expect(await screen.findByText('Changed ana.')).toBeDefined();
});
