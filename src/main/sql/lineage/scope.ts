import { type Taint, worst } from '../catalogue';

/** A column that a query or a relation gives. */
export interface OutputColumn {
  readonly name: string;
  readonly taint: Taint;
  /** Where it comes from, unchanged: a column of a relation as the server numbers it. */
  readonly origin?: { readonly relation: number; readonly attnum: number };
  /** The columns of its values, where they are rows of a named type. */
  readonly fields?: readonly { readonly name: string; readonly taint: Taint }[];
}

/** Columns in their order; null where it can't be told which there are. */
export type Columns = readonly OutputColumn[] | null;

/** What a name before a dot may mean. */
export interface Source {
  readonly name: string | null;
  readonly schema: string | null;
  readonly columns: Columns;
  /** A table, not what a function or a subquery gives. */
  readonly isRelation: boolean;
}

export interface Scope {
  /** What a column's name alone is looked for in, and before a dot; of joins by USING the merged columns too. */
  sources: Source[];
  readonly parent: Scope | null;
  readonly tables: ReadonlyMap<string, Columns>;
  readonly within: 'statement' | 'view';
}

/** What a name stands for; null where nothing is known of it. */
export type Found =
  | { readonly kind: 'column'; readonly column: OutputColumn }
  | { readonly kind: 'row'; readonly source: Source };

const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

/** Finds what a column reference of one to four names means, as PostgreSQL does: the nearest query that has it. */
export function findName(scope: Scope, names: readonly string[]): Found | null {
  const [first = ''] = names;
  if (names.length === 1) {
    const column = findColumn(scope, first);
    if (column === 'unknown') return null;
    if (column !== null) return { kind: 'column', column };
    const source = findSource(scope, null, first);
    return source === null ? null : { kind: 'row', source };
  }
  const source = findSource(scope, names.at(-3) ?? null, names.at(-2) ?? '');
  if (source === null) return null;
  const column = columnOf(source, names.at(-1) ?? '');
  return column === null || column === 'unknown' ? null : { kind: 'column', column };
}

function findColumn(scope: Scope, name: string): OutputColumn | null | 'unknown' {
  for (let level: Scope | null = scope; level !== null; level = level.parent) {
    const found = level.sources.flatMap((source) => columnOf(source, name) ?? []);
    if (found.includes('unknown')) return 'unknown';
    const columns = found.filter((column) => column !== 'unknown');
    const [only, ...others] = columns;
    // Several are merged ones and what they were merged from, or the server refuses the name.
    if (only !== undefined) return others.length === 0 ? only : merged(name, columns);
  }
  return null;
}

function columnOf({ columns, isRelation }: Source, name: string): OutputColumn | null | 'unknown' {
  if (columns === null) return 'unknown';
  const found = columns.filter((column) => column.name === name);
  const [only, ...others] = found;
  if (only !== undefined) return others.length === 0 ? only : merged(name, found);
  return isRelation && systemColumns.has(name) ? { name, taint: 'clean' } : null;
}

/** A source by its name; also by the schema of a table that has no alias. */
export function findSource(scope: Scope, schema: string | null, name: string): Source | null {
  for (let level: Scope | null = scope; level !== null; level = level.parent) {
    const found = level.sources.filter(
      (source) => source.name === name && (schema === null || source.schema === schema),
    );
    const [only] = found;
    if (only !== undefined) return found.length === 1 ? only : { ...only, columns: null };
  }
  return null;
}

/** How much of a whole row may be shown. */
export function rowTaint({ columns }: Source): Taint {
  return columns === null ? 'secret' : worst(columns.map(({ taint }) => taint));
}

export function merged(name: string, columns: readonly OutputColumn[]): OutputColumn {
  return { name, taint: worst(columns.map(({ taint }) => taint)) };
}

/** Columns under the names of an alias (`t AS q (a, b)`); those beyond keep theirs. */
export function renamed(columns: Columns, names: readonly string[]): Columns {
  if (columns === null || names.length > columns.length) return names.length === 0 ? columns : null;
  return columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
}
