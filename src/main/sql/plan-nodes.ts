import type { Contract, ResultOf } from '../../shared/contract/index';
import { ExactNumber, parseExactJson } from '../kernel/exact-json';

export type PlanNode = ResultOf<Contract['sql']['plan']>['nodes'][number];

const mostNodes = 2_000;
/** Of one step's details, in characters: conditions may hold texts of any length. */
const mostDetail = 20_000;

type Fields = Readonly<Record<string, unknown>>;

/** Said by the name of a step, by its figures, or by its children. */
const saidElsewhere: ReadonlySet<string> = new Set([
  ...['Node Type', 'Parent Relationship', 'Parallel Aware', 'Async Capable', 'Join Type', 'Strategy'],
  ...['Partial Mode', 'Operation', 'Command', 'Scan Direction', 'Index Name', 'Schema', 'Relation Name'],
  ...[
    'Alias',
    'CTE Name',
    'Function Name',
    'Table Function Name',
    'Tuplestore Name',
    'Subplan Name',
    'Plans',
  ],
  ...['Startup Cost', 'Total Cost', 'Plan Rows', 'Plan Width', 'Actual Startup Time', 'Actual Total Time'],
  ...['Actual Rows', 'Actual Loops', 'Workers', 'Disabled', 'Custom Plan Provider'],
]);

interface FoundNode extends Omit<PlanNode, 'share'> {
  /** What its children took of its time or cost. */
  below: number;
}

/**
 * The nodes of a plan as `EXPLAIN (FORMAT JSON)` prints it, parents before children. Times and rows are of all loops of
 * a node together; what a node's own share is, its children's time (or cost) taken off.
 * None of a plan that is nested deeper than can be read.
 * @throws SyntaxError when the text is no JSON.
 */
export function planNodes(json: string): PlanNode[] {
  const [whole] = asList(parsed(json));
  const nodes: FoundNode[] = [];
  const waiting: { plan: Fields; depth: number; parent: FoundNode | undefined }[] = [];
  const add = (plan: unknown, depth: number, parent: FoundNode | undefined): void => {
    if (isFields(plan)) waiting.push({ plan, depth, parent });
  };
  add(fieldsOf(whole)['Plan'], 0, undefined);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { plan, depth, parent } = next;
    const node = planNode(plan, depth);
    if (parent !== undefined) parent.below += weight(node);
    nodes.push(node);
    // A stack: the first child is looked at next.
    for (const child of asList(plan['Plans']).slice().reverse()) add(child, depth + 1, node);
  }
  const [root] = nodes;
  const all = root ? weight(root) : 0;
  return nodes.slice(0, mostNodes).map(({ below, ...node }) => ({
    ...node,
    share: all === 0 ? 0 : Math.min(1, Math.max(0, (weight(node) - below) / all)),
  }));
}

function parsed(json: string): unknown {
  try {
    return parseExactJson(json);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function planNode(plan: Fields, depth: number): FoundNode {
  const loops = numberOf(plan['Actual Loops']);
  const ran = loops !== null && loops > 0;
  const rows = numberOf(plan['Actual Rows']);
  const time = numberOf(plan['Actual Total Time']);
  const detail = detailOf(plan);
  return {
    depth,
    name: nameOf(plan),
    detail: detail === '' ? null : detail,
    totalCost: numberOf(plan['Total Cost']) ?? 0,
    planRows: numberOf(plan['Plan Rows']) ?? 0,
    actualRows: ran && rows !== null ? Math.round(rows * loops) : null,
    actualMs: ran && time !== null ? time * loops : null,
    below: 0,
  };
}

/** `Parallel Index Scan using i on t alias`, as EXPLAIN's text has it. */
function nameOf(plan: Fields): string {
  const text = (key: string): string => (typeof plan[key] === 'string' ? plan[key] : '');
  const above = text('Subplan Name');
  const index = text('Index Name');
  const target =
    text('Relation Name') || text('CTE Name') || text('Function Name') || text('Table Function Name');
  const alias = text('Alias');
  const on = [target, alias === target ? '' : alias].filter((part) => part !== '').join(' ');
  const isBitmapIndex = text('Node Type') === 'Bitmap Index Scan';
  return [
    above === '' ? '' : `${above}:`,
    text('Partial Mode') === '' || text('Partial Mode') === 'Simple' ? '' : text('Partial Mode'),
    plan['Parallel Aware'] === true ? 'Parallel' : '',
    typeOf(text),
    index === '' || isBitmapIndex ? '' : `using ${index}`,
    isBitmapIndex ? `on ${index}` : on === '' ? '' : `on ${on}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function typeOf(text: (key: string) => string): string {
  const type = text('Node Type');
  const strategy = text('Strategy');
  const backward = text('Scan Direction') === 'Backward' ? ' Backward' : '';
  switch (type) {
    case 'Aggregate':
      return { Sorted: 'GroupAggregate', Hashed: 'HashAggregate', Mixed: 'MixedAggregate' }[strategy] ?? type;
    case 'SetOp':
      return `${strategy === 'Hashed' ? 'HashSetOp' : type} ${text('Command')}`.trim();
    case 'ModifyTable':
      return text('Operation') || type;
    default: {
      const join = text('Join Type');
      if (join === '' || join === 'Inner') return `${type}${backward}`;
      return type.endsWith(' Join') ? `${type.slice(0, -4)}${join} Join` : `${type} ${join} Join`;
    }
  }
}

function detailOf(plan: Fields): string {
  const lines = Object.entries(plan).flatMap(([key, value]) => {
    if (saidElsewhere.has(key)) return [];
    const said = saidOf(value);
    // Counters of what did not happen.
    return said === '' || said === 'false' || Number(said) === 0 ? [] : [`${key}: ${said}`];
  });
  const detail = lines.join('\n');
  return detail.length > mostDetail ? `${detail.slice(0, mostDetail)}…` : detail;
}

function saidOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof ExactNumber) return value.text;
  return asList(value).map(saidOf).filter(Boolean).join(', ');
}

function weight({ actualMs, totalCost }: Pick<PlanNode, 'actualMs' | 'totalCost'>): number {
  return actualMs ?? totalCost;
}

function numberOf(value: unknown): number | null {
  if (value instanceof ExactNumber) return Number(value.text);
  return typeof value === 'number' ? value : null;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
