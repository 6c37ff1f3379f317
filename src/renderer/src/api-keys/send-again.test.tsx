// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  jobOf,
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { UntoldNews } from '../../../shared/contract/record-parts';
import { UntoldNotice } from '../records/untold-notice';
import { SendAgain } from './send-again';

const id = '00000000-0000-4000-8000-000000000001';
const news: UntoldNews = {
  proxy: 'http://127.0.0.1:4000',
  fields: ['isActive'],
  takesAway: true,
  state: 'waiting',
  problem: 'LiteLLM did not answer: nothing listens there.',
  since: '2026-11-30T10:00:00.000000Z',
};
let page: RenderedPage;

beforeEach(async () => {
  page = await openRenderedPage();
});

const show = async (access: 'administer' | 'read-only'): Promise<void> => {
  await page.tell({ workspace: openWorkspaceOf({ access }) });
  page.show(<UntoldNotice news={[news, news]} sendAgain={<SendAgain id={id} />} />);
};

it('says why LiteLLM does not know of it, and asks for this key alone', async () => {
  page.answer('sync', 'send', () => ({ jobId: 'job-1' }));
  await show('administer');
  expect(await screen.findAllByText(news.problem ?? '')).toHaveLength(1);
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(page.asked('sync', 'send')).toEqual([{ apiKeyId: id }]));
  expect(screen.getByRole('button', { name: 'Try again' }).hasAttribute('disabled')).toBe(true);
  const result = { sent: 1, waiting: 0, refused: 0, problem: null };
  await page.tell({
    jobs: [{ ...jobOf('sync.send', 'succeeded', 'job-1'), workspaceId: 'workspace', result }],
  });
  await screen.findByText('LiteLLM has taken it over.');
});

it('stays visible and does nothing where the database is open read-only', async () => {
  await show('read-only');
  const button = await screen.findByRole('button', { name: 'Try again' });
  expect(button.hasAttribute('disabled')).toBe(true);
});
