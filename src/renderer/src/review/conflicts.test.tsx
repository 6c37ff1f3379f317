// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import { useState, type ReactElement } from 'react';
import { beforeEach, expect, it } from 'vitest';
import { openRenderedPage, type RenderedPage } from '../../../../tests/support/rendered-page';
import type { ChangePreview } from '../../../shared/contract/changes';
import { Conflicts } from './conflicts';
import type { ResolvedConflict } from './review-store';

const id = '00000000-0000-4000-8000-0000000000a1';
const previewAt = (budget: string, version: string): ChangePreview => ({
  plan: '00000000-0000-4000-8000-000000000001',
  action: 'USER_UPDATE',
  grade: 'reversible',
  total: 1,
  toChange: 0,
  unchanged: 0,
  refused: 0,
  gone: 0,
  conflictCount: 1,
  conflicts: [
    {
      id,
      label: 'ana',
      now: { maxBudget: budget },
      wanted: { maxBudget: '100' },
      expected: null,
      version,
      changedBy: null,
      changedAt: null,
    },
  ],
  findings: [],
  records: [],
  cascade: [],
  parts: [],
  litellm: null,
  statements: [],
});
const first = '1'.repeat(32);
const second = '2'.repeat(32);

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
});

/** The conflict is looked at again, and found changed once more. */
function LookedAtTwice({
  onResolve,
}: {
  readonly onResolve: (resolved: readonly ResolvedConflict[]) => void;
}): ReactElement {
  const [preview, setPreview] = useState(previewAt('50', first));
  return (
    <>
      <button type="button" onClick={() => setPreview(previewAt('70', second))}>
        Look again
      </button>
      <Conflicts preview={preview} isUndo={false} seen={() => ({ maxBudget: '20' })} onResolve={onResolve} />
    </>
  );
}

it('asks again what was decided about a record that has changed once more', async () => {
  const resolved: (readonly ResolvedConflict[])[] = [];
  page.show(<LookedAtTwice onResolve={(each) => resolved.push(each)} />);
  const keepMine = () => screen.findByRole<HTMLInputElement>('radio', { name: 'Max budget: keep mine' });
  const goOn = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Go on with what is there now' });
  fireEvent.click(await keepMine());
  expect(goOn().disabled).toBe(false);
  fireEvent.click(screen.getByRole('button', { name: 'Look again' }));
  expect(await screen.findByText('$70.00')).toBeDefined();
  expect((await keepMine()).checked).toBe(false);
  expect(goOn().disabled).toBe(true);
  fireEvent.click(await keepMine());
  fireEvent.click(goOn());
  expect(resolved).toMatchObject([[{ conflict: { id, version: second }, kept: ['maxBudget'] }]]);
});
