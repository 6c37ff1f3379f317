import type { Node } from 'libpg-query';
import { type Taint, worst } from '../catalogue';
import { isSecretName } from '../../masking/secret-names';
import { childNodes, namesOf, nodeOf, textConstant, visitNodes } from '../parser/tree';
import { columnName } from './column-name';
import { callTaint, taintOf } from './expressions';
import { takesAnyField, namesInPath } from './known-functions';
import { type Following, outputsOf, relationColumns } from './outputs';
import { type Columns, merged, type OutputColumn, renamed, type Scope, type Source } from './scope';

/** What an item of a FROM clause gives: sources to name, and the columns of `*`. */
interface FromItem {
  readonly sources: readonly Source[];
  readonly star: Columns;
}

interface Alias {
  readonly aliasname?: string;
  readonly colnames?: readonly unknown[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Follows an item of a FROM clause.
 * @param scope with what stands before it, which functions and LATERAL may name.
 */
export function fromItem(item: Node, scope: Scope, following: Following): FromItem {
  const { kind = '', fields = {} } = nodeOf(item) ?? {};
  const alias = fields['alias'] as Alias | undefined;
  switch (kind) {
    case 'RangeVar': {
      const { columns, isTable } = relationColumns(fields, scope, following);
      const schema =
        (fields['schemaname'] as string | undefined) ??
        following.known.relation({ schema: null, name: String(fields['relname']) }, scope.within)?.schema;
      return single({
        name: alias?.aliasname ?? String(fields['relname']),
        schema: alias === undefined && isTable ? (schema ?? null) : null,
        columns: renamed(columns, namesOf(alias?.colnames)),
        isRelation: true,
      });
    }
    case 'RangeSubselect': {
      const select = nodeOf(fields['subquery']);
      const inner: Scope = fields['lateral'] === true ? scope : { ...scope, sources: [] };
      const columns =
        select?.kind === 'SelectStmt' ? outputsOf(select.fields, { ...inner }, following) : null;
      return single(aliased(alias, columns));
    }
    case 'RangeFunction':
      return single(functionSource(fields, alias, scope, following));
    case 'RangeTableSample':
      return fromItem(fields['relation'] as Node, scope, following);
    case 'RangeTableFunc':
    case 'JsonTable':
      return single(aliased(alias, documentColumns(kind, fields, scope, following)));
    case 'JoinExpr':
      return joined(fields, alias, scope, following);
    default:
      return single(aliased(alias, null));
  }
}

function single(source: Source): FromItem {
  return { sources: [source], star: source.columns };
}

function aliased(alias: Alias | undefined, columns: Columns): Source {
  return {
    ...{ name: alias?.aliasname ?? null, schema: null, isRelation: false },
    columns: renamed(columns, namesOf(alias?.colnames)),
  };
}

function joined(fields: Fields, alias: Alias | undefined, scope: Scope, following: Following): FromItem {
  const left = fromItem(fields['larg'] as Node, scope, following);
  const beside: Scope = { ...scope, sources: [...scope.sources, ...left.sources] };
  const right = fromItem(fields['rarg'] as Node, beside, following);
  const both: Scope = { ...scope, sources: [...beside.sources, ...right.sources] };
  if (fields['quals'] !== undefined) taintOf(fields['quals'] as Node, both, following);
  const using =
    fields['isNatural'] === true
      ? commonNames(left.star, right.star)
      : namesOf(fields['usingClause'] as unknown[] | undefined);
  const star = mergedStar(left.star, right.star, using);
  const mergedColumns = star === null || using === null ? null : star.slice(0, using.length);
  const joinAlias = (fields['join_using_alias'] as Alias | undefined)?.aliasname;
  if (alias !== undefined) return single(aliased(alias, star));
  return {
    sources: [
      ...left.sources,
      ...right.sources,
      ...(using === null || using.length > 0
        ? [{ name: joinAlias ?? null, schema: null, columns: mergedColumns, isRelation: false }]
        : []),
    ],
    star,
  };
}

function commonNames(left: Columns, right: Columns): readonly string[] | null {
  if (left === null || right === null) return null;
  return left.map(({ name }) => name).filter((name) => right.some((column) => column.name === name));
}

/** Columns that both have first, once; then the others of the left, then of the right. */
function mergedStar(left: Columns, right: Columns, using: readonly string[] | null): Columns {
  if (left === null || right === null || using === null) return null;
  const others = (columns: readonly OutputColumn[]): readonly OutputColumn[] =>
    columns.filter(({ name }) => !using.includes(name));
  const both = using.map((name) =>
    merged(
      name,
      [...left, ...right].filter((column) => column.name === name),
    ),
  );
  return [...both, ...others(left), ...others(right)];
}

/** One or several functions in a FROM clause. */
function functionSource(
  fields: Fields,
  alias: Alias | undefined,
  scope: Scope,
  following: Following,
): Source {
  const functions = (fields['functions'] ?? []) as readonly Node[];
  const columns: OutputColumn[] = [];
  let isKnown = true;
  for (const item of functions) {
    const [call, definitions] = (nodeOf(item)?.fields['items'] ?? []) as readonly (Node | undefined)[];
    const defined = (nodeOf(definitions)?.fields['items'] ?? fields['coldeflist']) as
      readonly unknown[] | undefined;
    const given = call === undefined ? null : functionColumns(call, defined, alias, scope, following);
    if (given === null) isKnown = false;
    else columns.push(...given);
  }
  if (fields['ordinality'] === true) columns.push({ name: 'ordinality', taint: 'clean' });
  const name =
    alias?.aliasname ??
    columnName((nodeOf(functions[0])?.fields['items'] as readonly unknown[] | undefined)?.[0]);
  const all = isKnown ? columns : null;
  return { name, schema: null, isRelation: false, columns: renamed(all, namesOf(alias?.colnames)) };
}

function functionColumns(
  call: Node,
  defined: readonly unknown[] | undefined,
  alias: Alias | undefined,
  scope: Scope,
  following: Following,
): Columns {
  const node = nodeOf(call);
  const taint = taintOf(call, scope, following);
  if (defined !== undefined) {
    return defined.map((definition) => {
      const { colname = '' } = (nodeOf(definition)?.fields ?? {}) as { readonly colname?: string };
      return { name: colname, taint: isSecretName(colname) ? ('secret' as const) : taint };
    });
  }
  const name = columnName(call);
  if (node?.kind !== 'FuncCall') return [{ name: alias?.aliasname ?? name, taint }];
  const names = namesOf(node.fields['funcname'] as unknown[]);
  const candidates = following.known.functions.reachable({
    ...{ kind: 'function', schema: names.at(-2) ?? null, name: names.at(-1) ?? '' },
    ...{ argumentCount: ((node.fields['args'] ?? []) as unknown[]).length, within: scope.within },
  });
  const [first, ...others] = candidates;
  if (first === undefined) return null;
  const shape = (candidate: typeof first): string => JSON.stringify([candidate.outputs, candidate.rowsOf]);
  if (others.some((other) => shape(other) !== shape(first)) || first.rowsOf !== 0) return null;
  if (first.outputs.length > 1) {
    // Of a document taken apart the names are harmless, the values are not.
    const given = worst(childNodes(node.fields['args']).map((arg) => taintOf(arg, scope, following)));
    const whole: Taint = callTaint(node.fields, scope, following, { takesApart: true });
    return first.outputs.map((output) => ({
      ...{ name: output, taint: output === 'key' && given !== 'secret' ? ('clean' as const) : whole },
    }));
  }
  if (first.returnsRecord) return null;
  return [{ name: first.outputs[0] ?? alias?.aliasname ?? name, taint }];
}

/** The columns of XMLTABLE and JSON_TABLE: each by the path it takes. */
function documentColumns(kind: string, fields: Fields, scope: Scope, following: Following): Columns {
  const context = kind === 'JsonTable' ? fields['context_item'] : fields['docexpr'];
  // What a path may name beside the document counts as much.
  const taint = worst(
    childNodes([context, fields['passing']]).map((read) => taintOf(read, scope, following)),
  );
  const columns: OutputColumn[] = [];
  let paths = '';
  visitNodes([fields['pathspec'], fields['rowexpr'], fields['columns']], ({ kind: inner, fields: own }) => {
    if (inner === 'A_Const') paths += ` ${textConstant({ A_Const: own }) ?? ''}`;
    if (inner === 'RangeTableFuncCol') paths += ` ${String(own['colname'])}`;
    if (inner === 'JsonTableColumn') paths += ` ${namedBy(own['name'])}`;
  });
  const isSecret =
    taint === 'secret' ||
    (taint === 'document' && (takesAnyField(paths) || namesInPath(paths).some((word) => isSecretName(word))));
  const add = (list: readonly unknown[]): void => {
    for (const column of list) {
      const { kind: inner = '', fields: own = {} } = nodeOf(column) ?? {};
      if (own['coltype'] === 'JTC_NESTED') add((own['columns'] ?? []) as readonly unknown[]);
      else
        columns.push({
          name: namedBy(inner === 'RangeTableFuncCol' ? own['colname'] : own['name']),
          taint: isSecret ? 'secret' : worst([taint]),
        });
    }
  };
  add((fields['columns'] ?? []) as readonly unknown[]);
  return columns;
}

function namedBy(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
