// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { RefusalAnswer } from '../../../shared/contract/api-keys';
import { RefusedScreen } from './refused-screen';

const id = '00000000-0000-4000-8000-000000000001';
const laptop = { id, label: 'laptop', prefix: 'sk-lapt', owner: 'ana' };
const said: RefusalAnswer['said'] = { reason: null, amounts: [], model: null };
const found = (changes: Partial<NonNullable<RefusalAnswer['key']>> = {}): RefusalAnswer => ({
  candidates: [laptop],
  said,
  key: {
    ...{ steps: [], limits: [], fitsNone: false, refusals: [], readFromLitellmAt: null, remedy: null },
    ...changes,
  },
});

let page: RenderedPage;
let answer: RefusalAnswer;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('apiKeys', 'explainRefusal', () => answer);
  await page.tell({ workspace: openWorkspaceOf({ access: 'administer' }) });
});
const asked = () => page.asked('apiKeys', 'explainRefusal');
const ask = (text: string) => {
  page.show(<RefusedScreen />);
  fireEvent.change(screen.getByLabelText(/^A key, its alias/), { target: { value: text } });
  fireEvent.click(screen.getByRole('button', { name: 'Look' }));
};

it('asks of a pasted key once, and keeps it neither in the field nor in what is read again', async () => {
  answer = found({
    steps: [{ step: 'blocked', outcome: 'refuses', about: null }],
    remedy: { area: 'apiKeys', record: { id, label: 'laptop' }, field: 'isActive' },
  });
  ask('sk-abcdefghijklmnop0123 is refused');
  const link = await screen.findByRole('link', { name: 'Mend it at laptop' });
  expect(link.getAttribute('href')).toContain(`/api-keys/${id}?edit=isActive`);
  expect(screen.getByText('Refuses')).toBeDefined();
  await waitFor(() => expect(asked()).toHaveLength(2));
  expect(asked()[0]).toMatchObject({ text: 'sk-abcdefghijklmnop0123 is refused' });
  expect(JSON.stringify(asked()[1])).not.toContain('abcdefghijklmnop');
  expect(document.body.innerHTML).not.toContain('abcdefghijklmnop');
});

it('says that no limit known here has the figures, and offers none', async () => {
  answer = found({ fitsNone: true });
  ask('12.40 spent of 0.50');
  expect(await screen.findByText(/^No limit that is known here has the figures/)).toBeDefined();
  expect(screen.queryByRole('link', { name: /^Mend it/ })).toBeNull();
});

it('asks which one is meant, or says that none is', async () => {
  answer = { candidates: [laptop, { ...laptop, id: id.replace('1', '2'), owner: 'ben' }], said, key: null };
  ask('laptop');
  expect(await screen.findByRole('link', { name: 'laptop · sk-lapt · ben' })).toBeDefined();
  answer = { candidates: [], said, key: null };
  fireEvent.click(screen.getByRole('button', { name: 'Look' }));
  expect(await screen.findByText('No key here is meant by this text.')).toBeDefined();
});
