// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { Route, Routes } from 'react-router';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { ReviewHost } from '../review/review-host';
import { type AuditEntry, AuditEntryScreen } from './audit-entry-screen';

const entry: AuditEntry = {
  id: '00000000-0000-4000-8000-000000000001',
  createdAt: '2026-11-05T10:00:00.000000Z',
  action: 'LITELLM_UNLINK',
  resourceType: 'LITELLM',
  resourceId: 'https://litellm.test',
  record: null,
  user: null,
  osUser: 'ana',
  host: 'desk',
  reason: null,
  batchId: '00000000-0000-4000-8000-0000000000b1',
  ipAddress: null,
  userAgent: null,
  changes: [],
  changesAreCut: false,
  undoRecordId: null,
  noUndo: null,
  metadata: '{}',
  metadataIsCut: false,
};

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  await page.tell({ workspace: openWorkspaceOf({ access: 'administer' }) });
});

function show(changes: Partial<AuditEntry>): void {
  page.answer('audit', 'get', () => ({ ...entry, ...changes }));
  page.show(
    <>
      <Routes>
        <Route path="*" element={<AuditEntryScreen />} />
      </Routes>
      <ReviewHost />
    </>,
  );
}

it('offers the undo of what can be taken back', async () => {
  // A membership, for example: its entry is about the team.
  show({ undoRecordId: 'changed' });
  fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() =>
    expect(page.asked('changes', 'previewUndo')).toMatchObject([
      { batchId: entry.batchId, recordId: 'changed' },
    ]),
  );
});

it('says why there is no undo where there is none', async () => {
  show({ noUndo: 'Cannot be undone: the key was forgotten with the link.' });
  expect(await screen.findByText('Cannot be undone: the key was forgotten with the link.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
});
