// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { ChangePreview } from '../../../shared/contract/changes';
import { defaultTeamId } from '../../../shared/default-team';
import { useProcedureQuery } from '../api/use-procedure';
import { ReviewHost } from '../review/review-host';
import { isOffered } from '../ui/page-actions';
import { TeamActions } from './team-actions';
import { type Team, teamOf, versionOf } from '../../../../tests/support/team-fixture';

const preview: ChangePreview = {
  plan: '00000000-0000-4000-8000-00000000000a',
  action: 'TEAM_UPDATE',
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
let record: Team;
beforeEach(async () => {
  page = await openRenderedPage();
  record = teamOf();
  page.answer('teams', 'get', () => record);
  page.answer('teams', 'previewUpdate', () => preview);
  page.answer('models', 'options', () => ({ options: [{ id: 'gpt', label: 'GPT' }] }));
});

function Page() {
  const { data } = useProcedureQuery('teams', 'get', { id: record.id });
  return data === undefined ? null : (
    <>
      <TeamActions team={data} />
      <ReviewHost />
    </>
  );
}

async function open(access: 'administer' | 'read-only' = 'administer'): Promise<void> {
  await page.tell({ workspace: openWorkspaceOf({ access }) });
  page.show(<Page />);
  await screen.findByRole('button', { name: 'Edit' });
}

async function edit(): Promise<void> {
  await open();
  await press('Edit');
  await screen.findByRole('button', { name: 'Nothing changed' });
}

const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name });
const type = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const asked = () => page.asked('teams', 'previewUpdate');
const target = () => ({ selected: [{ id: record.id, version: versionOf(1) }] });

it('sends what was changed and nothing else, for the version that was seen', async () => {
  await edit();
  type('Name', 'Crew of two');
  type('Alias', '');
  fireEvent.click(screen.getByRole('switch', { name: 'Max budget: unlimited' }));
  type('Requests per minute', '0');
  fireEvent.mouseDown(screen.getByRole('combobox', { name: 'Budget period' }));
  fireEvent.click(await screen.findByRole('option', { name: 'Every 7 days' }));
  await press('5 changes: review');
  await waitFor(() =>
    expect(asked()).toEqual([
      {
        targets: target(),
        changes: {
          ...{ name: 'Crew of two', alias: null, maxBudget: null, rpmLimit: '0' },
          budgetDuration: '7d',
        },
      },
    ]),
  );
});

it('writes no description back from which a secret was left out, and takes a new one', async () => {
  record = teamOf({
    description: { text: 'Token: … Ana, room 4', characters: 23, isCut: false, isMasked: true },
  });
  await edit();
  expect(field('Description').value).toBe('');
  expect(screen.getByText(/It holds what may be a secret/)).toBeDefined();
  type('Name', 'Crew of two');
  expect(screen.getByRole('button', { name: '1 change: review' })).toBeDefined();
  type('Description', 'Ask Ana, room 5');
  await press('2 changes: review');
  await waitFor(() =>
    expect(asked().at(-1)).toEqual({
      ...{ targets: target(), changes: { name: 'Crew of two', description: 'Ask Ana, room 5' } },
    }),
  );
});

it('asks for all models or some of them, and saves no empty list', async () => {
  await edit();
  const models = screen.getByRole('combobox', { name: 'Models' });
  fireEvent.keyDown(models, { key: 'Backspace' });
  await press('1 change: review');
  expect(await screen.findByText('Choose at least one model, or all models.')).toBeDefined();
  expect(asked()).toEqual([]);
  fireEvent.change(models, { target: { value: 'llama/*' } });
  fireEvent.keyDown(models, { key: 'Enter' });
  await press('1 change: review');
  await waitFor(() =>
    expect(asked()).toEqual([{ targets: target(), changes: { allowedModels: ['llama/*'] } }]),
  );
  await press('Cancel');
  fireEvent.click(await screen.findByRole('radio', { name: /^All models/ }));
  await press('1 change: review');
  await waitFor(() =>
    expect(asked().at(-1)).toEqual({ targets: target(), changes: { allowedModels: 'all' } }),
  );
});

it('says at the field what is no value', async () => {
  await edit();
  type('Name', '');
  type('Max budget', '12,5');
  await press('2 changes: review');
  expect(await screen.findAllByText('This is no valid value.')).toHaveLength(2);
  expect(asked()).toEqual([]);
});

it('goes on from what somebody else changed, with what is still wanted', async () => {
  let answers = 0;
  const now = {
    ...{ name: 'Crew', alias: 'crew', description: null, isActive: true, maxBudget: '50' },
    ...{ budgetDuration: 'monthly', tpmLimit: '10', rpmLimit: '60', allowedModels: [] },
  };
  page.answer('teams', 'previewUpdate', ({ changes }) => {
    answers += 1;
    if (answers > 1) return preview;
    const conflict = { id: record.id, label: 'Crew', now, wanted: changes as { rpmLimit: string } };
    const conflicts = [
      { ...conflict, expected: null, version: versionOf(2), changedBy: 'bo@desk', changedAt: null },
    ];
    return { ...preview, toChange: 0, conflictCount: 1, conflicts };
  });
  await edit();
  type('Requests per minute', '90');
  await press('1 change: review');
  expect((await screen.findAllByText('All models')).length).toBeGreaterThan(0);
  await press('Go on with what is there now');
  await waitFor(() =>
    expect(asked().at(-1)).toEqual({
      targets: { selected: [{ id: record.id, version: versionOf(2) }] },
      changes: { rpmLimit: '90' },
    }),
  );
});

it('deactivates and deletes, and offers both to the palette', async () => {
  page.answer('teams', 'previewDelete', () => ({
    ...preview,
    action: 'TEAM_DELETE',
    grade: 'destroys' as const,
  }));
  await open();
  expect(['editTeam', 'deactivateTeam'].map((name) => isOffered(name as 'editTeam'))).toEqual([true, true]);
  await press('Deactivate');
  await screen.findByRole('dialog', { name: 'Deactivate Crew' });
  await waitFor(() => expect(asked()).toEqual([{ targets: target(), changes: { isActive: false } }]));
  await press('Cancel');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await press('Delete');
  await screen.findByRole('dialog', { name: 'Delete Crew' });
  await waitFor(() => expect(page.asked('teams', 'previewDelete')).toEqual([{ targets: target() }]));
});

it('protects the Default Team, and warns that it is reset', async () => {
  record = teamOf({ id: defaultTeamId, name: 'Default Team' });
  await open();
  const disabled = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name }).disabled;
  expect(['Delete', 'Deactivate', 'Edit'].map(disabled)).toEqual([true, true, false]);
  expect(isOffered('deactivateTeam')).toBe(false);
  await press('Edit');
  expect(await screen.findByText(/LiteMaaS resets this team when it starts/)).toBeDefined();
});

it('can be looked at, not used, in a read-only workspace', async () => {
  await open('read-only');
  for (const name of ['Delete', 'Deactivate', 'Edit']) {
    expect(screen.getByRole<HTMLButtonElement>('button', { name }).disabled).toBe(true);
  }
  expect(isOffered('editTeam')).toBe(false);
});
