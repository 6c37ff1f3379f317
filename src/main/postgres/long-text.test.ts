import { describe, expect, it } from 'vitest';
import { withoutSecrets } from './long-text';

const clean = (text: string): string => withoutSecrets({ text, characters: text.length, isCut: false }).text;

describe('withoutSecrets', () => {
  it('hides what is named like a secret, in JSON laid out or not', () => {
    expect(clean('{\n    "client_secret": "hush",\n    "note": "kept"\n}')).toBe(
      '{\n    "client_secret": "••••••",\n    "note": "kept"\n}',
    );
    expect(clean('{"apiKey":"with \\"quotes\\"","n":1}')).toBe('{"apiKey":"••••••","n":1}');
  });

  it('hides a secret that was cut in its middle', () => {
    expect(clean('{"private_key": "-----BEGIN')).toBe('{"private_key": "••••••');
  });

  it('hides what looks like a key anywhere', () => {
    expect(clean('Ask for sk-0123456789 at the desk')).toBe('Ask for sk-… at the desk');
  });

  it('leaves the rest as it stands, long numbers too', () => {
    const text = '{"big": 9007199254740993, "password_policy": "strict", "api_key": "", "list": ["a"]}';
    expect(clean(text)).toBe(text);
  });
});
