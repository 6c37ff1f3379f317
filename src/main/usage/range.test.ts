import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, bucketsOf, dayCount, previousRange, splitRange, type UsageRange } from './range';

const dayMs = 86_400_000;
const dayOf = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10);
const anyRange = fc
  .tuple(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 1_500 }))
  .map(([first, length]): UsageRange => ({ from: dayOf(first), to: dayOf(first + length) }));

function daysOf({ from, to }: UsageRange): string[] {
  const days = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) days.push(dayOf(at / dayMs));
  return days;
}

describe('a range of days', () => {
  it('is preceded by one of equal length', () => {
    expect(previousRange({ from: '2026-03-01', to: '2026-03-31' })).toEqual({
      from: '2026-01-29',
      to: '2026-02-28',
    });
    fc.assert(
      fc.property(anyRange, (range) => {
        const previous = previousRange(range);
        expect(dayCount(previous)).toBe(dayCount(range));
        expect(Date.parse(range.from) - Date.parse(previous.to)).toBe(dayMs);
      }),
    );
  });

  it('splits into whole months and the days around them', () => {
    expect(splitRange({ from: '2026-01-15', to: '2026-04-10' })).toEqual({
      months: { from: '2026-02-01', to: '2026-03-01' },
      days: [
        { from: '2026-01-15', to: '2026-01-31' },
        { from: '2026-04-01', to: '2026-04-10' },
      ],
    });
    expect(splitRange({ from: '2026-02-01', to: '2026-02-28' })).toEqual({
      months: { from: '2026-02-01', to: '2026-02-01' },
      days: [],
    });
    expect(splitRange({ from: '2024-02-01', to: '2024-02-28' })).toEqual({
      months: null,
      days: [{ from: '2024-02-01', to: '2024-02-28' }],
    });
    expect(splitRange({ from: '2026-01-31', to: '2026-02-01' }).months).toBeNull();
  });

  it('loses and doubles no day by being split', () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        const { months, days } = splitRange(range);
        const all = days.flatMap(daysOf);
        if (months) {
          for (const month of bucketsOf(months, 'month')) {
            const next = new Date(`${month}T00:00:00Z`);
            next.setUTCMonth(next.getUTCMonth() + 1);
            all.push(...daysOf({ from: month, to: dayOf(next.getTime() / dayMs - 1) }));
          }
        }
        expect(all.toSorted()).toEqual(daysOf(range));
      }),
      { numRuns: 50 },
    );
  });

  it.each(['day', 'week', 'month'] as Bucket[])('is covered by %s buckets without gaps', (bucket) => {
    fc.assert(
      fc.property(anyRange, (range) => {
        const buckets = bucketsOf(range, bucket);
        expect((buckets[0] ?? '') <= range.from).toBe(true);
        expect((buckets.at(-1) ?? '') <= range.to).toBe(true);
        buckets.slice(1).forEach((start, index) => {
          const days = (Date.parse(start) - Date.parse(buckets[index] ?? '')) / dayMs;
          expect(days).toBeGreaterThanOrEqual({ day: 1, week: 7, month: 28 }[bucket]);
          expect(days).toBeLessThanOrEqual({ day: 1, week: 7, month: 31 }[bucket]);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('begins weeks on Monday', () => {
    expect(bucketsOf({ from: '2026-11-22', to: '2026-11-30' }, 'week')).toEqual([
      '2026-11-16',
      '2026-11-23',
      '2026-11-30',
    ]);
    expect(bucketsOf({ from: '1969-12-31', to: '1970-01-05' }, 'week')).toEqual(['1969-12-29', '1970-01-05']);
  });
});
