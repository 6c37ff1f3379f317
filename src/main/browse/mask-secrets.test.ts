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

  it('hides all of a password, whatever stands before or within it', () => {
    expect(masked('postgres://ana:p@ss/w@db/x postgres://ana@db')).toBe(
      'postgres://ana:…@db/x postgres://ana@db',
    );
    expect(masked('a://u:one@h,b://v:two@h')).toBe('a://u:…@h,b://v:…@h');
    expect(masked('DATABASE_PASSWORD=geheim PGPASSWORD=geheim ldapbindpasswd=geheim')).toBe(
      'DATABASE_PASSWORD=… PGPASSWORD=… ldapbindpasswd=…',
    );
  });

  it('hides what a statement compares a secret with', () => {
    expect(masked(`WHERE t.access_token = 'eyJ''x' AND "api_key" LIKE 'AIza%' AND name = 'ana'`)).toBe(
      `WHERE t.access_token = '…' AND "api_key" LIKE '…' AND name = 'ana'`,
    );
    expect(masked(`doc->>'api_key' <> 'AIza'`)).toBe(`doc->>'api_key' <> '…'`);
  });

  it('hides fields of JSON within arrays and rows', () => {
    expect(masked(String.raw`{"{\"api_key\": \"AI\\\"za\", \"model\": \"gpt\"}"}`)).toBe(
      String.raw`{"{\"api_key\": \"…\", \"model\": \"gpt\"}"}`,
    );
    expect(masked(String.raw`(1,"{""api_key"": ""AI\\""za"", ""model"": ""gpt""}")`)).toBe(
      '(1,"{""api_key"": ""…"", ""model"": ""gpt""}")',
    );
  });

  it('hides a password whose end was cut off', () => {
    const cut = (text: string): string => maskSecrets(text, { isCut: true }).text;
    expect(cut('see postgres://ana:geh')).toBe('see postgres://ana:…');
    expect(cut('see postgres://ana:geh and')).toBe('see postgres://ana:geh and');
    expect(cut('http://host:8080/path')).toBe('http://host:8080/path');
    expect(cut('sk-abcdefghijkl postgres://ana:geh')).toBe('sk-… postgres://ana:…');
  });

  it('reads a mebibyte of anything', () => {
    const slow = [
      'a.',
      'http://host:8080/a,',
      'a://b',
      'a_',
      "a = '",
      'a  ',
      '\\"a\\": \\"',
      '""a"":""',
      '"a":"\\\n',
    ];
    for (const text of [...slow, '"', '\\', 'sk-', '"a":"', 'x', '://:', "password '"]) {
      expect(typeof masked(text.repeat(Math.ceil(1_048_576 / text.length)))).toBe('string');
    }
    expect(masked(`{"api_key":"${'x'.repeat(1_048_576)}"}`)).toBe('{"api_key":"…"}');
  });
});
