import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameValue } from './fields';
import { mergeFields } from './merge-fields';

const none = new Set<string>();
const value = fc.constantFrom<string | null>('1', '2', '3', null);

describe('mergeFields', () => {
  it('never writes a column that the proxy did not change', () => {
    fc.assert(
      fc.property(value, value, (theirs, ours) => {
        const last = { remote: { budget: theirs }, local: { budget: '9' } };
        const merge = mergeFields({ budget: theirs }, { budget: ours }, last, none);
        expect(merge.changes).toEqual({});
        expect(merge.conflicts).toEqual([]);
      }),
    );
  });

  it('never writes a column that we changed ourselves', () => {
    fc.assert(
      fc.property(value, value, value, (theirs, ours, base) => {
        fc.pre(!sameValue(ours, base));
        const last = { remote: { budget: base }, local: { budget: base } };
        expect(mergeFields({ budget: theirs }, { budget: ours }, last, none).changes).toEqual({});
      }),
    );
  });

  it('agrees with itself: merging again after writing finds nothing to do', () => {
    fc.assert(
      fc.property(
        value,
        value,
        fc.option(value, { nil: undefined }),
        fc.boolean(),
        (theirs, ours, base, decides) => {
          const last = base === undefined ? null : { remote: { budget: base }, local: { budget: base } };
          const decided = decides ? new Set(['budget']) : none;
          const first = mergeFields({ budget: theirs }, { budget: ours }, last, decided);
          const written = { budget: ours, ...first.changes };
          const second = mergeFields({ budget: theirs }, written, first.agreement, decided);
          expect(second.changes).toEqual({});
          expect(second.conflicts).toEqual(first.conflicts);
          expect(second.agreement).toEqual(first.agreement);
        },
      ),
    );
  });

  it('keeps ours where the two were never compared, and says so', () => {
    const merge = mergeFields({ budget: '1', name: 'a' }, { budget: '2', name: 'a' }, null, none);
    expect(merge).toMatchObject({ changes: {}, conflicts: ['budget'], agreement: { local: { name: 'a' } } });
  });

  it('leaves columns alone that we do not keep', () => {
    expect(mergeFields({ spend: '1' }, {}, null, none)).toEqual({
      changes: {},
      conflicts: [],
      agreement: { remote: {}, local: {} },
    });
  });
});
