import { describe, expect, it } from 'vitest';
import { planNodes } from './plan-nodes';

describe('planNodes', () => {
  it('reads nodes with their depth, details and own share of the time', () => {
    const text = [
      'Nested Loop  (cost=10.00..100.00 rows=20 width=8) (actual time=0.100..10.000 rows=15.00 loops=1)',
      '  Buffers: shared hit=7',
      '  ->  Seq Scan on users u  (cost=0.00..40.00 rows=5 width=4) (actual time=0.010..2.000 rows=5 loops=1)',
      "        Filter: (name = 'x'::text)",
      '        Rows Removed by Filter: 3',
      '  ->  Index Scan using k on keys  (cost=0.00..3.00 rows=4 width=4) (actual time=0.010..1.200 rows=3.00 loops=5)',
      'Planning Time: 0.5 ms',
      '  Buffers: shared hit=1',
    ].join('\n');
    expect(planNodes(text)).toEqual([
      {
        depth: 0,
        name: 'Nested Loop',
        detail: 'Buffers: shared hit=7',
        totalCost: 100,
        planRows: 20,
        actualRows: 15,
        actualMs: 10,
        share: expect.closeTo(0.2) as number,
      },
      {
        depth: 1,
        name: 'Seq Scan on users u',
        detail: "Filter: (name = 'x'::text)\nRows Removed by Filter: 3",
        totalCost: 40,
        planRows: 5,
        actualRows: 5,
        actualMs: 2,
        share: expect.closeTo(0.2) as number,
      },
      {
        depth: 1,
        name: 'Index Scan using k on keys',
        detail: null,
        totalCost: 3,
        planRows: 4,
        actualRows: 15,
        actualMs: 6,
        share: expect.closeTo(0.6) as number,
      },
    ]);
  });

  it('names what runs apart, and what never ran', () => {
    const text = [
      'Result  (cost=2.00..3.00 rows=1 width=4)',
      '  InitPlan 1 (returns $0)',
      '    ->  Limit  (cost=0.00..2.00 rows=1 width=4) (never executed)',
    ].join('\n');
    expect(planNodes(text)).toMatchObject([
      { depth: 0, name: 'Result', actualMs: null },
      { depth: 1, name: 'InitPlan 1 (returns $0): Limit', actualRows: null, actualMs: null },
    ]);
  });

  it('answers nothing for what is no plan', () => expect(planNodes('')).toEqual([]));
});
