import { expect, it } from 'vitest';
import type { PastedPerson } from '../../../../shared/pasted-people/parse-pasted-people';
import { freshPeople, knownEdits } from './new-people';

const person = (email: string, username: string | null = null): PastedPerson => ({
  line: 1,
  email,
  username,
  fullName: null,
  oauthId: null,
  values: {},
  teams: [],
});
const holder = {
  email: 'ana@example.org',
  id: 'ana-id',
  label: 'ana',
  isActive: true,
  version: '1'.repeat(32),
};

const noTeams = () => [];

it('leaves out whose address somebody has, and gives the others a username that is free', () => {
  const people = [
    person('ana@example.org'),
    person('bea@example.org'),
    person('Bea@example.com'),
    person('cleo@example.org'),
    person('dora@example.org', 'eve'),
    person('eve@example.org'),
  ];
  expect(freshPeople(people, 'local', [holder], ['CLEO'], noTeams).map(({ username }) => username)).toEqual([
    'bea',
    'Bea@example.com',
    'cleo@example.org',
    'eve',
    'eve@example.org',
  ]);
  expect(freshPeople(people, 'address', [holder], [], noTeams).map(({ username }) => username)).toEqual([
    'bea@example.org',
    'Bea@example.com',
    'cleo@example.org',
    'eve',
    'eve@example.org',
  ]);
});

it('gives new people what the table says of them', () => {
  const said = { ...person('bea@example.org'), values: { maxBudget: null, roles: ['user', 'guest'] } };
  expect(freshPeople([said, person('cy@example.org')], 'local', [], [], noTeams)).toEqual([
    {
      username: 'bea',
      email: 'bea@example.org',
      fullName: null,
      oauthId: null,
      maxBudget: null,
      roles: ['user', 'guest'],
      teams: [],
    },
    { username: 'cy', email: 'cy@example.org', fullName: null, oauthId: null, teams: [] },
  ]);
});

it('changes of those who are there what the table says, and nobody of whom it is not sure', () => {
  const said = (email: string) => ({ ...person(email), values: { maxBudget: '5' } });
  const people = ['ana', 'twice', 'gone', 'new'].map((name) => said(`${name}@example.org`));
  const holders = [
    holder,
    // Who was merged into another keeps the address, and is switched off.
    { ...holder, id: 'merged', isActive: false },
    { ...holder, id: 'one', email: 'twice@example.org' },
    { ...holder, id: 'two', email: 'twice@example.org' },
    { ...holder, id: 'gone', email: 'gone@example.org', isActive: false },
    { ...holder, id: 'silent', email: 'silent@example.org' },
  ];
  expect(knownEdits([...people, person('silent@example.org')], holders)).toEqual({
    edits: [{ id: 'ana-id', version: '1'.repeat(32), changes: { maxBudget: '5' } }],
    ambiguous: ['twice@example.org'],
  });
});
