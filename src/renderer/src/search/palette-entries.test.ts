import { describe, expect, it } from 'vitest';
import { matching, type PaletteEntry } from './palette-entries';

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
