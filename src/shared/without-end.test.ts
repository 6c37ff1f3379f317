import { expect, it } from 'vitest';
import { withoutEnd } from './without-end';

it('takes a sign away from the end only, however often it stands there', () => {
  expect(['100', '0', '', '1', '0010'].map((text) => withoutEnd(text, '0'))).toEqual([
    '1',
    '',
    '',
    '1',
    '001',
  ]);
  expect(withoutEnd(`a${'/'.repeat(1_000_000)}`, '/')).toBe('a');
});
