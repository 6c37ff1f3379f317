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
  ])('removes the secret from %s', (text, secret) => {
    expect(redact(text)).not.toContain(secret);
  });

  it('removes all of a password that holds the marks of an address, from each of several', () => {
    expect(redact('postgres://a:p@s/s@h/x,postgres://b:q@h')).toBe('postgres://a:…@h/x,postgres://b:…@h');
  });

  it('reads a mebibyte of anything', () => {
    for (const text of ['a.', 'http://host:8080/a,', 'a://b', 'token  ', 'password="', 'sk-a ']) {
      expect(typeof redact(text.repeat(Math.ceil(1_048_576 / text.length)))).toBe('string');
    }
  });

  it.each([
    'sk-...aB3x is shown as LiteLLM shows it',
    'postgresql://ana@db.example/x',
    'inputTokens: 40',
    'the task-force',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text);
  });
});
