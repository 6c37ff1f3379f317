// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import type { ReactElement } from 'react';
import { useLocation } from 'react-router';
import { expect, it } from 'vitest';
import { openRenderedPage, openWorkspaceOf } from '../../../../tests/support/rendered-page';
import type { UsageBreakdownRow, UsageDimension } from '../../../shared/contract/usage';
import { useUsageRowActions } from './use-usage-row-actions';

const figures = {
  requests: '1',
  errors: '0',
  requestTokens: '1',
  responseTokens: '1',
  cost: '1',
  latencyMs: null,
};
const row = (id: string | null, label: string | null) =>
  ({ ...figures, id, label, previous: null }) as unknown as UsageBreakdownRow;

function Actions(props: {
  readonly of: UsageBreakdownRow;
  readonly dimension: UsageDimension;
}): ReactElement {
  const { pathname, search } = useLocation();
  return (
    <>
      <output>{pathname + search}</output>
      {useUsageRowActions(props.dimension)(props.of).map(({ id, label, run, obstacle }) => (
        <button key={id} type="button" disabled={obstacle !== undefined} title={obstacle} onClick={run}>
          {label}
        </button>
      ))}
    </>
  );
}

async function show(
  of: UsageBreakdownRow,
  dimension: UsageDimension,
  access: 'administer' | 'read-only' = 'administer',
): Promise<void> {
  const page = await openRenderedPage();
  await page.tell({ workspace: { ...openWorkspaceOf(), access } });
  page.show(<Actions of={of} dimension={dimension} />);
}

const go = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));
const place = () => screen.getByRole('status').textContent;

it('lead from a key’s usage to its budget and to blocking it', async () => {
  await show(row('key/1', 'Crane'), 'apiKey');
  await go('Open');
  expect(place()).toBe('/api-keys/key%2F1');
  await go('Edit…');
  expect(place()).toBe('/api-keys/key%2F1?edit=maxBudget');
  await go('Block or unblock…');
  expect(place()).toBe('/api-keys/key%2F1?edit=isActive');
});

it('say why nothing can be changed in a read-only workspace', async () => {
  await show(row('gpt', 'GPT'), 'model', 'read-only');
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Edit…' })).title).toContain(
    'read-only',
  );
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Open' }).disabled).toBe(false);
});

it.each([
  ['of no record', row(null, null)],
  ['of one that was deleted', row('gone', null)],
])('offer nothing for usage %s, and say so', async (_what, of) => {
  await show(of, 'user');
  const open = await screen.findByRole<HTMLButtonElement>('button', { name: 'Open' });
  expect(open.disabled).toBe(true);
  expect(open.title).toBe('There is no record: it was deleted, or never known here.');
  expect(screen.getAllByRole('button')).toHaveLength(1);
});

it('still lead to the page of a model that left', async () => {
  await show(row('gone', null), 'model');
  await go('Open');
  expect(place()).toBe('/models/gone');
  expect(screen.getAllByRole('button')).toHaveLength(1);
});
