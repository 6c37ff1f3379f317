// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { modelOf } from '../../../../tests/support/model-fixture';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { previewOf } from '../../../../tests/support/review-fixture';
import { ReviewHost } from '../review/review-host';
import { isOffered } from '../ui/page-actions';
import { ModelActions } from './model-actions';

const ana = '00000000-0000-4000-8000-00000000000a';
const team = '00000000-0000-4000-8000-00000000000b';
const staying = '00000000-0000-4000-8000-00000000000c';

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('models', 'choices', () => ({ providers: [], capabilities: [] }));
  page.answer('models', 'options', () => ({
    options: [
      { id: 'own/crane', label: 'Crane' },
      { id: 'own/winch', label: 'Winch' },
    ],
  }));
  page.answer('users', 'known', () => ({ holders: [], usernames: [] }));
  page.answer('users', 'options', () => ({ options: [{ id: ana, label: 'ana' }] }));
  page.answer('teams', 'options', () => ({ options: [{ id: team, label: 'Harbour' }] }));
  page.answer('models', 'previewRetire', () => previewOf({ action: 'MODEL_RETIRE' }));
  page.answer('models', 'previewReplace', () =>
    previewOf({
      ...{ action: 'SUBSCRIPTION_REPLACE', total: 2, toChange: 2 },
      findings: [
        {
          ...{ severity: 'warning', text: 'Keep it.', count: 1, area: 'api-keys' },
          examples: [{ id: staying, label: 'of nobody' }],
        },
      ],
    }),
  );
  await page.tell({ workspace: openWorkspaceOf() });
});

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));

async function choose(field: string, typed: string, option: string): Promise<void> {
  const input = screen.getByRole('combobox', { name: field });
  fireEvent.mouseDown(input);
  fireEvent.change(input, { target: { value: typed } });
  fireEvent.click(await screen.findByRole('option', { name: option }));
}

function show(): void {
  page.show(
    <>
      <ModelActions model={modelOf()} priceNow={null} />
      <ReviewHost />
    </>,
  );
}

const submit = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Choose a model and for whom' });
const asked = () => page.asked('models', 'previewReplace');

it('asks what replacing the model would do for everybody, and links the keys that keep it', async () => {
  show();
  await press('Replace…');
  await screen.findByRole('combobox', { name: 'By which model' });
  expect(submit().disabled).toBe(true);
  await choose('By which model', 'cr', 'Crane');
  expect(await screen.findByText('That is the model itself.')).toBeDefined();
  expect(submit().disabled).toBe(true);
  await choose('By which model', 'wi', 'Winch');
  await press('Review the replacement');
  const link = await screen.findByRole('link', { name: 'of nobody' });
  expect(link.getAttribute('href')).toBe(`/api-keys/${staying}`);
  expect(await screen.findByRole('button', { name: 'Replace 2 subscriptions' })).toBeDefined();
  expect(asked()).toEqual([{ modelId: 'own/crane', byModelId: 'own/winch', whose: 'everybody' }]);
});

it('asks for the people or the members of the teams that are chosen', async () => {
  show();
  await press('Replace…');
  await screen.findByRole('combobox', { name: 'By which model' });
  await choose('By which model', 'wi', 'Winch');
  fireEvent.click(screen.getByRole('radio', { name: 'Some people' }));
  expect(submit().disabled).toBe(true);
  await choose('Find people', 'an', 'ana');
  await press('Review the replacement');
  await waitFor(() => expect(asked()).toMatchObject([{ whose: { userIds: [ana] } }]));
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  fireEvent.click(await screen.findByRole('radio', { name: /^The members of teams/ }));
  expect(submit().disabled).toBe(true);
  await choose('Teams', 'ha', 'Harbour');
  await press('Review the replacement');
  await waitFor(() => expect(asked()[1]).toMatchObject({ whose: { teamIds: [team] } }));
});

it('is offered where a model is to be retired', async () => {
  show();
  await press('Retire');
  await press('Replace it by another model…');
  expect(await screen.findByRole('combobox', { name: 'By which model' })).toBeDefined();
});

it('is offered in no read-only workspace', async () => {
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  show();
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'Replace…' });
  expect(button.disabled).toBe(true);
  expect(isOffered('replaceModel')).toBe(false);
});
