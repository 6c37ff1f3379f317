/**
 * What PostgreSQL's own functions do with the parts of a value. A function of PostgreSQL's that is not named here
 * answers what its arguments hold.
 */

/** Read tables or run texts of SQL: what they answer is not in their arguments. */
export const readsTables: ReadonlySet<string> = new Set([
  ...['table_to_xml', 'table_to_xml_and_xmlschema', 'schema_to_xml', 'schema_to_xml_and_xmlschema'],
  ...['database_to_xml', 'database_to_xml_and_xmlschema', 'query_to_xml', 'query_to_xml_and_xmlschema'],
  ...['cursor_to_xml', 'cursor_to_xmlschema', 'ts_stat', 'ts_rewrite'],
]);

/** Say nothing of a value but its kind, or whether there is one. */
export const saysNothing: ReadonlySet<string> = new Set([
  'pg_typeof',
  'pg_column_size',
  'num_nulls',
  'num_nonnulls',
]);

/** Of a document they answer a whole one, its names with it: those are masked by what they are called. */
export const keepsDocument: ReadonlySet<string> = new Set([
  ...['to_json', 'to_jsonb', 'row_to_json', 'array_to_json', 'json_agg', 'jsonb_agg', 'json_agg_strict'],
  ...['jsonb_agg_strict', 'json_build_array', 'jsonb_build_array', 'json_build_object', 'jsonb_build_object'],
  ...['json_object_agg', 'jsonb_object_agg', 'json_strip_nulls', 'jsonb_strip_nulls', 'jsonb_pretty'],
  ...['jsonb_set', 'jsonb_set_lax', 'jsonb_insert', 'json_array_elements', 'jsonb_array_elements'],
  ...[
    'lower',
    'upper',
    'array_agg',
    'array_append',
    'array_cat',
    'array_prepend',
    'unnest',
    'min',
    'max',
    'any_value',
    'lag',
  ],
  ...[
    'lead',
    'first_value',
    'last_value',
    'nth_value',
    'xmlconcat',
    'xmlagg',
    'hstore_to_json',
    'hstore_to_jsonb',
  ],
]);

/** Of a document they answer what is no part of a named field. */
export const leavesNames: ReadonlySet<string> = new Set([
  ...['json_array_elements_text', 'jsonb_array_elements_text', 'json_array_length', 'jsonb_array_length'],
  ...[
    'json_object_keys',
    'jsonb_object_keys',
    'json_typeof',
    'jsonb_typeof',
    'jsonb_exists',
    'jsonb_exists_any',
  ],
  ...[
    'jsonb_exists_all',
    'jsonb_contains',
    'jsonb_contained',
    'jsonb_path_exists',
    'jsonb_path_match',
    'akeys',
  ],
  ...['skeys', 'exist', 'defined', 'xml_is_well_formed', 'xpath_exists', 'count'],
]);

/** Take a field of a document by names, which are their other arguments. */
export const takesByName: ReadonlySet<string> = new Set([
  ...['json_extract_path', 'jsonb_extract_path', 'json_extract_path_text', 'jsonb_extract_path_text'],
  ...['jsonb_path_query', 'jsonb_path_query_array', 'jsonb_path_query_first', 'jsonb_path_query_tz'],
  ...['jsonb_path_query_array_tz', 'jsonb_path_query_first_tz', 'xpath', 'fetchval', 'current_setting'],
]);

/** Operators that take a field by its name. */
export const namingOperators: ReadonlySet<string> = new Set(['->', '->>', '#>', '#>>']);
/** Operators whose answer is yes or no, or a distance: of a document no more than a filter tells. */
export const comparingOperators: ReadonlySet<string> = new Set([
  ...[
    '=',
    '<>',
    '!=',
    '<',
    '>',
    '<=',
    '>=',
    '@>',
    '<@',
    '?',
    '?|',
    '?&',
    '@?',
    '@@',
    '~~',
    '!~~',
    '~~*',
    '!~~*',
  ],
  ...['~', '!~', '~*', '!~*', '&&'],
]);

/** Parts of a path that take every field, whatever it is called. */
const anyField = /\.\s*\*|keyvalue|\/\/|(?:^|\/)\s*(?:\*|node\(\))|@\*/;

/** Whether a path, or a list of names, takes fields that are not named in it, or spells names with escapes. */
export function takesAnyField(path: string): boolean {
  return path.includes('\\') || anyField.test(path);
}

/** The names within a path or a key: `$.a."b c"`, `{a,b}`, `a`. */
export function namesInPath(path: string): readonly string[] {
  return path.split(/[{}[\]",.$/@:()'=\s]+/).filter((word) => word !== '');
}

/** Types whose values are no texts: a field that was cast to one is no secret. */
export const harmlessTypes: ReadonlySet<string> = new Set([
  ...[
    'int2',
    'int4',
    'int8',
    'numeric',
    'float4',
    'float8',
    'bool',
    'date',
    'timestamp',
    'timestamptz',
    'time',
  ],
  ...['timetz', 'interval', 'uuid', 'money'],
]);
export const documentTypes: ReadonlySet<string> = new Set(['json', 'jsonb', 'xml', 'hstore']);
