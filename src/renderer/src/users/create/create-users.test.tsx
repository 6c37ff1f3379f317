// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { Link } from 'react-router';
import { beforeEach, expect, it } from 'vitest';
import {
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../../tests/support/rendered-page';
import type { ChangePreview } from '../../../../shared/contract/changes';
import { ReviewHost } from '../../review/review-host';
import { runPageAction } from '../../ui/page-actions';
import { NewUserButton } from './new-user-button';

const preview: ChangePreview = {
  plan: '00000000-0000-4000-8000-000000000001',
  action: 'USER_CREATE',
  grade: 'reversible',
  total: 1,
  toChange: 1,
  unchanged: 0,
  refused: 0,
  gone: 0,
  conflictCount: 0,
  conflicts: [],
  findings: [],
  records: [
    {
      id: 'bea-id',
      label: 'bea',
      way: 'create',
      fields: [
        { field: 'username', before: null, after: 'bea' },
        { field: 'maxBudget', before: null, after: '100' },
      ],
      parts: [{ kind: 'team_member', way: 'create', count: 1 }],
    },
  ],
  parts: [{ kind: 'team_member', way: 'create', count: 1 }],
  cascade: [],
  litellm: null,
  statements: [],
};
const ana = '00000000-0000-4000-8000-00000000000a';
const left = '00000000-0000-4000-8000-00000000000b';
const crew = '00000000-0000-4000-8000-00000000000c';
const defaults = {
  roles: ['user'],
  maxBudget: '100',
  tpmLimit: '1000',
  rpmLimit: '60',
  oauthProvider: 'openshift',
};

const version = '1'.repeat(32);

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('users', 'previewCreate', () => preview);
  page.answer('users', 'known', () => ({ holders: [], usernames: [] }));
  page.answer('models', 'options', () => ({ options: [{ id: 'gpt', label: 'GPT' }] }));
  page.answer('teams', 'options', () => ({
    options: [
      { id: 'a0000000-0000-4000-8000-000000000001', label: 'Default Team' },
      { id: crew, label: 'Crew' },
    ],
  }));
});

async function openPanel(): Promise<void> {
  await page.tell({ workspace: openWorkspaceOf() });
  page.show(
    <>
      <Link to="/users">Users</Link>
      <NewUserButton />
      <ReviewHost />
    </>,
  );
  fireEvent.click(screen.getByRole('link', { name: 'Users' }));
  fireEvent.click(await screen.findByRole('button', { name: 'New user' }));
  await screen.findByRole('dialog', { name: 'New users' });
}

const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name });
const type = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const paste = (text: string): void => {
  fireEvent.click(screen.getByRole('radio', { name: 'Paste a list' }));
  type('E-mail addresses', text);
};
const asked = () => page.asked('users', 'previewCreate');

it('describes one person, with defaults for what is left out, and shows it with nothing before', async () => {
  await openPanel();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Nothing entered' }).disabled).toBe(true);
  type('E-mail', 'bea@example.org');
  type('Id there', 'uid-bea');
  await press('Review 1 new user');
  expect(await screen.findByRole('dialog', { name: 'Create bea' })).toBeDefined();
  const row = await screen.findByRole('row', { name: /^Max budget/ });
  expect(
    within(row)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent),
  ).toEqual(['', '$100.00']);
  expect(screen.getByText('1 membership of a team is made with it.')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Create 1 user' })).toBeDefined();
  expect(asked()).toEqual([
    {
      people: [
        { ...defaults, username: 'bea', email: 'bea@example.org', fullName: null, oauthId: 'uid-bea' },
      ],
      teams: [],
      subscriptions: null,
    },
  ]);
});

it('subscribes them to models on terms that are asked for once a model is chosen', async () => {
  await openPanel();
  type('Username', 'bea');
  expect(screen.queryByRole('textbox', { name: 'Quota of requests' })).toBeNull();
  fireEvent.mouseDown(screen.getByRole('combobox', { name: 'Models' }));
  fireEvent.click(await screen.findByRole('option', { name: 'GPT' }));
  fireEvent.change(await screen.findByRole('textbox', { name: 'Quota of requests' }), {
    target: { value: '1e3' },
  });
  await press('Review 1 new user');
  await waitFor(() => expect(field('Quota of requests').getAttribute('aria-invalid')).toBe('true'));
  expect(asked()).toEqual([]);
  fireEvent.change(screen.getByRole('textbox', { name: 'Quota of requests' }), { target: { value: '7' } });
  await press('Review 1 new user');
  await waitFor(() =>
    expect(asked()).toMatchObject([
      { subscriptions: { modelIds: ['gpt'], terms: { quotaRequests: '7', status: 'active' } } },
    ]),
  );
}, 30_000);

it('takes teams with a role, limits that are none, and nobody’s address', async () => {
  await openPanel();
  type('Username', 'bea');
  fireEvent.click(screen.getByRole('switch', { name: 'Max budget: unlimited' }));
  const teams = screen.getByRole('combobox', { name: 'Further teams' });
  fireEvent.mouseDown(teams);
  const options = await screen.findAllByRole('option');
  expect(options.map(({ textContent }) => textContent)).toEqual(['Crew']);
  fireEvent.click(screen.getByRole('option', { name: 'Crew' }));
  fireEvent.mouseDown(await screen.findByRole('combobox', { name: 'Role in Crew' }));
  fireEvent.click(await screen.findByRole('option', { name: 'Admin' }));
  await press('Review 1 new user');
  await waitFor(() =>
    expect(asked()).toEqual([
      {
        people: [
          { ...defaults, username: 'bea', email: null, fullName: null, oauthId: null, maxBudget: null },
        ],
        teams: [{ id: crew, role: 'admin' }],
        subscriptions: null,
      },
    ]),
  );
});

it('says at the field what is no value, and asks nothing', async () => {
  await openPanel();
  type('E-mail', 'bea@example');
  type('Requests per minute', '1e3');
  await press('Review 1 new user');
  expect(await screen.findAllByText('This is no valid value.')).toHaveLength(2);
  expect(asked()).toEqual([]);
});

it('reads a list, creates who is new, and says who is there, who is off, and what was not read', async () => {
  page.answer('users', 'known', () => ({
    holders: [
      { email: 'ana@example.org', id: ana, label: 'ana', isActive: true, version },
      { email: 'left@example.org', id: left, label: 'left', isActive: false, version },
    ],
    usernames: ['bea'],
  }));
  await openPanel();
  paste('Ana <ana@example.org>, Bea Marsh <bea@example.org>\ncleo@example.org; left@example.org\nnobody');
  expect(await screen.findByText('2 people are new.')).toBeDefined();
  expect(screen.getByText(/1 is already there and is not created again/)).toBeDefined();
  expect(screen.getByRole('link', { name: 'Show them in the list' }).getAttribute('href')).toBe(
    `/users?ids=${ana}`,
  );
  expect(screen.getByText(/1 of the addresses belongs to a record that is switched off/)).toBeDefined();
  expect(screen.getByText('Line 3: “nobody”. No e-mail address.')).toBeDefined();
  await press('Review 2 new users');
  await waitFor(() =>
    expect(asked()).toEqual([
      {
        people: [
          // Somebody has the short one.
          {
            ...defaults,
            username: 'bea@example.org',
            email: 'bea@example.org',
            fullName: 'Bea Marsh',
            oauthId: null,
            teams: [],
          },
          {
            ...defaults,
            username: 'cleo',
            email: 'cleo@example.org',
            fullName: null,
            oauthId: null,
            teams: [],
          },
        ],
        teams: [],
        subscriptions: null,
      },
    ]),
  );
});

it('reviews what a table says of who is there, apart from who is new, and leaves empty cells as they are', async () => {
  page.answer('users', 'known', () => ({
    holders: [
      { email: 'ana@example.org', id: ana, label: 'ana', isActive: true, version },
      { email: 'left@example.org', id: left, label: 'left', isActive: false, version },
    ],
    usernames: [],
  }));
  page.answer('users', 'previewEdits', () => preview);
  await openPanel();
  paste(
    [
      'email,full_name,max_budget,roles',
      'ana@example.org,,unlimited,',
      'left@example.org,Left,5,admin',
      'bea@example.org,Bea,7,',
    ].join('\n'),
  );
  await press('Review the changes of 1 user');
  await waitFor(() =>
    expect(page.asked('users', 'previewEdits')).toEqual([
      { edits: [{ id: ana, version, changes: { maxBudget: null } }] },
    ]),
  );
  await press('Cancel');
  await waitFor(() => expect(screen.queryByRole('dialog', { name: /^Change/ })).toBeNull());
  await press('Review 1 new user');
  await waitFor(() =>
    expect(asked().at(-1)?.people).toEqual([
      {
        ...defaults,
        username: 'bea',
        email: 'bea@example.org',
        fullName: 'Bea',
        maxBudget: '7',
        oauthId: null,
        teams: [],
      },
    ]),
  );
});

it('puts people into the teams that a table names, and nobody where the name says nothing', async () => {
  const named = { alias: null, isActive: true, memberCount: 3, createdAt: '2026-01-02T00:00:00.000000Z' };
  const infra = '00000000-0000-4000-8000-00000000000d';
  page.answer('users', 'known', () => ({
    holders: [{ email: 'ana@example.org', id: ana, label: 'ana', isActive: true, version }],
    usernames: [],
  }));
  page.answer('teams', 'named', () => ({
    teams: [
      { ...named, name: 'Crew', id: crew, label: 'Crew' },
      { ...named, name: 'Infra', id: infra, label: 'Infra', alias: 'infra-eu', memberCount: 12 },
      { ...named, name: 'Infra', id: left, label: 'Infra', isActive: false },
    ],
  }));
  page.answer('teams', 'previewAddMembers', () => preview);
  await openPanel();
  paste(
    [
      'email,team',
      'ana@example.org,Crew',
      'bea@example.org,Crew',
      'cy@example.org,Infra',
      'di@example.org,',
    ].join('\n'),
  );
  expect(await screen.findByText(/Infra: several teams are called so/)).toBeDefined();
  expect(screen.getByText(/infra-eu, 12 members, created/)).toBeDefined();
  expect(screen.getByText(/3 members, inactive, created/i)).toBeDefined();
  expect(screen.getByText(/1 new person of these lines is not created/)).toBeDefined();
  await press('Review 1 new member');
  await waitFor(() =>
    expect(page.asked('teams', 'previewAddMembers')).toEqual([
      { teamId: crew, members: [{ userId: ana, role: 'member' }] },
    ]),
  );
  await press('Cancel');
  await waitFor(() => expect(screen.queryByRole('dialog', { name: /^Add members/ })).toBeNull());
  await press('Review 2 new users');
  await waitFor(() =>
    expect(
      asked()
        .at(-1)
        ?.people.map(({ username, teams }) => [username, teams]),
    ).toEqual([
      ['bea', [{ id: crew, role: 'member' }]],
      ['di', []],
    ]),
  );
});

it('names the addresses that several active people have, and changes none of them', async () => {
  const twice = { email: 'twice@example.org', isActive: true, version };
  page.answer('users', 'known', () => ({
    holders: [
      { ...twice, id: ana, label: 'one' },
      { ...twice, id: left, label: 'two' },
    ],
    usernames: [],
  }));
  await openPanel();
  paste('email,max_budget\ntwice@example.org,5');
  const warning = await screen.findByText(/^Several active people have 1 of the addresses/);
  expect(within(warning).getByText('twice@example.org')).toBeDefined();
  expect(screen.queryByRole('button', { name: /^Review the changes/ })).toBeNull();
});

it('keeps what was entered over a lost connection, another tab, and a look at who is there already', async () => {
  page.answer('users', 'known', () => ({
    holders: [{ email: 'ana@example.org', id: ana, label: 'ana', isActive: true, version }],
    usernames: [],
  }));
  await openPanel();
  paste('ana@example.org\nbea@example.org');
  await screen.findByText('1 person is new.');
  fireEvent.click(screen.getByRole('radio', { name: 'One person' }));
  type('Full name', 'Cleo');
  await page.tell({ workspace: openWorkspaceOf({ connection: 'lost' }) });
  expect(field('Full name').value).toBe('Cleo');
  await page.tell({ workspace: openWorkspaceOf() });
  fireEvent.click(screen.getByRole('radio', { name: 'Paste a list' }));
  fireEvent.click(await screen.findByRole('link', { name: 'Show them in the list' }));
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'New users' })).toBeNull());
  await press('New user');
  expect(await screen.findByText('1 person is new.')).toBeDefined();
  expect(field('E-mail addresses').value).toBe('ana@example.org\nbea@example.org');
  // Closing it asks, since there is something to lose.
  await press('Cancel');
  await press('Leave');
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'New users' })).toBeNull());
  await press('New user');
  fireEvent.click(await screen.findByRole('radio', { name: 'Paste a list' }));
  expect(field('E-mail addresses').value).toBe('');
});

it('waits until it knows who of a list is there', async () => {
  await openPanel();
  paste('bea@example.org');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Nobody to create' }).disabled).toBe(true);
  await screen.findByText('1 person is new.');
  type('E-mail addresses', 'bea@example.org, cleo@example.org');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Nobody to create' }).disabled).toBe(true);
  expect(await screen.findByRole('button', { name: 'Review 2 new users' })).toBeDefined();
});

it('can be looked at, not used, in a read-only workspace, and is opened from the palette', async () => {
  await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
  page.show(<NewUserButton />);
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'New user' });
  expect(button.disabled).toBe(true);
  runPageAction('newUser');
  await page.tell({ workspace: openWorkspaceOf() });
  expect(screen.queryByRole('dialog')).toBeNull();
  runPageAction('newUser');
  expect(await screen.findByRole('dialog', { name: 'New users' })).toBeDefined();
});
