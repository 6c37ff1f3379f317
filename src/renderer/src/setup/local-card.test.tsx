// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import type { ReactElement } from 'react';
import { Link, useLocation } from 'react-router';
import { beforeEach, expect, it } from 'vitest';
import { jobOf, openRenderedPage, type RenderedPage } from '../../../../tests/support/rendered-page';
import { LocalCard } from './local-card';

let page: RenderedPage;
/** Of this test: a page that knew a job by the same id would take it for over. */
let jobId = '';
let tests = 0;
beforeEach(async () => {
  page = await openRenderedPage();
  jobId = `set-up-${(tests += 1)}`;
  page.answer('workspace', 'setUpLocal', () => ({ jobId }));
});

function Workspaces(): ReactElement {
  const { pathname } = useLocation();
  return (
    <>
      <p>At {pathname}</p>
      <Link to="/workspaces">Workspaces</Link>
      {pathname === '/workspaces' && (
        <LocalCard local={{ state: 'absent', message: null, dataFolder: '/data' }} profile={undefined} />
      )}
    </>
  );
}

const setUp = (state: 'running' | 'succeeded') =>
  page.tell({ jobs: [jobOf('workspace.setUpLocal', state, jobId)] });

it('leads to the overview whoever set up here', async () => {
  page.show(<Workspaces />);
  fireEvent.click(await screen.findByRole('link', { name: 'Workspaces' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Set up local database' }));
  await waitFor(() => expect(page.asked('workspace', 'setUpLocal')).toEqual([{ demo: false }]));
  await setUp('running');
  await setUp('succeeded');
  expect(await screen.findByText('At /')).toBeDefined();
});

it('leaves whoever came while it ran where they are', async () => {
  await setUp('running');
  page.show(<Workspaces />);
  fireEvent.click(await screen.findByRole('link', { name: 'Workspaces' }));
  expect(await screen.findByRole('heading', { name: /^Setting up/ })).toBeDefined();
  await setUp('succeeded');
  expect(await screen.findByRole('button', { name: 'Set up local database' })).toBeDefined();
  expect(screen.getByText('At /workspaces')).toBeDefined();
});
