import { describe, expect, it } from 'vitest';
import { visibleName } from './visible-name';

describe('visibleName', () => {
  it.each(['ann', ' ann', 'ليلى', '👩‍👩‍👧', 'Z\u0351', '\u200Fشالوم'])('leaves %j as it is', (name) => {
    expect(visibleName(name)).toBe(name);
  });

  it.each([
    ['', '""'],
    ['\u200B\u2060', 'U+200B U+2060'],
    ['   ', 'U+0020 U+0020 U+0020'],
    ['\u202E', 'U+202E'],
    ['\u{E0001}', 'U+E0001'],
    [' '.repeat(9), 'U+0020 U+0020 U+0020 U+0020 U+0020 U+0020 …'],
  ])('spells %j', (name, spelled) => {
    expect(visibleName(name)).toBe(spelled);
  });
});
