import { describe, expect, it } from 'vitest';
import { planNodes } from './plan-nodes';

const plan = (root: unknown): string => JSON.stringify([{ Plan: root, 'Planning Time': 0.5 }]);

describe('planNodes', () => {
  it('reads nodes with their depth, details and own share of the time', () => {
    const text = plan({
      ...{ 'Node Type': 'Nested Loop', 'Join Type': 'Left', 'Total Cost': 100, 'Plan Rows': 20 },
      ...{ 'Actual Total Time': 10, 'Actual Rows': 15, 'Actual Loops': 1, 'Shared Hit Blocks': 7 },
      'Shared Read Blocks': 0,
      Plans: [
        {
          ...{
            'Node Type': 'Seq Scan',
            'Relation Name': 'users',
            Alias: 'u',
            'Total Cost': 40,
            'Plan Rows': 5,
          },
          ...{ 'Actual Total Time': 2, 'Actual Rows': 5, 'Actual Loops': 1, 'Parallel Aware': true },
          ...{ Filter: "(name = 'x'::text)", 'Rows Removed by Filter': 3 },
        },
        {
          ...{ 'Node Type': 'Index Scan', 'Index Name': 'k', 'Relation Name': 'keys', Alias: 'keys' },
          ...{ 'Scan Direction': 'Backward', 'Total Cost': 3, 'Plan Rows': 4, 'Actual Total Time': 1.2 },
          ...{ 'Actual Rows': 3, 'Actual Loops': 5 },
        },
      ],
    });
    const share = (of: number): number => expect.closeTo(of) as number;
    expect(planNodes(text)).toEqual([
      {
        ...{ depth: 0, name: 'Nested Loop Left Join', detail: 'Shared Hit Blocks: 7', totalCost: 100 },
        ...{ planRows: 20, actualRows: 15, actualMs: 10, share: share(0.2) },
      },
      {
        ...{ depth: 1, name: 'Parallel Seq Scan on users u', totalCost: 40, planRows: 5, actualRows: 5 },
        ...{
          detail: "Filter: (name = 'x'::text)\nRows Removed by Filter: 3",
          actualMs: 2,
          share: share(0.2),
        },
      },
      {
        ...{ depth: 1, name: 'Index Scan Backward using k on keys', detail: null, totalCost: 3, planRows: 4 },
        ...{ actualRows: 15, actualMs: 6, share: share(0.6) },
      },
    ]);
  });

  it('names what runs apart, and what never ran', () => {
    const text = plan({
      ...{ 'Node Type': 'Result', 'Total Cost': 3, 'Plan Rows': 1 },
      Plans: [
        {
          'Node Type': 'Limit',
          'Subplan Name': 'InitPlan 1',
          'Actual Loops': 0,
          'Actual Rows': 0,
          'Actual Total Time': 0,
        },
      ],
    });
    expect(planNodes(text)).toMatchObject([
      { depth: 0, name: 'Result', actualMs: null },
      { depth: 1, name: 'InitPlan 1: Limit', actualRows: null, actualMs: null },
    ]);
  });

  it('answers nothing for what is no plan, and refuses what is no JSON', () => {
    expect(planNodes('[{"Utility Statement": 1}]')).toEqual([]);
    expect(planNodes('{}')).toEqual([]);
    expect(() => planNodes('Seq Scan')).toThrow(SyntaxError);
  });

  it('reads plans that are deep, wide and long', () => {
    const nested = (depth: number): string =>
      `[{"Plan": ${'{"Node Type": "Append", "Total Cost": 1, "Plans": ['.repeat(depth)}{}${']}'.repeat(depth)}}]`;
    expect(planNodes(nested(500)).at(-1)?.depth).toBe(500);
    expect(planNodes(nested(100_000))).toEqual([]);
    const many = Array.from({ length: 3_000 }, () => ({ 'Node Type': 'Result' }));
    expect(planNodes(plan({ 'Node Type': 'Append', Plans: many }))).toHaveLength(2_000);
    const [wide] = planNodes(plan({ 'Node Type': 'Result', Filter: `x${' '.repeat(1_000_000)}` }));
    expect(wide?.detail?.length).toBeLessThan(20_010);
  });
});
