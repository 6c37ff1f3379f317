import { expect, it } from 'vitest';
import type { PastedPerson } from '../../../../shared/pasted-people/parse-pasted-people';
import { freshPeople } from './new-people';

const person = (email: string, username: string | null = null): PastedPerson => ({
  line: 1,
  email,
  username,
  fullName: null,
  oauthId: null,
});
const holder = { email: 'ana@example.org', id: 'ana-id', label: 'ana', isActive: true };

it('leaves out whose address somebody has, and gives the others a username that is free', () => {
  const people = [
    person('ana@example.org'),
    person('bea@example.org'),
    person('Bea@example.com'),
    person('cleo@example.org'),
    person('dora@example.org', 'eve'),
    person('eve@example.org'),
  ];
  expect(freshPeople(people, 'local', [holder], ['CLEO']).map(({ username }) => username)).toEqual([
    'bea',
    'Bea@example.com',
    'cleo@example.org',
    'eve',
    'eve@example.org',
  ]);
  expect(freshPeople(people, 'address', [holder], []).map(({ username }) => username)).toEqual([
    'bea@example.org',
    'Bea@example.com',
    'cleo@example.org',
    'eve',
    'eve@example.org',
  ]);
});
