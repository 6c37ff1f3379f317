import { expect, it } from 'vitest';
import { isAllowedOutside } from './outside-addresses';

it.each([
  'https://docs.litellm.ai/docs/proxy/virtual_keys',
  'https://www.postgresql.org/docs/18/',
  'https://github.com/BerriAI/litellm/security/advisories',
])('opens %s outside', (address) => {
  expect(isAllowedOutside(address)).toBe(true);
});

it.each([
  'http://docs.litellm.ai/',
  'https://docs.litellm.ai.example.com/',
  'https://example.com/#docs.litellm.ai',
  'https://docs.litellm.ai@example.com/',
  'https://user:password@docs.litellm.ai/',
  'https://docs.litellm.ai:444/',
  'javascript:alert(1)//docs.litellm.ai',
  'file:///etc/passwd',
  'ms-msdt:/id',
  'smb://docs.litellm.ai/share',
  '//docs.litellm.ai/',
  '',
])('does not open %j', (address) => {
  expect(isAllowedOutside(address)).toBe(false);
});
