// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { openRenderedPage, openWorkspaceOf } from '../../../../tests/support/rendered-page';
import { WorkspaceBadge } from './workspace-badge';

it.each([
  ['As superuser', { asSuperuser: true }, 'what they left there may run with its rights'],
  ['Weak sign-in', { weakSignInAllowed: true }, 'in clear or as MD5 to a server that nobody verified'],
] as const)('says “%s” of an open workspace, why, and leads to its page', async (name, changes, why) => {
  const page = await openRenderedPage();
  page.show(<WorkspaceBadge workspace={openWorkspaceOf(changes)} onChangeAccess={vi.fn()} />);
  const chip = screen.getByRole('link', { name });
  expect(chip.getAttribute('href')).toBe('/workspaces/workspace');
  act(() => chip.focus());
  expect((await screen.findByRole('tooltip')).textContent).toContain(why);
});

it('says nothing of the kind where there is no reason', async () => {
  const page = await openRenderedPage();
  page.show(<WorkspaceBadge workspace={openWorkspaceOf()} onChangeAccess={vi.fn()} />);
  expect(screen.queryByRole('link')).toBeNull();
});
