// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import { versionOf } from '../../../../tests/support/team-fixture';
import { ReviewHost } from '../review/review-host';
import { AddMembers, MoveMember, RemoveMember } from './member-panels';
import { MembershipsSection } from './memberships-section';
import { NewTeamButton } from './new-team-button';

const ana = '00000000-0000-4000-8000-00000000000a';
const crew = '00000000-0000-4000-8000-00000000000c';
const membership = '00000000-0000-4000-8000-00000000000d';
const [lean, wide] = ['00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000e2'];
const member = {
  ...{ id: membership, version: versionOf(1), user: { id: ana, label: 'ana' }, email: null, role: 'member' },
  ...{ isActive: true, joinedAt: null, apiKeyCount: 2, spentThisMonth: null },
};
const target = { id: membership, version: versionOf(1) };

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('users', 'known', () => ({
    holders: [{ email: 'ana@example.org', id: ana, label: 'ana', isActive: true, version: versionOf(1) }],
    usernames: [],
  }));
  page.answer('teams', 'options', () => ({ options: [{ id: crew, label: 'Crew' }] }));
  await page.tell({ workspace: openWorkspaceOf() });
});

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const type = (name: string, value: string) =>
  fireEvent.change(screen.getByRole('textbox', { name }), { target: { value } });
const nothing = (): void => undefined;

it('adds those whose addresses were pasted, and names the rest', async () => {
  page.show(
    <>
      <AddMembers team={{ id: crew, label: 'Crew' }} open onClose={nothing} />
      <ReviewHost />
    </>,
  );
  await screen.findByRole('dialog', { name: 'Add members to Crew' });
  type('Or paste e-mail addresses', 'Ana <ana@example.org>, stranger@example.org\nnobody');
  expect(await screen.findByText('stranger@example.org, nobody')).toBeDefined();
  await press('Review 1 new member');
  await waitFor(() =>
    expect(page.asked('teams', 'previewAddMembers')).toEqual([
      { teamId: crew, members: [{ userId: ana, role: 'member' }] },
    ]),
  );
});

it('names nobody as unknown who was pasted twice, and takes the one who is active of two', async () => {
  const off = { email: 'ana@example.org', id: membership, label: 'ana-2', isActive: false };
  page.answer('users', 'known', () => ({
    holders: [
      { ...off, version: versionOf(2) },
      { ...off, id: ana, label: 'ana', isActive: true, version: versionOf(1) },
    ],
    usernames: [],
  }));
  page.show(
    <>
      <AddMembers team={{ id: crew, label: 'Crew' }} open onClose={nothing} />
      <ReviewHost />
    </>,
  );
  await screen.findByRole('dialog', { name: 'Add members to Crew' });
  type('Or paste e-mail addresses', 'ana@example.org, ana@example.org');
  await screen.findByText('1 person.');
  expect(screen.queryAllByRole('alert')).toEqual([]);
  await press('Review 1 new member');
  await waitFor(() =>
    expect(page.asked('teams', 'previewAddMembers')).toEqual([
      { teamId: crew, members: [{ userId: ana, role: 'member' }] },
    ]),
  );
});

it('adds who was found by name, says that a text holds no address, and tries a failed look-up again', async () => {
  let isBroken = true;
  page.answer('users', 'known', () => {
    if (isBroken) throw new Error('no');
    return { holders: [], usernames: [] };
  });
  page.answer('users', 'options', () => ({ options: [{ id: ana, label: 'ana' }] }));
  page.show(
    <>
      <AddMembers team={{ id: crew, label: 'Crew' }} open onClose={nothing} />
      <ReviewHost />
    </>,
  );
  await screen.findByRole('dialog', { name: 'Add members to Crew' });
  const find = screen.getByRole('combobox', { name: 'Find people' });
  fireEvent.change(find, { target: { value: 'an' } });
  fireEvent.click(await screen.findByRole('option', { name: 'ana' }));
  type('Or paste e-mail addresses', 'somebody');
  expect(await screen.findByText('somebody', { selector: 'bdi' })).toBeDefined();
  type('Or paste e-mail addresses', 'cy@example.org');
  await screen.findByText('Who is there already could not be read');
  expect(screen.queryByText('Looking who is there already')).toBeNull();
  isBroken = false;
  await press('Try again');
  expect(await screen.findByText('cy@example.org', { selector: 'bdi' })).toBeDefined();
  await press('Review 1 new member');
  await waitFor(() =>
    expect(page.asked('teams', 'previewAddMembers')).toEqual([
      { teamId: crew, members: [{ userId: ana, role: 'member' }] },
    ]),
  );
});

it('shows a person’s teams, and ends a membership from there', async () => {
  page.answer('teams', 'memberships', () => ({
    rows: [
      {
        ...{ ...target, user: { id: ana, label: 'ana' }, team: { id: lean, label: 'Lean' } },
        ...{ teamIsActive: true, role: 'member', joinedAt: null, apiKeyCount: 2 },
      },
    ],
    total: 1,
    totalIsExact: true,
  }));
  page.answer('teams', 'memberKeys', () => ({ keys: [] }));
  page.show(
    <>
      <MembershipsSection user={{ id: ana, label: 'ana' }} />
      <ReviewHost />
    </>,
  );
  expect(await screen.findByRole('link', { name: 'Lean' })).toBeDefined();
  await press(/^Actions/);
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Remove from the team…' }));
  await screen.findByText('This person has no keys in the team.');
  await press('Review the removal');
  await waitFor(() =>
    expect(page.asked('teams', 'previewRemoveMembers')).toEqual([{ members: [target], keepKeys: [] }]),
  );
});

it('adds a person to a team from their own page', async () => {
  page.answer('teams', 'memberships', () => ({ rows: [], total: 0, totalIsExact: true }));
  page.show(
    <>
      <MembershipsSection user={{ id: ana, label: 'ana' }} />
      <ReviewHost />
    </>,
  );
  await press('Add to a team');
  await screen.findByRole('dialog', { name: 'Add ana to a team' });
  fireEvent.change(screen.getByRole('combobox', { name: 'Team' }), { target: { value: 'Cr' } });
  fireEvent.click(await screen.findByRole('option', { name: 'Crew' }));
  await press('Review the membership');
  await waitFor(() =>
    expect(page.asked('teams', 'previewAddMembers')).toEqual([
      { teamId: crew, members: [{ userId: ana, role: 'member' }] },
    ]),
  );
});

it('keeps a key that gets no wider, and not another one', async () => {
  const key = {
    member: membership,
    owner: 'ana',
    prefix: 'sk-1',
    isActive: true,
    maxBudget: null,
    teamBudget: null,
  };
  page.answer('teams', 'memberKeys', () => ({
    keys: [
      { ...key, id: lean, label: 'lean', mayBeKept: true },
      { ...key, id: wide, label: 'wide', mayBeKept: false },
    ],
  }));
  page.show(
    <>
      <RemoveMember member={member} open onClose={nothing} />
      <ReviewHost />
    </>,
  );
  const ends = await screen.findByRole<HTMLInputElement>('checkbox', { name: /^wide .* ends/ });
  expect(ends.disabled).toBe(true);
  fireEvent.click(screen.getByRole('checkbox', { name: /^Keep lean/ }));
  await press('Review the removal');
  await waitFor(() =>
    expect(page.asked('teams', 'previewRemoveMembers')).toEqual([{ members: [target], keepKeys: [lean] }]),
  );
});

it('moves a member to the team that was chosen', async () => {
  page.show(
    <>
      <MoveMember member={member} open onClose={nothing} />
      <ReviewHost />
    </>,
  );
  fireEvent.mouseDown(await screen.findByRole('combobox', { name: 'Team' }));
  fireEvent.click(await screen.findByRole('option', { name: 'Crew' }));
  await press('Review the move');
  await waitFor(() =>
    expect(page.asked('teams', 'previewMoveMembers')).toEqual([{ members: [target], to: crew }]),
  );
});

it('describes a team with members, and takes no empty list of models', async () => {
  page.show(
    <>
      <NewTeamButton />
      <ReviewHost />
    </>,
  );
  await press('New team');
  type('Name', 'Second');
  type('Or paste e-mail addresses', 'ana@example.org');
  await screen.findByText('1 person.');
  await press('Review the new team');
  expect(await screen.findByText('Choose at least one model, or all models.')).toBeDefined();
  fireEvent.click(screen.getByRole('radio', { name: /^All models/ }));
  await press('Review the new team');
  await waitFor(() =>
    expect(page.asked('teams', 'previewCreate')).toEqual([
      {
        team: {
          ...{ name: 'Second', alias: null, description: null, allowedModels: 'all' },
          ...{ maxBudget: '1000', budgetDuration: 'monthly', tpmLimit: '10000', rpmLimit: '1000' },
        },
        members: [{ userId: ana, role: 'member' }],
      },
    ]),
  );
});
