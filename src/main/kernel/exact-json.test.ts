import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactNumber, parseExactJson, toExactJson } from './exact-json';

describe('parseExactJson', () => {
  it('keeps fractions, exponents and long integers as the digits that were sent', () => {
    const text =
      '{"a":2.5e-06,"b":9223372036854775807,"c":0.1,"d":1000.0,"e":-1E+2,"f":12,"g":[1,{"h":1e-7}]}';
    expect(parseExactJson(text)).toEqual({
      a: new ExactNumber('0.0000025'),
      b: new ExactNumber('9223372036854775807'),
      c: new ExactNumber('0.1'),
      d: new ExactNumber('1000'),
      e: new ExactNumber('-100'),
      f: 12,
      g: [1, { h: new ExactNumber('0.0000001') }],
    });
  });

  it('leaves numbers inside strings and names alone', () => {
    const text = '{"1.5":"2.5e-06","quote \\" 3.5":"back\\\\","n":1.5}';
    expect(parseExactJson(text)).toEqual({
      '1.5': '2.5e-06',
      'quote " 3.5': 'back\\',
      n: new ExactNumber('1.5'),
    });
  });

  it('takes no text for a number, not even one that spells the inner marker', () => {
    expect(parseExactJson('{"a":"\\u00001.5"}')).toEqual({ a: '\ufffd1.5' });
  });

  it('replaces what PostgreSQL cannot store and keeps what it can', () => {
    expect(parseExactJson('["a\\u0000b","\\ud83d\\ude00","\\ud83d x","\\\\u0000","\\udc00"]')).toEqual([
      'a\ufffdb',
      '😀',
      '\ufffd x',
      '\\u0000',
      '\ufffd',
    ]);
  });

  it.each(['{"a":', '[1,]', '<html>', '', '{"a":1e999}', '{"a":NaN}'])('refuses %s', (text) => {
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  });

  it('reads whatever JSON.stringify writes, and writes it back with the same meaning', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(toExactJson(parseExactJson(text)))).toEqual(
          JSON.parse(text, (_key, value: unknown) => (Object.is(value, -0) ? 0 : value)),
        );
      }),
    );
  });
});
