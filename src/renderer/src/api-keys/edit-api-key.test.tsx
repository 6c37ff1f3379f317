// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { apiKeyOf } from '../../../../tests/support/api-key-fixture';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { versionOf } from '../../../../tests/support/team-fixture';
import type { ChangePreview } from '../../../shared/contract/changes';
import { useProcedureQuery } from '../api/use-procedure';
import { ReviewHost } from '../review/review-host';
import { isOffered } from '../ui/page-actions';
import { ApiKeyActions } from './api-key-actions';

const preview: ChangePreview = {
  plan: '00000000-0000-4000-8000-00000000000a',
  action: 'API_KEY_UPDATE',
  grade: 'reversible',
  total: 1,
  toChange: 1,
  unchanged: 0,
  refused: 0,
  gone: 0,
  conflictCount: 0,
  conflicts: [],
  findings: [],
  records: [],
  parts: [],
  cascade: [],
  litellm: null,
  statements: [],
};

let page: RenderedPage;
let record: ReturnType<typeof apiKeyOf>;
let answered: ChangePreview;
beforeEach(async () => {
  page = await openRenderedPage();
  record = apiKeyOf();
  answered = preview;
  page.answer('apiKeys', 'get', () => record);
  page.answer('apiKeys', 'previewUpdate', () => answered);
  page.answer('apiKeys', 'previewRevoke', () => preview);
  page.answer('apiKeys', 'previewDelete', () => preview);
  page.answer('teams', 'list', () => ({ rows: [], total: 0, totalIsExact: true }));
  page.answer('models', 'options', () => ({ options: [{ id: 'gpt', label: 'GPT' }] }));
});

function Page() {
  const { data } = useProcedureQuery('apiKeys', 'get', { id: record.id });
  return data === undefined ? null : (
    <>
      <ApiKeyActions apiKey={data} />
      <ReviewHost />
    </>
  );
}

async function open(access: 'administer' | 'read-only' = 'administer'): Promise<void> {
  await page.tell({ workspace: openWorkspaceOf({ access }) });
  page.show(<Page />);
  await screen.findByRole('button', { name: 'Edit' });
}

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
async function edit(): Promise<void> {
  await open();
  await press('Edit');
  await screen.findByRole('button', { name: 'Nothing changed' });
}
const type = (name: string, value: string) =>
  fireEvent.change(screen.getByLabelText(name), { target: { value } });
const asked = () => page.asked('apiKeys', 'previewUpdate');
const targets = { selected: [{ id: '00000000-0000-4000-8000-000000000001', version: versionOf(1) }] };

it('sends what was changed and nothing else, a day as a day', async () => {
  await edit();
  type('Name', 'Winch');
  type('Alias in LiteLLM', '');
  fireEvent.click(screen.getByRole('switch', { name: 'Max budget: unlimited' }));
  fireEvent.click(screen.getByRole('switch', { name: 'Never expires' }));
  type('Expires', '2099-12-31');
  await press('4 changes: review');
  await waitFor(() =>
    expect(asked()).toEqual([
      {
        targets,
        changes: { name: 'Winch', litellmKeyAlias: null, maxBudget: null, expiresAt: '2099-12-31' },
      },
    ]),
  );
});

it('does not move the end of a key that is not touched', async () => {
  record = apiKeyOf({ expiresAt: '2099-12-31T22:59:59.000000Z' });
  await edit();
  type('Name', 'Winch');
  await press('1 change: review');
  await waitFor(() => expect(asked()).toEqual([{ targets, changes: { name: 'Winch' } }]));
});

it('asks for all models or some of them, and saves no empty list', async () => {
  await edit();
  fireEvent.keyDown(screen.getByRole('combobox', { name: 'Models' }), { key: 'Backspace' });
  await press('1 change: review');
  expect(await screen.findByText('Choose at least one model, or all models.')).toBeDefined();
  expect(asked()).toEqual([]);
  fireEvent.click(screen.getByRole('radio', { name: /^All models/ }));
  await press('1 change: review');
  await waitFor(() => expect(asked()).toEqual([{ targets, changes: { models: 'all' } }]));
});

it('writes no list of models back that is not here whole', async () => {
  record = apiKeyOf({ modelCount: 300 });
  await edit();
  expect(screen.getByText('The list is too long to be edited here.')).toBeDefined();
  expect(screen.queryByRole('radio', { name: /^All models/ })).toBeNull();
});

it('shows what somebody else changed, and goes on from there', async () => {
  answered = {
    ...preview,
    ...{ toChange: 0, conflictCount: 1 },
    conflicts: [
      {
        ...{ id: record.id, label: 'Crane', version: versionOf(2), expected: null },
        ...{ changedBy: 'ben@desk', changedAt: null },
        now: { name: 'Crane', models: ['gpt', 'llama'], rpmLimit: '60' },
        wanted: { rpmLimit: '90' },
      },
    ],
  };
  await edit();
  type('Requests per minute', '90');
  await press('1 change: review');
  expect(await screen.findByText(/gpt, llama/)).toBeDefined();
});

it('offers blocking and revoking, and no deletion of a key that works', async () => {
  await open();
  await press('Block');
  await waitFor(() => expect(asked()).toEqual([{ targets, changes: { isActive: false } }]));
  expect(isOffered('blockApiKey')).toBe(true);
  expect(isOffered('unblockApiKey')).toBe(false);
  expect(isOffered('deleteApiKey')).toBe(false);
  await press('Cancel');
  await press('Revoke');
  await waitFor(() => expect(page.asked('apiKeys', 'previewRevoke')).toEqual([{ targets }]));
});

it('offers to delete a revoked key, and says why it cannot be switched on', async () => {
  record = apiKeyOf({ state: 'revoked', isActive: false });
  await open();
  expect(screen.queryByRole('button', { name: 'Revoke' })).toBeNull();
  expect(isOffered('deleteApiKey')).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Unblock' }).disabled).toBe(true);
  expect(isOffered('unblockApiKey')).toBe(false);
  await press('Delete');
  await waitFor(() => expect(page.asked('apiKeys', 'previewDelete')).toEqual([{ targets }]));
});
