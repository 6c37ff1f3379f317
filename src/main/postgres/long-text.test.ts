import { describe, expect, it } from 'vitest';
import { beginningWithoutSecrets, jsonWithoutSecrets, textWithoutSecrets } from './long-text';

const json = (text: string): string =>
  jsonWithoutSecrets({ text, characters: text.length, isCut: false }).text;
const prose = (text: string, isCut = false): string =>
  textWithoutSecrets({ text, characters: text.length, isCut }).text;

describe('jsonWithoutSecrets', () => {
  it('hides what is named like a secret, in JSON laid out or not', () => {
    expect(json('{\n    "client_secret": "hush",\n    "note": "kept"\n}')).toBe(
      '{\n    "client_secret": "••••••",\n    "note": "kept"\n}',
    );
    expect(json('{"apiKey":"with \\"quotes\\"","n":1}')).toBe('{"apiKey":"••••••","n":1}');
  });

  it('hides a secret that was cut in its middle', () => {
    expect(json('{"private_key": "-----BEGIN')).toBe('{"private_key": "••••••');
  });

  it('leaves the rest as it stands, long numbers too', () => {
    const text = '{"big": 9007199254740993, "password_policy": "strict", "api_key": "", "list": ["a"]}';
    expect(json(text)).toBe(text);
  });
});

describe('textWithoutSecrets', () => {
  it('hides what looks like a key anywhere', () => {
    expect(prose('Ask for sk-0123456789 at the desk')).toBe('Ask for sk-… at the desk');
  });

  it('hides what is named like a secret', () => {
    expect(prose('Send {"client_secret": {"v": "hush"}} or token=hush.')).not.toContain('hush');
  });

  it('hides a password that was cut in its middle', () => {
    expect(prose('see postgres://ana:geh', true)).toBe('see postgres://ana:…');
  });
});

describe('beginningWithoutSecrets', () => {
  it('hides a password that the limit cut in its middle, in characters as PostgreSQL counts them', () => {
    const text = '🔑 postgres://ana:geh';
    expect(beginningWithoutSecrets(text, 20)).toBe('🔑 postgres://ana:…');
    expect(beginningWithoutSecrets(text, 21)).toBe(text);
    expect(beginningWithoutSecrets(null, 20)).toBeNull();
  });
});
