import { describe, expect, it } from 'vitest';
import { english } from '../../../shared/messages/en';
import { navigationGroups } from '../ui/navigation';
import { type CommandContext, commands, openPalette, possibleCommands } from './commands';
import { toGroups } from './palette-entries';

/** What browsers and the desktop's menu roles keep for themselves. */
const takenChords = 'acefijlmnopqrstvwxyz0123456789+-=';

describe('the table of commands', () => {
  it('names every command once', () => {
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  });

  it('gives no keys to two commands, and none that begin those of another', () => {
    const keys = commands.flatMap((command) => (command.keys === undefined ? [] : [command.keys.join(' ')]));
    expect(new Set(keys).size).toBe(keys.length);
    for (const one of keys) {
      expect(keys.filter((other) => other.startsWith(`${one} `))).toEqual([]);
    }
  });

  it('takes no chord from the browser or the menu', () => {
    const chords = commands.flatMap(({ keys = [] }) => keys.filter((key) => key.startsWith('mod+')));
    expect(chords).toEqual(['mod+k', 'mod+Enter']);
    const pressed = chords.map((chord) => chord.slice('mod+'.length));
    expect(pressed.filter((key) => takenChords.includes(key))).toEqual([]);
  });

  it('leads to every screen of the navigation by keys', () => {
    for (const { path } of navigationGroups.flat()) {
      expect(commands.find(({ id }) => id === `go ${path}`)?.keys, path).toHaveLength(2);
    }
  });

  it('offers what needs no database while none is open', () => {
    const context = { workspace: null, theme: 'dark' } as unknown as CommandContext;
    const ids = possibleCommands(context).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['go /settings', 'go /connect', 'go /workspaces']));
    expect(ids).not.toContain('go /users');
    expect(ids).not.toContain('editWorkspace');
    expect(ids).not.toContain('checkHealth');
  });

  it('has an entry of the palette for every command but the palette itself, each with a text', () => {
    const t = ((key: string) =>
      key
        .split('.')
        .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], english)) as never;
    const groups = toGroups(t, { text: '', commands, recent: [], records: [], relations: [], isEdit: false });
    const entries = groups.flatMap((group) => group.entries);
    expect(entries.flatMap(({ target }) => (target.kind === 'command' ? [target.command] : []))).toEqual(
      [
        ...commands.filter(({ group }) => group === 'screens'),
        ...commands.filter(({ group }) => group === 'actions'),
      ].filter((command) => command !== openPalette),
    );
    for (const { label } of entries) expect(label).toEqual(expect.any(String));
  });
});
