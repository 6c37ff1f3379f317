import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterOperators, type RowFilter } from '../../../shared/contract/browse';
import { needsValue, readRowsUrl, relationPath, writeRowsUrl } from './rows-url';

const column = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
const filter: fc.Arbitrary<RowFilter> = fc
  .tuple(column, fc.constantFrom(...filterOperators), fc.string({ unit: 'grapheme' }))
  .map(([name, operator, value]) =>
    needsValue(operator) ? { column: name, operator, value } : { column: name, operator },
  );

describe('the address of rows', () => {
  it('gives back what was written, whatever the names and values hold', () => {
    fc.assert(
      fc.property(
        fc.array(filter, { maxLength: 10 }),
        column,
        fc.constantFrom('asc' as const, 'desc' as const),
        fc.constantFrom(25, 50, 100),
        (filters, sortColumn, direction, pageSize) => {
          const written = { filters, sort: { column: sortColumn, direction }, pageSize };
          const text = writeRowsUrl(new URLSearchParams('tab=rows'), written).toString();
          expect(readRowsUrl(new URLSearchParams(text))).toEqual(written);
          expect(new URLSearchParams(text).get('tab')).toBe('rows');
        },
      ),
    );
  });

  it('leaves out what an edited address holds wrongly', () => {
    const params = new URLSearchParams('sort=up:name&size=7');
    for (const text of ['', '[', '{}', '["a"]', '["a","is","b"]', '["","equals","b"]', '["a","equals"]'])
      params.append('filter', text);
    expect(readRowsUrl(params)).toEqual({ filters: [], sort: null, pageSize: 50 });
  });

  it('reads ten filters at most', () => {
    const filters = Array.from({ length: 12 }, () => ({ column: 'a', operator: 'isNull' as const }));
    expect(readRowsUrl(writeRowsUrl(new URLSearchParams(), { filters })).filters).toHaveLength(10);
  });

  it('names a relation whatever its name is', () => {
    expect(relationPath({ schema: 'public', relation: 'a/b %?#' })).toBe(
      '/database/browse/public/a%2Fb%20%25%3F%23',
    );
    expect(
      relationPath({ schema: 's', relation: 't' }, [{ column: 'id', operator: 'equals', value: '7' }]),
    ).toBe('/database/browse/s/t?filter=%5B%22id%22%2C%22equals%22%2C%227%22%5D');
  });
});
