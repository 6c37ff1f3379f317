import { describe, expect, it } from 'vitest';
import { quotedIdentifier } from './quoted-identifier';
import { visibleIdentifier } from './visible-identifier';

describe('a name from a database', () => {
  it.each([
    ['litemaas', 'litemaas'],
    ['Grün und Ω', 'Grün und Ω'],
    ['a\u202Eb\nc', String.raw`a\u202Eb\u000Ac`],
    ['x'.repeat(70), `${'x'.repeat(63)}…`],
  ])('stands in a sentence as it can be seen: %j', (name, shown) => {
    expect(visibleIdentifier(name)).toBe(shown);
  });

  it.each([
    ['public', 'public'],
    ['litemaas_console', 'litemaas_console'],
    ['user', '"user"'],
    ['current_user', '"current_user"'],
    ['Guest', '"Guest"'],
    ['a"; DROP TABLE x; --', '"a""; DROP TABLE x; --"'],
    ['a\u202E"b\\', String.raw`U&"a\+00202E""b\\"`],
  ])('stands in a statement so that it is what it reads: %j', (name, quoted) => {
    expect(quotedIdentifier(name)).toBe(quoted);
  });
});
