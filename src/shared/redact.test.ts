import { describe, expect, it } from 'vitest';
import { redact } from './redact';

describe('redaction', () => {
  it.each([
    ['key sk-2PpQ93kd8aLmN refused', '2PpQ93kd8aLmN'],
    ['postgresql://ana:p%40ss@db.example:5432/x', 'p%40ss'],
    ['{"authorization":"Bearer abc.def"}', 'abc.def'],
    ['x-litellm-api-key: plain-value-1', 'plain-value-1'],
    ['password=hunter2 host=db', 'hunter2'],
    ['{"password":"hunter2"}', 'hunter2'],
    // What follows once got through here, but not through the masker of texts in main.
    ['DATABASE_PASSWORD=hunter2 PGPASSWORD=x', 'hunter2'],
    ['ldapbindpasswd=hunter2', 'hunter2'],
    [`ALTER ROLE ana PASSWORD 'my hunter2'`, 'hunter2'],
    [`host=db password='my hunter2'`, 'hunter2'],
    ['{"password": "my hunter2"}', 'hunter2'],
    ['{"password": "a\\"hunter2"}', 'hunter2'],
    ['client_secret=hunter2', 'hunter2'],
    ['{"refresh_token": ", hunter2"}', 'hunter2'],
    ['{"api_key":"hunter2"}', 'hunter2'],
    [`{'apiKey': 'my hunter2'}`, 'hunter2'],
    [`access_token = 'hunter2'`, 'hunter2'],
    [`api_key LIKE 'hunter2'`, 'hunter2'],
    [`password => 'hunter2'`, 'hunter2'],
    ['Authorization: Token hunter2', 'hunter2'],
    ['Set-Cookie: lang=en; sid=hunter2', 'hunter2'],
    ['{"credentials":{"value":"hunter2"}}', 'hunter2'],
    ['{"credentials": [\n  "hunter2"\n]}', 'hunter2'],
    [`bytes \\x${Buffer.from('sk-abcdefgh12').toString('hex')}`, Buffer.from('abcdefgh').toString('hex')],
  ])('removes the secret from %s', (text, secret) => {
    expect(redact(text)).not.toContain(secret);
  });

  it('removes all of a password that holds the marks of an address, from each of several', () => {
    expect(redact('postgres://a:p@s/s@h/x,postgres://b:q@h')).toBe('postgres://a:…@h/x,postgres://b:…@h');
  });

  it('removes a secret from JSON within JSON, as a log line has it, and leaves the line readable', () => {
    const inner = JSON.stringify({ password: 'my "hunter2" \\', n: 1 });
    const line = JSON.stringify({ message: `refused: ${inner}`, at: 1 });
    expect(JSON.parse(redact(line))).toEqual({ message: 'refused: {"password":"…","n":1}', at: 1 });
    expect(redact(JSON.stringify(line))).not.toContain('hunter2');
    const said = JSON.stringify({ message: 'Unexpected token: "x"', next: 'bad token:', last: 'kept' });
    expect(JSON.parse(redact(said))).toMatchObject({ next: 'bad token:', last: 'kept' });
  });

  it('reads a mebibyte of anything', () => {
    const slow = [
      'token\\"',
      '"token":"\\',
      "password '",
      'secret: {}',
      'cookie: ',
      'token',
      '_cost_per_token:',
    ];
    for (const text of ['a.', 'http://host:8080/a,', 'a://b', 'token  ', 'password="', 'sk-a ', ...slow]) {
      expect(typeof redact(text.repeat(Math.ceil(1_048_576 / text.length)))).toBe('string');
    }
  });

  it.each([
    'sk-...aB3x is shown as LiteLLM shows it',
    'postgresql://ana@db.example/x',
    'inputTokens: 40',
    'input_cost_per_token: 0.1, output_cost_per_reasoning_token: 0.2',
    '{"credentials":{},"secret":""}',
    `Unexpected token '<', "<html>" is not valid JSON`,
    'Password authentication failed for user "ana".',
    'the task-force',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text);
  });
});
