import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainJson, type Writing } from './json-writing';
import { maskJson } from './mask-json';
import { maskJsonText } from './mask-json-text';
import { maskNamedValues } from './named-values';
import { isSecretProperty } from './secret-names';

describe('maskJsonText', () => {
  it('hides texts and numbers under a secret name however deep, and keeps the layout', () => {
    expect(maskJsonText('{"credentials":{"value":"abc","n":5,"list":["x"]},"n":5}')).toBe(
      '{"credentials":{"value":"••••••","n":"••••••","list":["••••••"]},"n":5}',
    );
    const laidOut = (value: unknown): string => JSON.stringify(value, null, 4);
    expect(
      maskJsonText(
        laidOut({ token: { of: [{ a: -1.5e-7 }, 'b'], none: null, is: false, empty: '', x: {} }, n: 1 }),
      ),
    ).toBe(
      laidOut({ token: { of: [{ a: '••••••' }, '••••••'], none: null, is: false, empty: '', x: {} }, n: 1 }),
    );
    expect(maskJsonText('{"password": 12345678901234567890, "password2": 1}')).toBe(
      '{"password": "••••••", "password2": "••••••"}',
    );
  });

  it('hides what follows the bracket only where it belongs to the name', () => {
    expect(maskJsonText('[{"secret": [["a]"], "}"]}, {"note": "kept"}, 7]')).toBe(
      '[{"secret": [["••••••"], "••••••"]}, {"note": "kept"}, 7]',
    );
    expect(maskJsonText('{"secret": {"a": "{[", "b": "]}}"}, "note": "kept {[", "n": 1}')).toBe(
      '{"secret": {"a": "••••••", "b": "••••••"}, "note": "kept {[", "n": 1}',
    );
  });

  it('reads escaped quotes and escaped names', () => {
    expect(maskJsonText(String.raw`{"api_key": {"a": "x\"}y\\"}, "b": "\"api_key\""}`)).toBe(
      String.raw`{"api_key": {"a": "••••••"}, "b": "\"api_key\""}`,
    );
    expect(maskJsonText(String.raw`{"pass\u0077ord": "abc", "pass\u0077ords": ["abc"], "a\"b": "c"}`)).toBe(
      String.raw`{"pass\u0077ord": "••••••", "pass\u0077ords": ["••••••"], "a\"b": "c"}`,
    );
  });

  it('takes a text for a name only before a colon', () => {
    expect(maskJsonText('["password", "x", ":", "y"]')).toBe('["password", "x", ":", "y"]');
    expect(maskJsonText('{"a": "password", "b": {"key": {"key": "x"}}}')).toBe(
      '{"a": "password", "b": {"key": {"key": "••••••"}}}',
    );
  });

  it('hides what looks like a secret in any text, JSON within it included', () => {
    expect(maskJsonText('{"note": "Ask for sk-0123456789\\nor ana", "url": "postgres://ana:x@host/y"}')).toBe(
      '{"note": "Ask for sk-…\\nor ana", "url": "postgres://ana:…@host/y"}',
    );
    const text = JSON.stringify({
      body: JSON.stringify({ credentials: { pin: 1, a: 'hush' }, password: 'hush' }),
    });
    expect(JSON.parse(maskJsonText(text))).toMatchObject({
      body: expect.not.stringMatching(/hush|1/) as string,
    });
  });

  it('hides a secret that was cut anywhere', () => {
    const whole = JSON.stringify(
      {
        note: 'kept',
        credentials: { 'of "x"': ['hush\\', 'a"hush', 4711, { 'of{': '\u0001hush' }], done: true },
        url: 'postgres://ana:hushhush@host',
        after: 'kept too',
      },
      null,
      2,
    );
    for (let length = 0; length <= whole.length; length += 1) {
      const shown = maskJsonText(whole.slice(0, length));
      expect([length, shown]).toEqual([length, expect.not.stringMatching(/hu|47/) as string]);
    }
    expect(maskJsonText(whole)).toContain('"after": "kept too"');
    expect(maskJsonText('{"token": "abc\\u00')).toBe('{"token": "••••••');
    expect(maskJsonText('{"token": 12')).toBe('{"token": "••••••"');
    expect(maskJsonText('{"token": {"is": tr')).toBe('{"token": {"is": tr');
    expect(maskJsonText('{"note": "ask for sk-0123456789\\')).toBe('{"note": "ask for sk-…');
  });

  it('hides the same as the masker of values', () => {
    const name = fc.oneof(
      fc.constantFrom('password', 'key', 'credentials', 'note', 'a"b', 'token_type'),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, false, '', 'x', 'sk-0123456789', 'a "quoted": {', '\\', 'password=x y'),
        fc.string(),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(name, tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (any, indent) => {
        const masked = JSON.stringify(maskJson(any), null, indent);
        expect(maskJsonText(JSON.stringify(any, null, indent))).toBe(masked);
      }),
    );
  });

  it('reads a mebibyte', () => {
    const text = `{"credentials": {"list": [${'"x", 1, '.repeat(65_536)}"x"]}, "note": "${'\\"x'.repeat(174_763)}"}`;
    const masked = maskJsonText(text);
    expect(masked).not.toMatch(/x", 1/);
    expect(masked.slice(-40)).toBe(text.slice(-40));
  });

  it('looks at each character a few times at most, whatever the text is', () => {
    const pieces = [
      '"',
      '\\',
      '{',
      '"a":',
      '"token":{',
      '"token":["',
      '"a" ',
      '\\"',
      '": ',
      '"token":1,',
      '[[',
      ' ',
    ];
    for (const piece of [...pieces, '{"password":"x"},', '"\\\\u00', 'x']) {
      const text = piece.repeat(Math.ceil(1_048_576 / piece.length));
      let looks = 0;
      const counting: Writing = {
        ...plainJson,
        widthAt(of, place) {
          looks += 1;
          return plainJson.widthAt(of, place);
        },
      };
      maskNamedValues(text, { writing: counting, isSecret: isSecretProperty, mask: '…', closesCut: false });
      expect([piece, looks / text.length <= 5]).toEqual([piece, true]);
    }
  });
});
