import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestComparedDays, maxChartPoints } from '../../shared/contract/usage';
import { fitChart } from './chart-shape';
import type { Bucket } from './range';

const countOf =
  (days: number) =>
  (bucket: Bucket): number =>
    Math.ceil(days / { day: 1, week: 7, month: 30 }[bucket]);

describe('fitChart', () => {
  it('leaves what fits as it was asked for', () => {
    const asked = { bucket: 'day', top: 5 } as const;
    expect(fitChart(asked, { items: 3, hasNone: true }, countOf(30))).toEqual({ bucket: 'day', top: 3 });
    expect(fitChart(asked, { items: 50, hasNone: true }, countOf(30))).toEqual({ bucket: 'day', top: 5 });
  });

  it('shows fewer series before it widens the buckets', () => {
    const asked = { bucket: 'day', top: 5 } as const;
    expect(fitChart(asked, { items: 50, hasNone: true }, countOf(90))).toEqual({ bucket: 'day', top: 4 });
    expect(fitChart(asked, { items: 50, hasNone: true }, countOf(365))).toEqual({ bucket: 'week', top: 5 });
  });

  it('shows 600 days of one series by day, and 601 by week', () => {
    const asked = { bucket: 'day', top: 5 } as const;
    const one = { items: 0, hasNone: true };
    expect(fitChart(asked, one, countOf(600))).toEqual({ bucket: 'day', top: 0 });
    expect(fitChart(asked, one, countOf(601))).toEqual({ bucket: 'week', top: 0 });
  });

  it('never takes more points than a chart may have', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Bucket>('day', 'week', 'month'),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 20 }),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 7_320 }),
        (bucket, top, items, hasNone, compared, days) => {
          // Longer ranges are not compared.
          fc.pre(!compared || days <= longestComparedDays);
          const shape = fitChart({ bucket, top }, { items, hasNone, compared }, countOf(days));
          const series = shape.top + (shape.top < items ? 1 : 0) + (hasNone ? 1 : 0) + (compared ? 1 : 0);
          expect(series * countOf(days)(shape.bucket)).toBeLessThanOrEqual(maxChartPoints);
          expect(shape.top).toBeLessThanOrEqual(Math.min(top, items));
        },
      ),
    );
  });
});
