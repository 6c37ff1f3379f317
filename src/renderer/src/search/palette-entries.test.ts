import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import { commands } from './commands';
import { activeEntry, matching, soughtIn, toGroups, type PaletteEntry } from './palette-entries';

const entry = (label: string): PaletteEntry => ({
  id: label,
  label,
  details: [],
  target: { kind: 'relation', path: '/' },
});
const labels = (entries: readonly PaletteEntry[]): string[] => entries.map(({ label }) => label);

describe('matching', () => {
  const screens = ['Overview', 'Users', 'API keys', 'Audit log', 'Schéma health'].map(entry);

  it('leaves everything where nothing was typed', () => {
    expect(matching(screens, '  ')).toEqual(screens);
  });

  it('puts what begins with the words before what contains them', () => {
    expect(labels(matching(screens, 'a'))).toEqual(['API keys', 'Audit log', 'Schéma health']);
    expect(labels(matching(screens, 'he sch'))).toEqual(['Schéma health']);
    expect(labels(matching(screens, 'sers'))).toEqual(['Users']);
    expect(labels(matching(screens, 'users x'))).toEqual([]);
  });

  it('is indifferent to case and accents', () => {
    expect(labels(matching(screens, 'SCHEMA'))).toEqual(['Schéma health']);
  });
});

describe('the line that Enter picks', () => {
  const [command] = commands;
  if (command === undefined) throw new Error('there are no commands');
  const screen: PaletteEntry = { ...entry('Users'), target: { kind: 'command', command } };
  const found = [entry('users'), entry('users_old')];

  it('is the first, until one is chosen', () => {
    expect(activeEntry([...found, screen], null, false)?.id).toBe('users');
    expect(activeEntry([...found, screen], 'users_old', false)?.id).toBe('users_old');
    expect(activeEntry([...found, screen], 'gone', false)?.id).toBe('users');
    expect(activeEntry([], null, false)).toBeNull();
  });

  it('is no hit of an earlier text while the next are asked for, unless it was chosen', () => {
    expect(activeEntry([...found, screen], null, true)?.id).toBe('Users');
    expect(activeEntry(found, null, true)).toBeNull();
    expect(activeEntry(found, 'users_old', true)?.id).toBe('users_old');
  });
});

it('spells a name of which nothing could be seen', () => {
  const groups = toGroups(((key: string) => key) as TFunction, {
    text: 'a',
    commands: [],
    recent: [],
    records: [{ kind: 'model', id: 'gpt', label: '\u200B', details: [] }],
    relations: [],
    isEdit: false,
  });
  expect(groups.flatMap(({ entries }) => labels(entries))).toEqual(['U+200B']);
});

describe('what is sought', () => {
  it('is whom, after the word for editing, and else all of the text', () => {
    expect(soughtIn('edit ana lopez', 'edit')).toEqual({ sought: 'ana lopez', isEdit: true });
    expect(soughtIn('EDITÁ ana', 'edita')).toEqual({ sought: 'ana', isEdit: true });
    for (const text of ['edit', 'editor ana', 'ana edit', ''])
      expect(soughtIn(text, 'edit')).toEqual({ sought: text, isEdit: false });
  });

  it('offers to edit the records found', () => {
    const groups = toGroups(((key: string) => key) as TFunction, {
      text: 'edit a',
      commands: [],
      recent: [],
      records: [
        { kind: 'user', id: 'ana', label: 'ana', details: [] },
        { kind: 'team', id: 'all', label: 'all', details: [] },
        { kind: 'model', id: 'ada', label: 'ada', details: [] },
        { kind: 'apiKey', id: 'abc', label: 'abc', details: [] },
        { kind: 'subscription', id: 'air', label: 'air', details: [] },
      ],
      relations: [],
      isEdit: true,
    });
    expect(groups.map(({ id, entries }) => [id, entries.map((each) => each.id)])).toEqual([
      ['actions', ['edit-ana', 'edit-all', 'edit-ada', 'edit-abc', 'edit-air']],
      ['user', ['user-user-ana']],
      ['team', ['team-team-all']],
      ['model', ['model-model-ada']],
      ['subscription', ['subscription-subscription-air']],
      ['apiKey', ['apiKey-apiKey-abc']],
    ]);
    expect(groups[0]?.entries.map(({ target }) => target)).toMatchObject([
      { path: '/users/ana?edit=username' },
      { path: '/teams/all?edit=name' },
      { path: '/models/ada?edit=description' },
      { path: '/api-keys/abc?edit=name' },
      { path: '/subscriptions/air?edit=quotaRequests' },
    ]);
  });
});
