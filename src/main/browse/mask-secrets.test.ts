import { describe, expect, it } from 'vitest';
import { maskSecrets } from './mask-secrets';

const masked = (text: string): string => maskSecrets(text).text;

describe('maskSecrets', () => {
  it('hides a LiteLLM key anywhere in a text and keeps the rest', () => {
    expect(maskSecrets('before sk-abcdEFGH1234_- after')).toEqual({
      text: 'before sk-… after',
      masked: true,
    });
    expect(masked('{"key": "sk-12345678"}')).toBe('{"key": "sk-…"}');
    expect(masked('{sk-abcdefgh,sk-ijklmnop}')).toBe('{sk-…,sk-…}');
  });

  it('leaves what only looks like one', () => {
    for (const text of ['sk-short', 'sk-...wxyz', 'task-abcdefghij', 'risk-assessment', 'plain', '']) {
      expect(maskSecrets(text)).toEqual({ text, masked: false });
    }
  });

  it('hides a key within the text of a bytea', () => {
    const hex = Buffer.from('a sk-abcdefgh12 b').toString('hex');
    expect(masked(`\\x${hex}`)).not.toContain(Buffer.from('abcdefgh').toString('hex'));
  });

  it('hides passwords of addresses and connection strings', () => {
    expect(masked('postgresql://ana:geheim@db/x')).toBe('postgresql://ana:…@db/x');
    expect(masked('host=db password=geheim user=ana')).toBe('host=db password=… user=ana');
    expect(masked(`ALTER ROLE ana PASSWORD 'ge''heim' VALID`)).toBe('ALTER ROLE ana PASSWORD … VALID');
    expect(masked('the password is wrong')).toBe('the password is wrong');
  });

  it('hides fields of JSON by their names, whole or cut off', () => {
    expect(masked('{"api_key": "AIza-x\\"y", "model": "gpt"}')).toBe('{"api_key": "…", "model": "gpt"}');
    expect(masked('{"a": 1, "client_secret": "begins here')).toBe('{"a": 1, "client_secret": "…"');
    expect(masked('"refresh_token"=>"abc"')).toBe('"refresh_token"=>"…"');
    expect(masked('{"max_tokens": "5"}')).toBe('{"max_tokens": "5"}');
  });

  it('reads a mebibyte of anything', () => {
    for (const text of ['"', '\\', 'sk-', '"a":"', 'x', '://:', "password '"]) {
      expect(typeof masked(text.repeat(Math.ceil(1_048_576 / text.length)))).toBe('string');
    }
    expect(masked(`{"api_key":"${'x'.repeat(1_048_576)}"}`)).toBe('{"api_key":"…"}');
  });
});
