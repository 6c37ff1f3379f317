import { describe, expect, it } from 'vitest';
import { inOrder, toColumnLayout } from './stored-columns';

const columns = ['a', 'b', 'c', 'd'].map((field) => ({ field }));
const fields = (order: readonly string[]): string =>
  inOrder(columns, order)
    .map(({ field }) => field)
    .join('');

describe('inOrder', () => {
  it('leaves columns as the list has them where nothing was chosen', () => {
    expect(fields([])).toBe('abcd');
  });

  it('takes the chosen order, and leaves out what is no column any more', () => {
    expect(fields(['d', 'c', 'b', 'a'])).toBe('dcba');
    expect(fields(['d', 'gone', 'b', 'a', 'c'])).toBe('dbac');
  });

  it('puts a column that the choice does not know where the list has it', () => {
    expect(fields(['c', 'b', 'd'])).toBe('acbd');
    expect(fields(['d'])).toBe('abcd');
  });
});

describe('toColumnLayout', () => {
  it('reads the hidden columns of an earlier version', () => {
    expect(toColumnLayout(['a', 1])).toEqual({ hidden: ['a'], order: [], widths: {} });
  });

  it('takes only what makes sense', () => {
    expect(toColumnLayout({ hidden: 'a', order: ['b', null], widths: { a: 120, b: '9', c: -1 } })).toEqual({
      hidden: [],
      order: ['b'],
      widths: { a: 120 },
    });
    expect(toColumnLayout(null)).toBeNull();
    expect(toColumnLayout('x')).toBeNull();
  });
});
