import { describe, expect, it } from 'vitest';
import type { Command } from './commands';
import { keyLabels, keyName, nextStep } from './shortcut-keys';

const plainKey = { ctrlKey: false, metaKey: false, altKey: false };

describe('keyName', () => {
  it('reads Ctrl, or ⌘ on a Mac, as the one modifier of the table', () => {
    expect(keyName({ ...plainKey, key: 'k', ctrlKey: true }, false)).toBe('mod+k');
    expect(keyName({ ...plainKey, key: 'K', metaKey: true }, true)).toBe('mod+k');
    expect(keyName({ ...plainKey, key: 'k', metaKey: true }, false)).toBeNull();
    expect(keyName({ ...plainKey, key: 'k', ctrlKey: true }, true)).toBeNull();
    expect(keyName({ ...plainKey, key: 'k', ctrlKey: true, altKey: true }, false)).toBeNull();
  });

  it('goes by characters, whatever it takes to type them', () => {
    expect(keyName({ ...plainKey, key: '?' }, false)).toBe('?');
    expect(keyName({ ...plainKey, key: '/', altKey: true }, false)).toBe('/');
    expect(keyName({ ...plainKey, key: 'G' }, false)).toBe('g');
    expect(keyName({ ...plainKey, key: 'g', altKey: true }, false)).toBeNull();
    expect(keyName({ ...plainKey, key: 'ArrowLeft', altKey: true }, false)).toBeNull();
  });
});

describe('nextStep', () => {
  const command = (id: string, keys: readonly string[]): Command => ({
    id,
    group: 'actions',
    label: 'search.command.print',
    keys,
    run: () => undefined,
  });
  const table = [command('users', ['g', 'u']), command('sheet', ['?'])];

  it('waits for the second key of a sequence', () => {
    expect(nextStep(table, [], 'g')).toEqual({ command: null, waiting: ['g'] });
    expect(nextStep(table, ['g'], 'u').command?.id).toBe('users');
  });

  it('begins again with a key that does not follow', () => {
    expect(nextStep(table, ['g'], '?').command?.id).toBe('sheet');
    expect(nextStep(table, ['g'], 'g')).toEqual({ command: null, waiting: ['g'] });
    expect(nextStep(table, ['g'], 'x')).toEqual({ command: null, waiting: [] });
    expect(nextStep(table, [], 'u')).toEqual({ command: null, waiting: [] });
  });
});

describe('keyLabels', () => {
  it('names keys as the platform does', () => {
    expect(keyLabels('mod+k', false)).toEqual(['Ctrl', 'K']);
    expect(keyLabels('mod+k', true)).toEqual(['⌘', 'K']);
    expect(keyLabels('?')).toEqual(['?']);
    expect(keyLabels('g')).toEqual(['G']);
    expect(keyLabels('Esc')).toEqual(['Esc']);
  });
});
