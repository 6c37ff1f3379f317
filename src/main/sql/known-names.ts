import type { SelectStmt } from 'libpg-query';
import type pg from 'pg';
import { findRelations, type Relation, type RelationName } from './catalogue';
import { type CalledFunctions, findFunctions, type NamedCall, reachedTypes } from './called-functions';
import { parseSql } from './parser/sql-parser';
import { notFollowed } from './not-followed';
import { ownQuery } from './own-query';
import { namesOf, nodeOf, visitNodes } from './parser/tree';

/** Views within views, as many relations, and what is attached to them: beyond that a statement is not run. */
const mostLevels = 32;
const mostRelations = 500;
const mostExpressions = 5_000;

/** What the catalogue says of the names in a statement and in the views that it reads. */
export interface KnownNames {
  /** Under the path of the statement; within a view's definition only pg_catalog is searched. */
  relation(name: RelationName, within: 'statement' | 'view'): Relation | undefined;
  /** What a view asks for; undefined for tables. */
  definitionOf(relation: Relation): SelectStmt | undefined;
  readonly relations: readonly Relation[];
  readonly functions: CalledFunctions;
  /** Every tree that is run: the statement's and those of its views. */
  readonly trees: readonly { readonly tree: unknown; readonly within: 'statement' | 'view' }[];
}

/**
 * Looks up every relation and function of a statement, and of the views within it.
 * @throws AppError `read_only` where they are too many, lie too deep, or can't be read.
 */
export async function lookUpNames(
  client: pg.ClientBase,
  path: readonly string[],
  statement: unknown,
): Promise<KnownNames> {
  const known = new Map<string, Relation>();
  const definitions = new Map<number, SelectStmt>();
  const trees: { tree: unknown; within: 'statement' | 'view' }[] = [];
  let next: { tree: unknown; within: 'statement' | 'view' }[] = [{ tree: statement, within: 'statement' }];
  for (let level = 0; level < mostLevels && next.length > 0; level += 1) {
    trees.push(...next);
    const wanted = new Map<string, { name: RelationName; within: 'statement' | 'view' }>();
    for (const { tree, within } of next) {
      for (const name of relationNames(tree)) {
        const key = keyOf(name, within);
        if (!known.has(key)) wanted.set(key, { name, within });
      }
    }
    if (wanted.size + known.size > mostRelations) throw notFollowed();
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
        next.push({ tree: { SelectStmt: select }, within: 'view' });
      }
    }
  }
  if (next.length > 0) throw notFollowed();
  const relations = [...new Map([...known.values()].map((relation) => [relation.oid, relation])).values()];
  const types = new Set<string>();
  let unread: readonly (typeof trees)[number][] = trees;
  for (let level = 0; level === 0 || unread.length > 0; level += 1) {
    if (level === mostLevels) throw notFollowed();
    const named = unread
      .flatMap(({ tree, within }) => callsIn(tree, within))
      .flatMap(({ kind, name }) => (isOfType(kind) && !types.has(name) ? [name] : []));
    for (const name of named) types.add(name);
    if (level > 0 && named.length === 0) break;
    const selects = await Promise.all(
      (await attachedExpressions(client, level === 0 ? relations : [], named)).map((expression) =>
        readDefinition(`SELECT ${expression}`),
      ),
    );
    unread = selects.map((tree) => ({ tree, within: 'view' as const }));
    trees.push(...unread);
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

async function readDefinition(definition: string): Promise<SelectStmt> {
  const answer = await parseSql(definition);
  const node = answer.kind === 'parsed' ? nodeOf(answer.statements[0]?.stmt) : null;
  if (node?.kind !== 'SelectStmt') throw notFollowed();
  return node.fields;
}

/**
 * What runs where a relation is read, or a value made into a type: policies (of the relation that is named, not of those
 * below it), generated columns, the expressions of indexes, keys, statistics and checks (planning works out what is
 * constant in them, in partitions and inheriting tables too), and the checks of domains, also of those that its columns
 * are of: a row of it may be filled with other values.
 */
async function attachedExpressions(
  client: pg.ClientBase,
  relations: readonly Relation[],
  types: readonly string[],
): Promise<readonly string[]> {
  if (relations.length === 0 && types.length === 0) return [];
  const rows = await ownQuery<{ expression: string | null }>(
    client,
    `WITH RECURSIVE family AS (
       SELECT given AS oid FROM pg_catalog.unnest($1::oid[]) AS given
       UNION SELECT i.inhrelid FROM family JOIN pg_catalog.pg_inherits AS i ON i.inhparent = family.oid
     ), ${reachedTypes('t.typname = ANY ($2::name[]) OR t.oid = ANY ($3::oid[])')}
     SELECT DISTINCT pg_catalog.pg_get_expr(expression, relation) AS expression FROM (
       SELECT p.polqual, p.polrelid FROM pg_catalog.pg_policy AS p WHERE p.polrelid = ANY ($1::oid[])
       UNION ALL SELECT d.adbin, d.adrelid FROM family JOIN pg_catalog.pg_attribute AS a
         ON a.attrelid = family.oid AND a.attgenerated <> ''
         JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       UNION ALL SELECT part.expression, i.indrelid FROM family JOIN pg_catalog.pg_index AS i ON i.indrelid = family.oid
         CROSS JOIN LATERAL (VALUES (i.indexprs), (i.indpred)) AS part (expression)
       UNION ALL SELECT t.partexprs, t.partrelid FROM family
         JOIN pg_catalog.pg_partitioned_table AS t ON t.partrelid = family.oid
       UNION ALL SELECT s.stxexprs, s.stxrelid FROM family
         JOIN pg_catalog.pg_statistic_ext AS s ON s.stxrelid = family.oid
       UNION ALL SELECT k.conbin, k.conrelid FROM family
         JOIN pg_catalog.pg_constraint AS k ON k.conrelid = family.oid AND k.contypid = 0
       UNION ALL SELECT k.conbin, 0 FROM (SELECT DISTINCT reached.type FROM reached) AS used
         JOIN pg_catalog.pg_constraint AS k ON k.contypid = used.type
     ) AS attached (expression, relation)
     WHERE expression IS NOT NULL LIMIT ${mostExpressions + 1}`,
    [
      relations.map(({ oid }) => oid),
      [...new Set(types)],
      [...new Set(relations.flatMap(({ columns }) => columns.map(({ type }) => type)))],
    ],
  );
  if (rows.length > mostExpressions) throw notFollowed();
  return rows.flatMap(({ expression }) => (expression === null ? [] : [expression]));
}

/** What the checks of domains call, where a value is made into a type of these names. */
export async function callsOfChecks(
  client: pg.ClientBase,
  types: readonly string[],
): Promise<readonly NamedCall[]> {
  const expressions = await attachedExpressions(client, [], types);
  const trees = await Promise.all(expressions.map((expression) => readDefinition(`SELECT ${expression}`)));
  return trees.flatMap((tree) => callsIn(tree, 'view'));
}

/** A function's name may be a type's: `checked(1)` makes a value of it. */
function isOfType(kind: NamedCall['kind']): boolean {
  return kind === 'type' || kind === 'function';
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
    for (const names of typeNames(fields)) add('type', names, null);
  });
  return calls;
}

/** The types that a node names itself or in a part that is no node (`JSON_VALUE(… RETURNING type)`). */
function typeNames(fields: Readonly<Record<string, unknown>>): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const waiting: object[] = [fields];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    for (const [key, value] of Object.entries(part) as [string, unknown][]) {
      if (value === null || typeof value !== 'object' || nodeOf(value) !== null) continue;
      if (key === 'typeName') found.push(namesOf((value as { readonly names?: unknown[] }).names));
      else waiting.push(value);
    }
  }
  return found;
}

function keyOf({ schema, name }: RelationName, within: 'statement' | 'view'): string {
  return JSON.stringify([schema, name, schema === null ? within : '']);
}
