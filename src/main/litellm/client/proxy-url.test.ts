import { describe, expect, it } from 'vitest';
import { endpointUrl, isLoopback, normaliseBaseUrl } from './proxy-url';

describe('normaliseBaseUrl', () => {
  it.each([
    ['https://Proxy.example/', 'https://proxy.example'],
    [' http://127.0.0.1:4000/litellm// ', 'http://127.0.0.1:4000/litellm'],
    ['https://proxy.example:443', 'https://proxy.example'],
  ])('writes %s as %s', (given, expected) => {
    expect(normaliseBaseUrl(given)).toBe(expected);
  });

  it.each(['proxy', 'ftp://proxy', 'https://user:word@proxy', 'https://proxy/?a=1', 'https://proxy/#a'])(
    'refuses %s',
    (given) => {
      expect(() => normaliseBaseUrl(given)).toThrow(expect.objectContaining({ code: 'validation' }));
    },
  );
});

describe('endpointUrl', () => {
  it('encodes parameters and keeps the root path', () => {
    const url = endpointUrl('http://h/root', '/user/info', { user_id: 'a b&c', absent: undefined });
    expect(url.href).toBe('http://h/root/user/info?user_id=a+b%26c');
  });
});

describe('isLoopback', () => {
  it.each(['http://localhost:4000', 'http://127.8.9.1', 'http://[::1]:4000'])(
    '%s stays on the machine',
    (url) => {
      expect(isLoopback(url)).toBe(true);
    },
  );
  it.each(['http://127.example.com', 'http://10.0.0.1', 'http://localhost.example'])('%s does not', (url) => {
    expect(isLoopback(url)).toBe(false);
  });
});
