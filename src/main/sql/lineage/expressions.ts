import type { Node } from 'libpg-query';
import { isSecretName, isSecretProperty } from '../../masking/secret-names';
import { type Taint, worst } from '../catalogue';
import { childNodes, namesOf, nodeOf, textConstant } from '../parser/tree';
import {
  comparingOperators,
  documentTypes,
  harmlessTypes,
  keepsDocument,
  leavesNames,
  namesInPath,
  namingOperators,
  readsTables,
  saysNothing,
  takesAnyField,
  takesByName,
} from './known-functions';
import { type Following, outputsOf } from './outputs';
import { findName, findSource, rowTaint, type Scope } from './scope';

type Fields = Readonly<Record<string, unknown>>;

/** How much of an expression's value may be shown, by all that it reads. What can't be resolved is secret. */
export function taintOf(expression: Node | undefined, scope: Scope, following: Following): Taint {
  const node = nodeOf(expression);
  if (node === null) return 'clean';
  const { kind, fields } = node;
  const all = (value: unknown): Taint =>
    worst(childNodes(value).map((child) => taintOf(child, scope, following)));
  switch (kind) {
    case 'A_Const':
    case 'ParamRef':
    case 'SQLValueFunction':
    case 'GroupingFunc':
    case 'String':
    case 'TypeName':
      return 'clean';
    case 'ColumnRef':
      return referenceTaint(fields, scope, following);
    case 'FuncCall':
      return callTaint(fields, scope, following);
    case 'A_Expr':
      return operatorTaint(fields, scope, following);
    case 'NullTest': {
      // Of a column it says what its place in a list says anyway; of `nullif(token, 'x')` whether a guess is right.
      const arg = fields['arg'] as Node;
      const taint = taintOf(arg, scope, following);
      return nodeOf(arg)?.kind === 'ColumnRef' || taint !== 'secret' ? 'clean' : 'secret';
    }
    case 'BoolExpr':
    case 'BooleanTest':
    case 'JsonIsPredicate':
      return all(fields) === 'secret' ? 'secret' : 'clean';
    case 'SubLink':
      return sublinkTaint(fields, scope, following);
    case 'TypeCast':
      return castTaint(fields, scope, following);
    case 'A_Indirection':
      return indirectionTaint(fields, scope, following);
    case 'JsonFuncExpr':
      return jsonTaint(fields, scope, following);
    case 'SelectStmt':
      return worst(
        (outputsOf(fields, scope, following) ?? [{ taint: 'secret' as const }]).map(({ taint }) => taint),
      );
    default:
      return all(fields);
  }
}

function referenceTaint(fields: Fields, scope: Scope, following: Following): Taint {
  const list = (fields['fields'] ?? []) as readonly unknown[];
  const names = namesOf(list);
  const isStar = nodeOf(list.at(-1))?.kind === 'A_Star';
  // `ROW(a.*)` and `count(a.*)` take the whole row.
  const taint =
    isStar && names.length === 0 ? worst(scope.sources.map(rowTaint)) : nameTaint(scope, names, following);
  if (taint !== 'clean') following.readsSecrets = true;
  return taint;
}

function nameTaint(scope: Scope, names: readonly string[], following: Following): Taint {
  const found = findName(scope, names);
  if (found === null) return attributeTaint(scope, names, following);
  return found.kind === 'column' ? found.column.taint : rowTaint(found.source);
}

/** The same of a function of a row that is written like a column of it: `person.full_name`. */
function attributeTaint(scope: Scope, names: readonly string[], { known, reachesSecrets }: Following): Taint {
  const name = names.at(-1) ?? '';
  const source = findSource(scope, names.at(-3) ?? null, names.at(-2) ?? '');
  if (source === null || reachesSecrets) return 'secret';
  const call = { kind: 'attribute' as const, schema: null, name, argumentCount: 1, within: scope.within };
  const reachable = known.functions.reachable(call);
  return reachable.length > 0 && reachable.every(({ isSystem }) => !isSystem) ? rowTaint(source) : 'secret';
}

/**
 * How much of a function's answer may be shown.
 * @param takesApart whether it answers a document's fields as rows.
 */
export function callTaint(
  fields: Fields,
  scope: Scope,
  following: Following,
  { takesApart = false } = {},
): Taint {
  const names = namesOf(fields['funcname'] as unknown[]);
  const name = names.at(-1) ?? '';
  const args = (fields['args'] ?? []) as readonly Node[];
  const order = (fields['agg_order'] ?? []) as readonly Node[];
  const taints = args.map((arg) => taintOf(arg, scope, following));
  const sorted = order.map((item) => taintOf(nodeOf(item)?.fields['node'] as Node, scope, following));
  const filter = taintOf(fields['agg_filter'] as Node | undefined, scope, following);
  const given = worst([
    ...taints,
    ...(fields['agg_within_group'] === true ? sorted : []),
    filter === 'secret' ? 'secret' : 'clean',
  ]);
  const call = {
    ...{ kind: 'function' as const, schema: names.at(-2) ?? null, name, within: scope.within },
    argumentCount: args.length,
  };
  const reachable = following.known.functions.reachable(call);
  const isOwn = reachable.every(
    ({ isSystem, isOfExtension, isImmutable }) => isSystem || (isOfExtension && isImmutable),
  );
  if (!isOwn) {
    following.readsSecrets ||= following.reachesSecrets;
    return following.reachesSecrets ? 'secret' : given;
  }
  if (readsTables.has(name)) {
    following.readsSecrets = true;
    return 'secret';
  }
  if (saysNothing.has(name)) return 'clean';
  if (name === 'count' && filter !== 'secret' && args.every((arg) => nodeOf(arg)?.kind === 'ColumnRef'))
    return 'clean';
  if (given === 'secret') return 'secret';
  if (takesByName.has(name)) {
    if (name === 'current_setting') return valueTaint(fieldTaint('document', args));
    return fieldTaint(given, name === 'xpath' ? args.slice(0, 1) : args.slice(1));
  }
  if (given === 'clean') return 'clean';
  if (takesApart) return 'secret';
  if (leavesNames.has(name)) return 'clean';
  return keepsDocument.has(name) ? 'document' : 'secret';
}

/**
 * What a document's field may show that is taken by names; those that are not constant may be any. It may be a document
 * itself, with secrets further in.
 */
function fieldTaint(document: Taint, names: readonly Node[]): Taint {
  if (document !== 'document') return document;
  for (const name of names) {
    const constant = textConstant(name);
    const items = nodeOf(name)?.kind === 'A_ArrayExpr' ? nodeOf(name)?.fields['elements'] : undefined;
    if (constant === null && items !== undefined) {
      if (fieldTaint(document, items as readonly Node[]) === 'secret') return 'secret';
    } else if (constant === null && !isNumber(name)) return 'secret';
    if (constant === null) continue;
    if (takesAnyField(constant)) return 'secret';
    if (namesInPath(constant).some((word) => isSecretName(word) || isSecretProperty(word))) return 'secret';
  }
  return 'document';
}

/** The same of a field that is known to be one value. */
function valueTaint(taint: Taint): Taint {
  return taint === 'document' ? 'clean' : taint;
}

function isNumber(node: Node): boolean {
  const found = nodeOf(node);
  if (found?.kind === 'A_Expr')
    return isNumber(found.fields['rexpr'] as Node) && found.fields['lexpr'] === undefined;
  return found?.kind === 'A_Const' && 'ival' in found.fields;
}

function operatorTaint(fields: Fields, scope: Scope, following: Following): Taint {
  const { kind, lexpr, rexpr } = fields as {
    readonly kind?: string;
    readonly lexpr?: Node;
    readonly rexpr?: Node;
  };
  const names = namesOf(fields['name'] as unknown[]);
  const name = names.at(-1) ?? '';
  const left = sideTaint(lexpr, scope, following);
  const right = sideTaint(rexpr, scope, following);
  const given = worst([left, right]);
  const call = { kind: 'operator' as const, schema: names.at(-2) ?? null, name, argumentCount: null };
  const isOwn = following.known.functions
    .reachable({ ...call, within: scope.within })
    .every(({ isSystem, isOfExtension, isImmutable }) => isSystem || (isOfExtension && isImmutable));
  if (!isOwn) {
    following.readsSecrets ||= following.reachesSecrets;
    return following.reachesSecrets ? 'secret' : given;
  }
  if (given !== 'document') return given;
  if (kind === 'AEXPR_NULLIF') return left;
  if (kind !== 'AEXPR_OP' || comparingOperators.has(name)) return 'clean';
  if (!namingOperators.has(name) || rexpr === undefined) return 'document';
  return fieldTaint('document', [rexpr]);
}

/** One side of an operator: a list for IN and BETWEEN. */
function sideTaint(side: Node | undefined, scope: Scope, following: Following): Taint {
  const node = nodeOf(side);
  if (node?.kind !== 'List') return taintOf(side, scope, following);
  return worst(
    ((node.fields['items'] ?? []) as readonly Node[]).map((item) => taintOf(item, scope, following)),
  );
}

function sublinkTaint(fields: Fields, scope: Scope, following: Following): Taint {
  const select = nodeOf(fields['subselect']);
  const columns = select === null ? null : outputsOf(select.fields, scope, following);
  if (fields['subLinkType'] === 'EXISTS_SUBLINK') return 'clean';
  const inner = columns === null ? 'secret' : worst(columns.map(({ taint }) => taint));
  if (fields['subLinkType'] === 'EXPR_SUBLINK' || fields['subLinkType'] === 'ARRAY_SUBLINK') return inner;
  const tested = taintOf(fields['testexpr'] as Node | undefined, scope, following);
  return worst([inner, tested]) === 'secret' ? 'secret' : 'clean';
}

function castTaint(fields: Fields, scope: Scope, following: Following): Taint {
  const arg = fields['arg'] as Node;
  const taint = taintOf(arg, scope, following);
  const { names, arrayBounds } = fields['typeName'] as {
    readonly names?: unknown[];
    readonly arrayBounds?: unknown[];
  };
  const type = namesOf(names).at(-1) ?? '';
  if (taint === 'document')
    return harmlessTypes.has(type) && arrayBounds === undefined ? 'clean' : 'document';
  if (taint === 'clean' && documentTypes.has(type) && textConstant(arg) === null) return 'document';
  return taint;
}

function indirectionTaint(fields: Fields, scope: Scope, following: Following): Taint {
  const arg = fields['arg'] as Node;
  const parts = (fields['indirection'] ?? []) as readonly Node[];
  const reference = nodeOf(arg);
  const [first, ...others] = parts;
  const field = namesOf([first])[0];
  if (reference?.kind === 'ColumnRef' && field !== undefined) {
    const names = namesOf(reference.fields['fields'] as unknown[]);
    const found = findName(scope, names);
    const columns = found?.kind === 'row' ? found.source.columns : found?.column.fields;
    const ofRow = found?.kind === 'row' ? attributeTaint(scope, [...names, field], following) : 'secret';
    const taint = columns?.find(({ name }) => name === field)?.taint ?? ofRow;
    if (taint !== 'clean') following.readsSecrets = true;
    return others.length === 0 ? taint : worst([taint, ...namesOf(others).map(() => 'secret' as const)]);
  }
  const taint = taintOf(arg, scope, following);
  if (namesOf(parts).length > 0) return namesOf(parts).some(isSecretName) ? 'secret' : taint;
  const subscripts = parts.flatMap((part) => childNodes(nodeOf(part)?.fields));
  return fieldTaint(taint, subscripts);
}

function jsonTaint(fields: Fields, scope: Scope, following: Following): Taint {
  const context = worst(childNodes(fields['context_item']).map((child) => taintOf(child, scope, following)));
  const passed = worst(childNodes(fields['passing']).map((child) => taintOf(child, scope, following)));
  if (worst([context, passed]) === 'secret') return 'secret';
  if (fields['op'] === 'JSON_EXISTS_OP') return 'clean';
  const taken = fieldTaint(context, [fields['pathspec'] as Node]);
  return fields['op'] === 'JSON_QUERY_OP' ? worst([taken, passed]) : valueTaint(taken);
}
