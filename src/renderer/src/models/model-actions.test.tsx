// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { modelOf } from '../../../../tests/support/model-fixture';
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
import { ModelActions } from './model-actions';
import { NewModelButton } from './new-model-button';

const preview: ChangePreview = {
  plan: '00000000-0000-4000-8000-00000000000a',
  action: 'MODEL_UPDATE',
  grade: 'reversible',
  ...{ total: 1, toChange: 1, unchanged: 0, refused: 0, gone: 0, conflictCount: 0 },
  ...{ conflicts: [], findings: [], records: [], parts: [], cascade: [], statements: [] },
  litellm: null,
};
const priceNow = { inputPricePerToken: '0.0000025', outputPricePerToken: null };

let page: RenderedPage;
let record: ReturnType<typeof modelOf>;
beforeEach(async () => {
  page = await openRenderedPage();
  record = modelOf();
  page.answer('models', 'get', () => ({
    ...{ id: record.id, model: record, priceNow, prices: [], litellm: [], used: null },
  }));
  page.answer('models', 'choices', () => ({ providers: [], capabilities: ['chat', 'vision', 'rerank'] }));
  for (const name of ['previewUpdate', 'previewPrice', 'previewRetire', 'previewCreate'] as const) {
    page.answer('models', name, () => preview);
  }
});

function Page() {
  const { data } = useProcedureQuery('models', 'get', { id: record.id });
  return data?.model ? (
    <>
      <NewModelButton />
      <ModelActions model={data.model} priceNow={data.priceNow} />
      <ReviewHost />
    </>
  ) : null;
}

async function open(
  workspace: Parameters<typeof openWorkspaceOf>[0] = { access: 'administer' },
): Promise<void> {
  await page.tell({ workspace: openWorkspaceOf(workspace) });
  page.show(<Page />);
  await screen.findByRole('button', { name: 'Edit' });
}

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const type = (name: string, value: string) =>
  fireEvent.change(screen.getByLabelText(name), { target: { value } });
const targets = { selected: [{ id: 'own/crane', version: versionOf(1) }] };

it('sends what was changed and nothing else; an empty count is not known', async () => {
  await open();
  await press('Edit');
  await screen.findByRole('button', { name: 'Nothing changed' });
  type('Name', 'Winch');
  type('Context length (tokens)', '');
  type('Longest answer (tokens)', '12.5');
  await press('3 changes: review');
  await screen.findByText('This is no valid value.');
  expect(page.asked('models', 'previewUpdate')).toEqual([]);
  type('Longest answer (tokens)', '2048');
  await press('3 changes: review');
  await waitFor(() =>
    expect(page.asked('models', 'previewUpdate')).toEqual([
      { targets, changes: { name: 'Winch', contextLength: null, maxTokens: '2048' } },
    ]),
  );
});

it('offers of a model of LiteLLM its description and its state, and says where the rest is changed', async () => {
  record = modelOf({ isOfLitellm: true });
  await open();
  expect(screen.getByRole('button', { name: 'Set price' })).toHaveProperty('disabled', true);
  expect([isOffered('setModelPrice'), isOffered('editModel')]).toEqual([false, true]);
  await press('Edit');
  await screen.findByText(/^Comes from LiteLLM/);
  expect(screen.queryByLabelText('Name')).toBeNull();
  type('Description', 'Ours');
  await press('1 change: review');
  await waitFor(() =>
    expect(page.asked('models', 'previewUpdate')).toEqual([{ targets, changes: { description: 'Ours' } }]),
  );
});

it('sets a price per token of what is typed per million, beside the one that was seen', async () => {
  await open();
  await press('Set price');
  expect(screen.getByLabelText('Input, USD per million tokens')).toHaveProperty('value', '2.5');
  type('Output, USD per million tokens', '1.2345678901');
  await press('Review the new price');
  await screen.findByText(/^An amount such as 2.5/);
  type('Output, USD per million tokens', '0.000000001');
  fireEvent.click(screen.getByRole('switch', { name: 'From now on' }));
  await press('Review the new price');
  await screen.findByText('Choose a day and a time.');
  expect(page.asked('models', 'previewPrice')).toEqual([]);
  type('Valid from (UTC)', '2026-11-01T08:30');
  await press('Review the new price');
  await waitFor(() =>
    expect(page.asked('models', 'previewPrice')).toEqual([
      {
        ...{ id: 'own/crane', seen: priceNow, validFrom: '2026-11-01T08:30:00.000000Z' },
        ...{ inputPricePerToken: '0.0000025', outputPricePerToken: '0.000000000000001' },
      },
    ]),
  );
});

it('asks what retiring would do', async () => {
  await open();
  await press('Retire');
  await waitFor(() => expect(page.asked('models', 'previewRetire')).toEqual([{ targets }]));
});

it('offers no retiring of a model that is off, and nothing at all where nothing may be written', async () => {
  record = modelOf({ isActive: false });
  await open();
  expect(screen.getByRole('button', { name: 'Retire' })).toHaveProperty('disabled', true);
  expect([isOffered('retireModel'), isOffered('reactivateModel')]).toEqual([false, true]);
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  for (const name of ['New model', 'Retire', 'Reactivate', 'Set price', 'Edit']) {
    await waitFor(() => expect(screen.getByRole('button', { name })).toHaveProperty('disabled', true));
  }
  expect([isOffered('newModel'), isOffered('editModel')]).toEqual([false, false]);
});

it('makes a model with what is known of it; where a proxy is linked it says where models are made', async () => {
  await open();
  await press('New model');
  type('Id', ' own/winch ');
  type('Name', 'Winch');
  type('Provider', 'own');
  type('Input, USD per million tokens', '0');
  await press('Review the new model');
  await waitFor(() =>
    expect(page.asked('models', 'previewCreate')).toEqual([
      {
        model: {
          ...{ id: 'own/winch', name: 'Winch', provider: 'own', description: null, capabilities: [] },
          ...{ contextLength: null, maxTokens: null, inputPricePerToken: '0', outputPricePerToken: null },
        },
      },
    ]),
  );
  await page.tell({ workspace: openWorkspaceOf({ access: 'administer', litellmLinked: true }) });
  await waitFor(() => expect(isOffered('newModel')).toBe(false));
});
