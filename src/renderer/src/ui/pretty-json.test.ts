import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyJson } from './pretty-json';

describe('prettyJson', () => {
  it('prints objects and arrays as JSON.stringify would', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('keeps digits and repeated keys', () => {
    expect(prettyJson('{"a":12345678901234567890.10, "a": [ ]}')).toBe(
      '{\n  "a": 12345678901234567890.10,\n  "a": []\n}',
    );
  });

  it.each(['', 'text', '12', '"a"', '{"a":1', '[1,]', '{a:1}'])('leaves %j alone', (text) => {
    expect(prettyJson(text)).toBeNull();
  });
});
