import { describe, expect, it } from 'vitest';
import { valueWidths } from './value-widths';

const column = (name: string, type = 'text') => ({ name, type, numeric: false });

describe('valueWidths', () => {
  it('grows with the values up to a limit', () => {
    const [narrow, middle, wide] = valueWidths(
      [column('a'), column('b'), column('c')],
      [[{ text: '1' }, { text: 'x'.repeat(24) }, { text: 'x'.repeat(500) }]],
    );
    expect(narrow).toBeLessThan(middle ?? 0);
    expect(middle).toBeLessThan(wide ?? 0);
    expect(wide).toBe(340);
  });

  it('leaves room for the name where there are no rows', () => {
    const [short, long] = valueWidths([column('id', 'uuid'), column('lite_llm_key_value')], []);
    expect(short).toBeGreaterThanOrEqual(76);
    expect(long).toBeGreaterThan(150);
  });

  it('leaves room for the size of a cut value', () => {
    const [plain] = valueWidths([column('a')], [[{ text: 'x'.repeat(20) }]]);
    const [cut] = valueWidths([column('a')], [[{ text: 'x'.repeat(20), bytes: 4_000_000 }]]);
    expect(cut).toBeGreaterThan(plain ?? 0);
  });
});
