import { expect, it } from 'vitest';
import { outsideAddresses } from '../../shared/outside-addresses';
import { isAllowedOutside } from './outside-addresses';

it.each(Object.values(outsideAddresses))('opens %s outside', (address) => {
  expect(isAllowedOutside(address)).toBe(true);
  expect(new URL(address).href).toBe(address);
  expect(new URL(address).protocol).toBe('https:');
});

it.each([
  'https://github.com/?q=secret',
  'https://github.com/',
  'https://github.com/BerriAI/litellm?q=secret',
  'https://github.com/BerriAI/litellm#secret',
  'https://github.com/BerriAI/litellm/issues/new?body=secret',
  'https://github.com/BerriAI/litellm/',
  'https://GITHUB.com/BerriAI/litellm',
  ' https://github.com/BerriAI/litellm',
  'https://user:password@github.com/BerriAI/litellm',
  'https://github.com:444/BerriAI/litellm',
  'http://github.com/BerriAI/litellm',
  'https://github.com.example.com/BerriAI/litellm',
  'https://github.com@example.com/BerriAI/litellm',
  'https://docs.litellm.ai/',
  'javascript:alert(1)//github.com',
  'file:///etc/passwd',
  'ms-msdt:/id',
  'smb://github.com/share',
  '//github.com/BerriAI/litellm',
  'toString',
  '',
])('does not open %j', (address) => {
  expect(isAllowedOutside(address)).toBe(false);
});
