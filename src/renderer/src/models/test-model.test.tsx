// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { modelOf } from '../../../../tests/support/model-fixture';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { isOffered } from '../ui/page-actions';
import { ModelActions } from './model-actions';

const keyId = '00000000-0000-4000-8000-00000000000a';
const pasted = `sk-${'x'.repeat(30)}`;

const answered: AnswerOf<Contract['models']['test']> = {
  ...{ outcome: 'answered', latencyMs: 1234, answeredBy: 'crane-2', inputTokens: 8, outputTokens: 1 },
  ...{ cost: '0.00003', status: 200, said: null, reason: null },
};
const terms: AnswerOf<Contract['models']['testTerms']> = {
  ...{ isLinked: true, mode: 'chat', inputTokens: 20, outputTokens: 1, mostCost: '0.00006' },
};

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('models', 'choices', () => ({ providers: [], capabilities: [] }));
  page.answer('models', 'options', () => ({ options: [] }));
  page.answer('apiKeys', 'options', () => ({ options: [{ id: keyId, label: 'laptop' }] }));
  page.answer('models', 'testTerms', () => terms);
  page.answer('models', 'test', () => answered);
  await page.tell({ workspace: openWorkspaceOf() });
});

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));

async function open(): Promise<void> {
  page.show(<ModelActions model={modelOf()} priceNow={null} />);
  await press('Test…');
  await screen.findByRole('radio', { name: 'One whose value is kept here' });
}

async function chooseKey(): Promise<void> {
  const input = screen.getByRole('combobox', { name: 'API key' });
  fireEvent.mouseDown(input);
  fireEvent.change(input, { target: { value: 'la' } });
  fireEvent.click(await screen.findByRole('option', { name: 'laptop' }));
}

it('says what it costs before, asks with the key that was chosen, and says who answered', async () => {
  await open();
  expect(await screen.findByText('About 0.00006 USD at most, for 20 tokens in and 1 out.')).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Choose a key' }).disabled).toBe(true);
  await chooseKey();
  await press('Ask one word');
  expect(
    await screen.findByText('crane-2 answered in 1,234 ms. 8 tokens in, 1 out: 0.00003 USD.'),
  ).toBeDefined();
  expect(page.asked('models', 'test')).toEqual([{ id: 'own/crane', key: { id: keyId } }]);
});

it('takes a key that is pasted, drops it when it is closed, and says why it was refused', async () => {
  page.answer('models', 'test', () => ({
    ...{ ...answered, outcome: 'refused' as const, answeredBy: null, inputTokens: null, outputTokens: null },
    ...{ cost: null, status: 401, said: 'Key is blocked.', reason: 'blocked' as const },
  }));
  await open();
  fireEvent.click(screen.getByRole('radio', { name: /^One that is pasted/ }));
  fireEvent.change(screen.getByLabelText('Value of the key'), { target: { value: ` ${pasted} ` } });
  await press('Ask one word');
  const said = await screen.findByText(/LiteLLM refused it \(401\) after 1,234 ms: Key is blocked\./);
  expect(said.textContent).toContain('The key is blocked. ');
  expect(page.asked('models', 'test')).toEqual([{ id: 'own/crane', key: { value: pasted } }]);
  await press('Cancel');
  await waitFor(() => expect(screen.queryByLabelText('Value of the key')).toBeNull());
  await press('Test…');
  fireEvent.click(await screen.findByRole('radio', { name: /^One that is pasted/ }));
  expect(screen.getByLabelText<HTMLInputElement>('Value of the key').value).toBe('');
});

it('leads from a refusal of a key that is known here to why it is refused', async () => {
  page.answer('models', 'test', () => ({
    ...{ ...answered, outcome: 'refused' as const, status: 400, said: 'No.', reason: null, cost: null },
  }));
  await open();
  await chooseKey();
  await press('Ask one word');
  const link = await screen.findByRole('link', { name: 'Why is it refused?' });
  expect(link.getAttribute('href')).toContain(keyId);
});

it('asks nothing where no proxy is linked, and is not offered read-only', async () => {
  page.answer('models', 'testTerms', () => ({ ...terms, isLinked: false }));
  await open();
  expect(await screen.findByText('No LiteLLM proxy is linked: a test goes through one.')).toBeDefined();
  await chooseKey();
  const send = screen.getByRole<HTMLButtonElement>('button', { name: 'Ask one word' });
  expect(send.disabled).toBe(true);
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  await waitFor(() => expect(isOffered('testModel')).toBe(false));
});
