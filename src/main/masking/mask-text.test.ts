import { describe, expect, it } from 'vitest';
import { maskText } from './mask-text';

const masked = (text: string): string => maskText(text).text;

describe('maskText', () => {
  it('hides a LiteLLM key anywhere in a text and keeps the rest', () => {
    expect(maskText('before sk-abcdEFGH1234_- after')).toEqual({
      text: 'before sk-… after',
      masked: true,
    });
    expect(masked('{"key": "sk-12345678"}')).toBe('{"key": "sk-…"}');
    expect(masked('{sk-abcdefgh,sk-ijklmnop}')).toBe('{sk-…,sk-…}');
  });

  it('leaves what only looks like one', () => {
    for (const text of ['sk-short', 'sk-...wxyz', 'task-abcdefghij', 'risk-assessment', 'plain', '']) {
      expect(maskText(text)).toEqual({ text, masked: false });
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
    const cut = (text: string): string => maskText(text, { isCut: true }).text;
    expect(cut('see postgres://ana:geh')).toBe('see postgres://ana:…');
    expect(cut('see postgres://ana:geh and')).toBe('see postgres://ana:geh and');
    expect(cut('http://host:8080/path')).toBe('http://host:8080/path');
    expect(cut('sk-abcdefghijkl postgres://ana:geh')).toBe('sk-… postgres://ana:…');
  });

  it('hides all that lies under the name of a secret, in JSON of any writing', () => {
    expect(masked('{"credentials": {"user": "ana", "pin": 1234, "on": true}, "n": 5}')).toBe(
      '{"credentials": {"user": "…", "pin": "…", "on": true}, "n": 5}',
    );
    expect(masked('{"pass\\u0077ord": "x", "client_secret": ["a", null')).toBe(
      '{"pass\\u0077ord": "…", "client_secret": ["…", null',
    );
    expect(masked(String.raw`{"{\"token\": {\"v\": \"a\\\"b\", \"n\": 1}, \"kept\": \"c\"}"}`)).toBe(
      String.raw`{"{\"token\": {\"v\": \"…\", \"n\": \"…\"}, \"kept\": \"c\"}"}`,
    );
    expect(masked(String.raw`(1,"{""token"": [""a\\""b"", ""c""], ""kept"": ""d""}")`)).toBe(
      '(1,"{""token"": [""…"", ""…""], ""kept"": ""d""}")',
    );
    expect(masked(`{'credentials': {'user': "O'Hara", 'ok': None}, 'kept': 'x'}`)).toBe(
      `{'credentials': {'user': "…", 'ok': None}, 'kept': 'x'}`,
    );
    expect(masked('5" disk, {"api_key": {"v": "x"}} and "more"')).toBe(
      '5" disk, {"api_key": {"v": "…"}} and "more"',
    );
  });

  // Each of these once got through here, but not through the redaction of logs and errors.
  it.each([
    ['Authorization: Bearer geheim', 'Authorization: …'],
    ['authorization=Basic geheim', 'authorization=…'],
    ['Cookie: lang=en; sid=geheim', 'Cookie: …'],
    ['x-litellm-api-key: geheim', 'x-litellm-api-key: …'],
    ['token: geheim\nsecret: "my geheim"', 'token: …\nsecret: …'],
    ['client_secret=geheim', 'client_secret=…'],
    ['https://host/path?token=geheim&page=1', 'https://host/path?token=…&page=1'],
    ['[default]\naws_secret_access_key = geheim', '[default]\naws_secret_access_key = …'],
    [`{'api_key': 'my geheim'}`, `{'api_key': '…'}`],
    [`SET token := 'geheim'`, `SET token := '…'`],
    [`password => 'geheim'`, `password => …`],
    [`postgres://ana:p'geheim@host/x`, 'postgres://ana:…@host/x'],
    [`postgres://o"na:geheim@host/x`, 'postgres://o"na:…@host/x'],
    ['the key sk-1234 of the manual', 'the key sk-… of the manual'],
  ])('hides the secret of %s', (text, expected) => expect(masked(text)).toBe(expected));

  it.each([
    'SELECT token, t.token::text FROM t JOIN s ON t.token=s.token AND t.secret = s.secret WHERE token=$1',
    'Hash Cond: (a.api_key = b.api_key)',
    '{"a":"http://host:x","b":"ana@host"}',
    '{"msg":"bad token:","b":"x"}',
    '{"token": null, "password": false, "secret": "", "input_cost_per_token": 5e-7}',
    '{"output_cost_per_reasoning_token": 5e-7, "max_tokens": 5}',
    '"password"::text',
    'risk-1234',
  ])('leaves %s as it is', (text) => expect(maskText(text)).toEqual({ text, masked: false }));

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
      '"token":{',
      `{'token': [`,
      'token: bearer ',
      'secret = ',
      'a=a;',
      `://a:"`,
      ' \n',
    ];
    for (const text of [...slow, '"', '\\', 'sk-', '"a":"', 'x', '://:', "password '"]) {
      expect(typeof masked(text.repeat(Math.ceil(1_048_576 / text.length)))).toBe('string');
    }
    expect(masked(`{"api_key":"${'x'.repeat(1_048_576)}"}`)).toBe('{"api_key":"…"}');
  });
});
