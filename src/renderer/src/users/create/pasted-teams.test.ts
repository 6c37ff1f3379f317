import { expect, it } from 'vitest';
import type { NamedTeam } from '../../../../shared/contract/teams';
import { defaultTeamId } from '../../../../shared/default-team';
import { pastedTeams } from './pasted-teams';

const person = (email: string, ...teams: string[]) => ({
  ...{ line: 1, email, username: null, fullName: null, oauthId: null, values: {} },
  teams,
});
const team = (name: string, id: string, changes: Partial<NamedTeam> = {}): NamedTeam => ({
  ...{ name, id, label: name, alias: null, isActive: true, memberCount: 1, createdAt: null },
  ...changes,
});
const holder = (email: string, id: string, isActive = true) => ({
  ...{ email, id, label: id, isActive, version: '1'.repeat(32) },
});

it('puts nobody into a team whose name says nothing, and names why', () => {
  const found = [
    team('Infra', 'infra-1'),
    team('Infra', 'infra-2', { isActive: false }),
    team('Old', 'old', { isActive: false }),
    team('Ops', 'ops'),
  ];
  const people = [
    person('ana@example.org', 'Infra', 'Ops'),
    person('bea@example.org', 'Old'),
    person('cy@example.org', 'Nowhere'),
    person('dora@example.org', 'Ops'),
    person('eve@example.org'),
  ];
  const { unusable, teamsOf } = pastedTeams(people, found, []);
  expect(unusable.map(({ name, reason, teams }) => [name, reason, teams.map(({ id }) => id)])).toEqual([
    ['Infra', 'ambiguous', ['infra-1', 'infra-2']],
    ['Old', 'off', ['old']],
    ['Nowhere', 'unknown', []],
  ]);
  expect(people.map(teamsOf)).toEqual([null, null, null, [{ id: 'ops', role: 'member' }], []]);
});

it('joins a team once that is named twice, and the Default Team not by name', () => {
  const found = [team('Ops', 'ops'), team('operations', 'ops'), team('Default', defaultTeamId)];
  const { teamsOf, unusable } = pastedTeams([], found, []);
  expect(teamsOf({ teams: ['Ops', 'operations', 'Default'] })).toEqual([{ id: 'ops', role: 'member' }]);
  expect(unusable).toEqual([]);
});

it('says who of those that are there already joins which team, and leaves out whom an address does not name', () => {
  const people = [
    person('ana@example.org', 'Ops'),
    person('off@example.org', 'Ops'),
    person('two@example.org', 'Ops'),
    person('new@example.org', 'Ops'),
    person('bea@example.org', 'Ops', 'Infra'),
  ];
  const holders = [
    holder('ana@example.org', 'ana'),
    holder('bea@example.org', 'bea'),
    holder('off@example.org', 'off', false),
    holder('two@example.org', 'two-1'),
    holder('two@example.org', 'two-2'),
  ];
  const { joins } = pastedTeams(people, [team('Ops', 'ops'), team('Infra', 'infra')], holders);
  expect(joins.map(({ team: { id }, userIds }) => [id, userIds])).toEqual([
    ['ops', ['ana', 'bea']],
    ['infra', ['bea']],
  ]);
});
