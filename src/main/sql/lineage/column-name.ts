import { namesOf, nodeOf } from '../parser/tree';

/** A name with how much it counts: 0 none, 1 one that anything better replaces, 2 a good one. */
interface Named {
  readonly name: string;
  readonly strength: 0 | 1 | 2;
}

const none: Named = { name: '?column?', strength: 0 };
const good = (name: string): Named => ({ name, strength: 2 });

/** Special syntaxes whose columns are called what they are. */
const byKind: Readonly<Record<string, string>> = {
  ...{ GroupingFunc: 'grouping', MergeSupportFunc: 'merge_action', A_ArrayExpr: 'array', RowExpr: 'row' },
  ...{ CoalesceExpr: 'coalesce', XmlSerialize: 'xmlserialize', JsonParseExpr: 'json' },
  ...{
    JsonScalarExpr: 'json_scalar',
    JsonSerializeExpr: 'json_serialize',
    JsonObjectConstructor: 'json_object',
  },
  ...{ JsonArrayConstructor: 'json_array', JsonArrayQueryConstructor: 'json_array' },
  ...{ JsonObjectAgg: 'json_objectagg', JsonArrayAgg: 'json_arrayagg' },
};
const jsonFunctions: Readonly<Record<string, string>> = {
  ...{ JSON_EXISTS_OP: 'json_exists', JSON_QUERY_OP: 'json_query', JSON_VALUE_OP: 'json_value' },
};
const xmlFunctions: Readonly<Record<string, string>> = {
  ...{ IS_XMLCONCAT: 'xmlconcat', IS_XMLELEMENT: 'xmlelement', IS_XMLFOREST: 'xmlforest' },
  ...{ IS_XMLPARSE: 'xmlparse', IS_XMLPI: 'xmlpi', IS_XMLROOT: 'xmlroot', IS_XMLSERIALIZE: 'xmlserialize' },
};
const valueFunctions: Readonly<Record<string, string>> = {
  ...{ SVFOP_CURRENT_DATE: 'current_date', SVFOP_CURRENT_TIME: 'current_time' },
  ...{ SVFOP_CURRENT_TIME_N: 'current_time', SVFOP_CURRENT_TIMESTAMP: 'current_timestamp' },
  ...{ SVFOP_CURRENT_TIMESTAMP_N: 'current_timestamp', SVFOP_LOCALTIME: 'localtime' },
  ...{ SVFOP_LOCALTIME_N: 'localtime', SVFOP_LOCALTIMESTAMP: 'localtimestamp' },
  ...{ SVFOP_LOCALTIMESTAMP_N: 'localtimestamp', SVFOP_CURRENT_ROLE: 'current_role' },
  ...{ SVFOP_CURRENT_USER: 'current_user', SVFOP_USER: 'user', SVFOP_SESSION_USER: 'session_user' },
  ...{ SVFOP_CURRENT_CATALOG: 'current_catalog', SVFOP_CURRENT_SCHEMA: 'current_schema' },
};

/** The name that PostgreSQL gives to a column without one (FigureColname in its parse_target.c). */
export function columnName(expression: unknown): string {
  return named(expression).name;
}

function named(expression: unknown): Named {
  const node = nodeOf(expression);
  if (node === null) return none;
  const { kind, fields } = node;
  const last = (list: unknown): string | undefined => namesOf(list as unknown[] | undefined).at(-1);
  const called = byKind[kind];
  if (called !== undefined) return good(called);
  switch (kind) {
    case 'ColumnRef': {
      const name = last(fields['fields']);
      return name === undefined ? none : good(name);
    }
    case 'A_Indirection': {
      const name = last(fields['indirection']);
      return name === undefined ? named(fields['arg']) : good(name);
    }
    case 'FuncCall':
      return good(last(fields['funcname']) ?? '');
    case 'A_Expr':
      return fields['kind'] === 'AEXPR_NULLIF' ? good('nullif') : none;
    case 'TypeCast': {
      const inner = named(fields['arg']);
      const type = last((fields['typeName'] as { readonly names?: unknown } | undefined)?.names);
      return inner.strength <= 1 && type !== undefined ? { name: type, strength: 1 } : inner;
    }
    case 'CollateClause':
      return named(fields['arg']);
    case 'MinMaxExpr':
      return good(fields['op'] === 'IS_LEAST' ? 'least' : 'greatest');
    case 'SQLValueFunction':
      return good(valueFunctions[String(fields['op'])] ?? '?column?');
    case 'XmlExpr':
      return good(xmlFunctions[String(fields['op'])] ?? '?column?');
    case 'JsonFuncExpr':
      return good(jsonFunctions[String(fields['op'])] ?? '?column?');
    case 'CaseExpr': {
      const inner = named(fields['defresult']);
      return inner.strength <= 1 ? { name: 'case', strength: 1 } : inner;
    }
    case 'SubLink':
      return ofSubLink(fields);
    default:
      return none;
  }
}

function ofSubLink(fields: Readonly<Record<string, unknown>>): Named {
  if (fields['subLinkType'] === 'EXISTS_SUBLINK') return good('exists');
  if (fields['subLinkType'] === 'ARRAY_SUBLINK') return good('array');
  if (fields['subLinkType'] !== 'EXPR_SUBLINK') return none;
  const select = nodeOf(fields['subselect']);
  const [first] = (select?.fields['targetList'] ?? []) as readonly unknown[];
  const target = nodeOf(first)?.fields;
  if (target === undefined) return none;
  return typeof target['name'] === 'string' ? good(target['name']) : named(target['val']);
}
