// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { KeyExposure } from '../../../shared/records/api-keys';
import { ReviewHost } from '../review/review-host';
import { ExposureRemedy } from './exposure-remedy';

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
});

async function open(exposure: KeyExposure, access: 'administer' | 'read-only' = 'administer') {
  await page.tell({ workspace: openWorkspaceOf({ access }) });
  page.show(
    <>
      <ExposureRemedy exposure={exposure} filter={{ filters: { exposure } }} count={12} />
      <ReviewHost />
    </>,
  );
}
const asked = () => page.asked('apiKeys', 'previewUpdate');

it('blocks all that the finding is about, after a review', async () => {
  await open('unused');
  fireEvent.click(await screen.findByRole('button', { name: 'Block all of them…' }));
  expect(await screen.findByRole('dialog', { name: 'Block 12 keys' })).toBeDefined();
  await waitFor(() =>
    expect(asked()).toEqual([
      { targets: { filter: { filters: { exposure: 'unused' } } }, changes: { isActive: false } },
    ]),
  );
});

it('gives all of them an end, to the day that is chosen', async () => {
  await open('no_expiry');
  fireEvent.click(await screen.findByRole('button', { name: 'Give all of them an end…' }));
  expect(await screen.findByText('Edit 12 keys')).toBeDefined();
  fireEvent.mouseDown(screen.getByRole('combobox', { name: 'Expires' }));
  fireEvent.click(await screen.findByRole('option', { name: 'Set to…' }));
  fireEvent.change(screen.getByLabelText('New value: Expires'), { target: { value: '2099-12-31' } });
  fireEvent.click(screen.getByRole('button', { name: '1 change: review' }));
  await waitFor(() =>
    expect(asked()).toEqual([
      { targets: { filter: { filters: { exposure: 'no_expiry' } } }, changes: { expiresAt: '2099-12-31' } },
    ]),
  );
});

it('says why nothing can be done in a read-only workspace', async () => {
  await open('over_budget', 'read-only');
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: /another budget/ });
  expect(button.disabled).toBe(true);
});
