import type { Node, SelectStmt } from 'libpg-query';
import { type Taint, worst } from '../catalogue';
import { type KnownNames, relationName } from '../known-names';
import { namesOf, nodeOf } from '../parser/tree';
import { columnName } from './column-name';
import { taintOf } from './expressions';
import { fromItem } from './from-items';
import { type Columns, findName, findSource, type OutputColumn, renamed, type Scope } from './scope';

/** What following a statement finds besides its columns. */
export interface Following {
  readonly known: KnownNames;
  /** The columns of views, by their number; a view within itself is not followed. */
  readonly views: Map<number, Columns | 'following'>;
  /** Whether any relation in reach holds secrets: then what is unknown may be one. */
  readonly reachesSecrets: boolean;
  /** Whether anything was read, in whatever place, that may hold a secret. */
  readsSecrets: boolean;
  /** Queries looked at so far. */
  queries: number;
}

const mostQueries = 20_000;

/** The columns that a query answers, each with how much of it may be shown. */
export function outputsOf(select: SelectStmt, outer: Scope | null, following: Following): Columns {
  following.queries += 1;
  // Recursion within recursion is followed again and again.
  if (following.queries > mostQueries) throw new RangeError('The statement has too many queries to follow.');
  const tables = withTables(select, outer, following);
  const base: Scope = {
    sources: [],
    parent: outer,
    tables,
    within: outer?.within ?? 'statement',
  };
  if (select.larg !== undefined && select.rarg !== undefined) {
    const left = outputsOf(select.larg, { ...base }, following);
    const right = outputsOf(select.rarg, { ...base }, following);
    return united(left, right);
  }
  if (select.valuesLists !== undefined) return valuesColumns(select.valuesLists, base, following);
  const stars: OutputColumn[] = [];
  let isKnown = true;
  for (const item of select.fromClause ?? []) {
    const { sources, star } = fromItem(item, base, following);
    base.sources.push(...sources);
    if (star === null) isKnown = false;
    else stars.push(...star);
  }
  const columns = targetColumns(select.targetList ?? [], base, isKnown ? stars : null, following);
  readOthers(select, base, following);
  return columns;
}

/** Looks at what is read and not answered: errors may quote it. */
function readOthers(select: SelectStmt, scope: Scope, following: Following): void {
  const { whereClause, havingClause, limitCount, limitOffset, targetList = [] } = select;
  for (const read of [whereClause, havingClause, limitCount, limitOffset]) taintOf(read, scope, following);
  const outputs = new Set(targetList.map((target) => nodeOf(target)?.fields['name']));
  const sorted = (select.sortClause ?? []).map((item) => nodeOf(item)?.fields['node'] as Node | undefined);
  for (const read of [...(select.groupClause ?? []), ...sorted]) {
    const reference = nodeOf(read);
    const names = reference?.kind === 'ColumnRef' ? namesOf(reference.fields['fields'] as unknown[]) : [];
    if (names.length !== 1 || !outputs.has(names[0])) taintOf(read, scope, following);
  }
}

function targetColumns(
  targets: readonly Node[],
  scope: Scope,
  stars: Columns,
  following: Following,
): Columns {
  const columns: OutputColumn[] = [];
  let isKnown = true;
  for (const target of targets) {
    const { name, val } = (nodeOf(target)?.fields ?? {}) as { readonly name?: string; readonly val?: Node };
    const expanded = val === undefined ? undefined : expandedStar(val, scope, stars);
    if (expanded === null) isKnown = false;
    else if (expanded !== undefined) columns.push(...expanded);
    else columns.push(outputColumn(name ?? columnName(val), val, scope, following));
  }
  if (columns.some(({ taint }) => taint !== 'clean')) following.readsSecrets = true;
  return isKnown ? columns : null;
}

function outputColumn(
  name: string,
  expression: Node | undefined,
  scope: Scope,
  following: Following,
): OutputColumn {
  if (expression === undefined) return { name, taint: 'secret' };
  const reference = nodeOf(expression);
  if (reference?.kind === 'ColumnRef') {
    const found = findName(scope, namesOf(reference.fields['fields'] as unknown[]));
    if (found?.kind === 'column') return { ...found.column, name };
  }
  return { name, taint: taintOf(expression, scope, following) };
}

/** The columns of `*`, `t.*` and `(t).*`; undefined for what is no star, null where it is not known. */
function expandedStar(expression: Node, scope: Scope, stars: Columns): Columns | undefined {
  const node = nodeOf(expression);
  const isIndirection = node?.kind === 'A_Indirection';
  const parts = (node?.fields[isIndirection ? 'indirection' : 'fields'] ?? []) as readonly unknown[];
  if (node === null || (node.kind !== 'ColumnRef' && !isIndirection)) return undefined;
  if (nodeOf(parts.at(-1))?.kind !== 'A_Star') return undefined;
  const reference = isIndirection ? nodeOf(node.fields['arg']) : node;
  if (isIndirection && (parts.length > 1 || reference?.kind !== 'ColumnRef')) return null;
  const names = namesOf(reference?.fields['fields'] as unknown[]);
  if (names.length === 0) return stars;
  if (!isIndirection) return findSource(scope, names.at(-2) ?? null, names.at(-1) ?? '')?.columns ?? null;
  const found = findName(scope, names);
  if (found === null) return null;
  if (found.kind === 'row') return found.source.columns;
  return found.column.fields === undefined || found.column.fields.length === 0 ? null : found.column.fields;
}

function united(left: Columns, right: Columns): Columns {
  if (left === null || right?.length !== left.length) return null;
  return left.map(({ name, taint }, index) => ({
    name,
    taint: worst([taint, right[index]?.taint ?? 'secret']),
  }));
}

function valuesColumns(lists: readonly Node[], scope: Scope, following: Following): Columns {
  const taints: Taint[] = [];
  for (const list of lists) {
    const items = (nodeOf(list)?.fields['items'] ?? []) as readonly Node[];
    for (const [index, item] of items.entries()) {
      taints[index] = worst([taints[index] ?? 'clean', taintOf(item, scope, following)]);
    }
  }
  return taints.map((taint, index) => ({ name: `column${String(index + 1)}`, taint }));
}

/** The tables that WITH gives a query, beside those of the queries around it. */
function withTables(
  { withClause }: SelectStmt,
  outer: Scope | null,
  following: Following,
): ReadonlyMap<string, Columns> {
  const tables = new Map(outer?.tables);
  const isRecursive = withClause?.recursive === true;
  // A later one may be named by an earlier one, which stays masked.
  if (isRecursive) for (const cte of withClause.ctes ?? []) tables.set(cteName(cte), null);
  for (const cte of withClause?.ctes ?? []) {
    const scope = (): Scope => ({
      sources: [],
      parent: outer,
      tables: new Map(tables),
      within: outer?.within ?? 'statement',
    });
    const query = nodeOf((nodeOf(cte)?.fields ?? {})['ctequery']);
    if (query?.kind !== 'SelectStmt') {
      tables.set(cteName(cte), null);
      continue;
    }
    const select: SelectStmt = query.fields;
    if (!isRecursive || select.larg === undefined) {
      tables.set(cteName(cte), cteColumns(cte, outputsOf(select, scope(), following)));
      continue;
    }
    // What it begins with first; then until going on adds nothing: a taint only grows.
    tables.set(cteName(cte), cteColumns(cte, outputsOf(select.larg, scope(), following)));
    for (let round = 0; round < 4; round += 1) {
      tables.set(cteName(cte), cteColumns(cte, outputsOf(select, scope(), following)));
    }
    tables.set(
      cteName(cte),
      settled(tables.get(cteName(cte)), cteColumns(cte, outputsOf(select, scope(), following))),
    );
  }
  return tables;
}

/** Columns that no longer change; others are not known. */
function settled(before: Columns | undefined, after: Columns): Columns {
  return JSON.stringify(before) === JSON.stringify(after) ? after : null;
}

function cteName(cte: Node): string {
  const { ctename } = (nodeOf(cte)?.fields ?? {}) as { readonly ctename?: string };
  return ctename ?? '';
}

function cteColumns(cte: Node, columns: Columns): Columns {
  const { aliascolnames, search_clause, cycle_clause } = (nodeOf(cte)?.fields ?? {}) as {
    readonly aliascolnames?: readonly unknown[];
    readonly search_clause?: { readonly search_seq_column?: string };
    readonly cycle_clause?: { readonly cycle_mark_column?: string; readonly cycle_path_column?: string };
  };
  const own = renamed(columns, namesOf(aliascolnames));
  if (own === null) return null;
  // What SEARCH and CYCLE add holds rows of the columns.
  const taint = worst(own.map((column) => column.taint));
  const added = [
    search_clause?.search_seq_column,
    cycle_clause?.cycle_mark_column,
    cycle_clause?.cycle_path_column,
  ].flatMap((name) => (name === undefined ? [] : [{ name, taint }]));
  return [...own, ...added];
}

/** The columns of a relation that is named in a FROM clause: a WITH table, a table, or a view with what it reads. */
export function relationColumns(
  fields: Readonly<Record<string, unknown>>,
  scope: Scope,
  following: Following,
): { readonly columns: Columns; readonly isTable: boolean } {
  const name = relationName(fields);
  if (name.schema === null && scope.tables.has(name.name))
    return { columns: scope.tables.get(name.name) ?? null, isTable: false };
  const relation = following.known.relation(name, scope.within);
  if (relation === undefined) return { columns: null, isTable: true };
  const own = relation.columns.map(({ name: column, taint, attnum, fields: inner }) => ({
    ...{ name: column, taint, fields: inner, origin: { relation: relation.oid, attnum } },
  }));
  if (relation.definition === null) return { columns: own, isTable: true };
  const defined = viewColumns(relation, following);
  const columns = own.map((column, index) => ({
    ...column,
    taint:
      defined?.length === own.length ? worst([column.taint, defined[index]?.taint ?? 'secret']) : 'secret',
  }));
  return { columns, isTable: true };
}

function viewColumns(relation: Parameters<KnownNames['definitionOf']>[0], following: Following): Columns {
  const known = following.views.get(relation.oid);
  if (known !== undefined) return known === 'following' ? null : known;
  following.views.set(relation.oid, 'following');
  const select = following.known.definitionOf(relation);
  const scope: Scope = { sources: [], parent: null, tables: new Map(), within: 'view' };
  const columns = select === undefined ? null : outputsOf(select, scope, following);
  following.views.set(relation.oid, columns);
  return columns;
}
