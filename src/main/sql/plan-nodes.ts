import type { Contract, ResultOf } from '../../shared/contract/index';

export type PlanNode = ResultOf<Contract['sql']['plan']>['nodes'][number];

const mostNodes = 2_000;

/** `->  Seq Scan on users  (cost=0.00..1.05 rows=5 width=32) (actual time=0.010..0.020 rows=5 loops=1)`. */
const nodeLine =
  /^(?<indent> *)(?:->\s+)?(?<name>\S.*?)\s+\(cost=[\d.]+\.\.(?<cost>[\d.]+) rows=(?<rows>\d+) width=\d+\)(?: \((?:actual(?: time=[\d.]+\.\.(?<time>[\d.]+))? rows=(?<actualRows>[\d.]+) loops=(?<loops>\d+)|never executed)\))?$/;
/** What stands above a plan that its parent runs apart. */
const label = /^ *(?:InitPlan|SubPlan|CTE) .*$/;

interface FoundNode {
  readonly indent: number;
  readonly depth: number;
  readonly name: string;
  readonly detail: string[];
  readonly totalCost: number;
  readonly planRows: number;
  readonly actualRows: number | null;
  readonly actualMs: number | null;
  /** What its children took of its time or cost. */
  below: number;
}

/**
 * The nodes of a plan as `EXPLAIN` prints it, parents before children. Read from the text, so that an analysed
 * statement runs once for both. Times and rows are of all loops of a node together; what a node's own share is, its
 * children's time (or cost) taken off.
 */
export function planNodes(text: string): PlanNode[] {
  const nodes: FoundNode[] = [];
  const parents: FoundNode[] = [];
  let above = '';
  for (const line of text.split('\n')) {
    const match = nodeLine.exec(line);
    const last = nodes.at(-1);
    if (match?.groups && (last === undefined || line.startsWith(' '))) {
      const { indent = '', name = '', cost, rows, time, actualRows, loops = '1' } = match.groups;
      while ((parents.at(-1)?.indent ?? -1) >= indent.length) parents.pop();
      const node: FoundNode = {
        indent: indent.length,
        depth: parents.length,
        name: above === '' ? name : `${above}: ${name}`,
        detail: [],
        totalCost: Number(cost),
        planRows: Number(rows),
        actualRows: actualRows === undefined ? null : Math.round(Number(actualRows) * Number(loops)),
        actualMs: time === undefined ? null : Number(time) * Number(loops),
        below: 0,
      };
      const parent = parents.at(-1);
      if (parent) parent.below += weight(node);
      parents.push(node);
      nodes.push(node);
      above = '';
    } else if (last !== undefined && !line.startsWith(' ')) {
      // `Planning:` and what follows is about the whole.
      break;
    } else if (label.test(line)) {
      above = line.trim();
    } else {
      last?.detail.push(line.trim());
    }
  }
  const [root] = nodes;
  const whole = root ? weight(root) : 0;
  return nodes.slice(0, mostNodes).map(({ indent: _indent, below: _below, detail, ...node }, index) => ({
    ...node,
    detail: detail.length === 0 ? null : detail.join('\n'),
    share: share(nodes[index], whole),
  }));
}

function weight({ actualMs, totalCost }: FoundNode): number {
  return actualMs ?? totalCost;
}

function share(node: FoundNode | undefined, whole: number): number {
  if (node === undefined || whole === 0) return 0;
  return Math.min(1, Math.max(0, (weight(node) - node.below) / whole));
}
