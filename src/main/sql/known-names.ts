import type { SelectStmt } from 'libpg-query';
import type pg from 'pg';
import { findRelations, type Relation, type RelationName } from './catalogue';
import { type CalledFunctions, findFunctions, type NamedCall } from './called-functions';
import { parseSql } from './parser/sql-parser';
import { ownQuery } from './own-query';
import { namesOf, nodeOf, visitNodes } from './parser/tree';

/** Views within views, and as many relations: beyond that a statement is not followed, and stays masked. */
const mostLevels = 32;
const mostRelations = 500;

/** What the catalogue says of the names in a statement and in the views that it reads. */
export interface KnownNames {
  /** Under the path of the statement; within a view's definition only pg_catalog is searched. */
  relation(name: RelationName, within: 'statement' | 'view'): Relation | undefined;
  /** What a view asks for; undefined where its definition could not be read. */
  definitionOf(relation: Relation): SelectStmt | undefined;
  readonly relations: readonly Relation[];
  readonly functions: CalledFunctions;
  /** Every tree that is run: the statement's and those of its views. */
  readonly trees: readonly { readonly tree: unknown; readonly within: 'statement' | 'view' }[];
}

/** Looks up every relation and function of a statement, and of the views within it. */
export async function lookUpNames(
  client: pg.ClientBase,
  path: readonly string[],
  statement: unknown,
): Promise<KnownNames> {
  const known = new Map<string, Relation>();
  const definitions = new Map<number, SelectStmt | undefined>();
  const trees: { tree: unknown; within: 'statement' | 'view' }[] = [];
  let next: { tree: unknown; within: 'statement' | 'view' }[] = [{ tree: statement, within: 'statement' }];
  for (let level = 0; level < mostLevels && next.length > 0; level += 1) {
    trees.push(...next);
    const wanted = new Map<string, { name: RelationName; within: 'statement' | 'view' }>();
    for (const { tree, within } of next) {
      for (const name of relationNames(tree)) {
        const key = keyOf(name, within);
        if (!known.has(key) && wanted.size + known.size < mostRelations) wanted.set(key, { name, within });
      }
    }
    next = [];
    for (const within of ['statement', 'view'] as const) {
      const asked = [...wanted].filter(([, value]) => value.within === within);
      const found = await findRelations(
        client,
        within === 'statement' ? path : ['pg_catalog'],
        asked.map(([, { name }]) => name),
      );
      for (const [index, [key]] of asked.entries()) {
        const relation = found[index];
        if (!relation) continue;
        known.set(key, relation);
        if (relation.definition === null || definitions.has(relation.oid)) continue;
        const select = await readDefinition(relation.definition);
        definitions.set(relation.oid, select);
        if (select !== undefined) next.push({ tree: { SelectStmt: select }, within: 'view' });
      }
    }
  }
  const relations = [...new Map([...known.values()].map((relation) => [relation.oid, relation])).values()];
  for (const expression of await attachedExpressions(client, relations)) {
    const select = await readDefinition(`SELECT ${expression}`);
    if (select !== undefined) trees.push({ tree: select, within: 'view' });
  }
  const calls = trees.flatMap(({ tree, within }) => callsIn(tree, within));
  const functions = await findFunctions(client, path, calls);
  return {
    relation: (name, within) => known.get(keyOf(name, within)),
    definitionOf: ({ oid }) => definitions.get(oid),
    relations,
    functions,
    trees,
  };
}

async function readDefinition(definition: string): Promise<SelectStmt | undefined> {
  const answer = await parseSql(definition);
  if (answer.kind !== 'parsed') return undefined;
  const node = nodeOf(answer.statements[0]?.stmt);
  return node?.kind === 'SelectStmt' ? node.fields : undefined;
}

/** What runs where a relation is read: its policies, its generated columns, expressions of its indexes. */
async function attachedExpressions(
  client: pg.ClientBase,
  relations: readonly Relation[],
): Promise<readonly string[]> {
  if (relations.length === 0) return [];
  const rows = await ownQuery<{ expression: string | null }>(
    client,
    `SELECT pg_catalog.pg_get_expr(expression, relation) AS expression FROM (
       SELECT p.polqual, p.polrelid FROM pg_catalog.pg_policy AS p
       UNION ALL SELECT d.adbin, d.adrelid FROM pg_catalog.pg_attrdef AS d
         JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''
       UNION ALL SELECT i.indexprs, i.indrelid FROM pg_catalog.pg_index AS i
       UNION ALL SELECT i.indpred, i.indrelid FROM pg_catalog.pg_index AS i
     ) AS attached (expression, relation)
     WHERE expression IS NOT NULL AND relation = ANY ($1::oid[]) LIMIT ${mostRelations}`,
    [relations.map(({ oid }) => oid)],
  );
  return rows.flatMap(({ expression }) => (expression === null ? [] : [expression]));
}

function relationNames(tree: unknown): readonly RelationName[] {
  const names: RelationName[] = [];
  visitNodes(tree, ({ kind, fields }) => {
    if (kind === 'RangeVar') names.push(relationName(fields));
  });
  return names;
}

/** The name of a RangeVar. */
export function relationName(fields: Readonly<Record<string, unknown>>): RelationName {
  const { schemaname, relname } = fields as { readonly schemaname?: string; readonly relname?: string };
  return { schema: schemaname ?? null, name: relname ?? '' };
}

/** Whatever a tree may call: functions, operators, and names behind a dot, which may be functions of a row. */
function callsIn(tree: unknown, within: 'statement' | 'view'): readonly NamedCall[] {
  const calls: NamedCall[] = [];
  const add = (kind: NamedCall['kind'], parts: readonly string[], argumentCount: number | null): void => {
    const name = parts.at(-1);
    if (name !== undefined) calls.push({ kind, schema: parts.at(-2) ?? null, name, argumentCount, within });
  };
  visitNodes(tree, ({ kind, fields }) => {
    const { funcname, args, name, method, operName, useOp } = fields as Record<string, unknown[] | undefined>;
    if (kind === 'FuncCall') add('function', namesOf(funcname), (args ?? []).length);
    if (kind === 'A_Expr') {
      add('operator', namesOf(name), null);
      if (String(fields['kind']).includes('BETWEEN'))
        for (const sign of ['<', '>', '<=', '>=']) add('operator', [sign], null);
    }
    if (kind === 'SubLink') add('operator', operName === undefined ? ['='] : namesOf(operName), null);
    // Compared by the operator that the path has under this name.
    if (
      kind === 'CaseExpr' ||
      (kind === 'JoinExpr' && (fields['isNatural'] ?? fields['usingClause']) !== undefined)
    )
      add('operator', ['='], null);
    if (kind === 'SortBy' && useOp !== undefined) add('operator', namesOf(useOp), null);
    if (kind === 'RangeTableSample') add('function', namesOf(method), 1);
    if (kind === 'ColumnRef') {
      const parts = namesOf(fields['fields'] as unknown[]);
      if (parts.length > 1) add('attribute', parts.slice(-1), 1);
    }
    if (kind === 'A_Indirection') {
      for (const part of namesOf(fields['indirection'] as unknown[])) add('attribute', [part], 1);
    }
    if (kind === 'TypeCast') {
      const { names } = fields['typeName'] as { readonly names?: unknown[] };
      add('type', namesOf(names), null);
    }
  });
  return calls;
}

function keyOf({ schema, name }: RelationName, within: 'statement' | 'view'): string {
  return JSON.stringify([schema, name, schema === null ? within : '']);
}
