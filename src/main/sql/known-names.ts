import type { SelectStmt } from 'libpg-query';
import type pg from 'pg';
import { findRelations, type Relation, type RelationName } from './catalogue';
import { findFunctions, schemasOf } from './called-functions';
import type { CalledFunctions, FunctionCandidate, NamedCall } from './function-candidate';
import { castingOperators, castsWithin } from './judged-functions';
import { parseSql } from './parser/sql-parser';
import { notFollowed } from './not-followed';
import type { CatalogueSession } from './own-query';
import { namesOf, nodeOf, visitNodes } from './parser/tree';
import { attachedTo, type Sight } from './types-in-sight';

/** Views within views, and as many relations: beyond that a statement is not run. */
const mostLevels = 32;
const mostRelations = 500;

/** A tree that is run, and the path that its names are found by. */
interface RunTree {
  readonly tree: unknown;
  readonly within: 'statement' | 'view';
}

/** The relations in a statement and in the views that it reads. */
interface KnownRelations {
  /** Under the path of the statement; within a view's definition only pg_catalog is searched. */
  relation(name: RelationName, within: 'statement' | 'view'): Relation | undefined;
  /** What a view asks for; undefined for tables. */
  definitionOf(relation: Relation): SelectStmt | undefined;
  readonly relations: readonly Relation[];
  /** Every tree that is run: the statement's and those of its views. */
  readonly trees: readonly RunTree[];
}

/** What the catalogue says of the names in a statement and in the views that it reads. */
export interface KnownNames extends KnownRelations {
  readonly functions: CalledFunctions;
  /** The functions outside of pg_catalog that it may call, by a name or without. */
  readonly outside: readonly FunctionCandidate[];
}

/**
 * Looks up every relation and function of a statement, of the views within it, and of what is attached to both.
 * @throws AppError `read_only` where they are too many, lie too deep, or can't be read.
 */
export async function lookUpNames(
  session: CatalogueSession,
  path: readonly string[],
  statement: unknown,
): Promise<KnownNames> {
  const known = await lookUpRelations(session.client, path, statement);
  const trees = [...known.trees];
  const relations = [...known.relations];
  const expressions = new Set<string>();
  const types = new Set<string>();
  let functions = await findFunctions(session, path, callsOf(trees));
  let asked = '';
  for (let level = 0; level < mostLevels; level += 1) {
    const outside = outsideOf(functions, types);
    const sight: Sight = {
      names: typesNamed(functions.calls, path),
      types: [...new Set(outside.flatMap(({ usedTypes }) => usedTypes))],
      relations: relations.map(({ oid }) => oid),
      hidesCasts: functions.calls.some(mayCast),
    };
    // What was found last brought nothing new into sight.
    if (asked === JSON.stringify(sight)) return { ...known, relations, trees, functions, outside };
    asked = JSON.stringify(sight);
    const attached = await attachedTo(session, sight);
    for (const type of attached.types) types.add(type);
    const added = await lookUpExpressions(
      session.client,
      attached.expressions.filter((expression) => !expressions.has(expression)),
    );
    for (const expression of attached.expressions) expressions.add(expression);
    trees.push(...added.trees);
    relations.push(
      ...added.relations.filter(({ oid }) => !relations.some((relation) => relation.oid === oid)),
    );
    if (relations.length > mostRelations) throw notFollowed();
    const unnamed = attached.functions;
    functions = await findFunctions(session, path, callsOf(added.trees), { known: functions, unnamed });
  }
  throw notFollowed();
}

/** Whether one of PostgreSQL's functions or operators may use a cast that the call does not name. */
function mayCast({ kind, name }: NamedCall): boolean {
  return kind === 'operator' ? castingOperators.has(name) : kind !== 'type' && castsWithin(name);
}

/** The functions outside of pg_catalog that calls may reach, where values of these types are in sight. */
function outsideOf(functions: CalledFunctions, types: ReadonlySet<string>): readonly FunctionCandidate[] {
  const outside = new Map<string, FunctionCandidate>();
  for (const call of functions.calls) {
    for (const candidate of functions.reachable(call)) {
      // An operator may be the database's own though its function is not.
      if (candidate.isSystem && (call.kind !== 'operator' || candidate.schema === 'pg_catalog')) continue;
      if (call.kind === 'attribute' && candidate.foreignTypes.length === 0 && !candidate.takesRows) continue;
      if (!isBesideIt(call, candidate, types))
        outside.set(`${candidate.kind} ${candidate.identity}`, candidate);
    }
  }
  for (const candidate of functions.unnamed) {
    if (!candidate.isSystem) outside.set(`${candidate.kind} ${candidate.identity}`, candidate);
  }
  return [...outside.values()];
}

/**
 * What an extension has for types of its own is not chosen where none of them is in sight: a text without a type becomes
 * one of them only where PostgreSQL has nothing of that name.
 */
function isBesideIt(
  { kind }: NamedCall,
  { isOfExtension, foreignTypes, hasSystemNamesake }: FunctionCandidate,
  types: ReadonlySet<string>,
): boolean {
  if (!isOfExtension || foreignTypes.length === 0 || foreignTypes.some((type) => types.has(type)))
    return false;
  return hasSystemNamesake || kind === 'attribute';
}

/** The types that calls may name: a function's name may be one, `checked(1)` makes a value of it. */
export function typesNamed(calls: readonly NamedCall[], path: readonly string[]): Sight['names'] {
  const named = new Map<string, Sight['names'][number]>();
  for (const call of calls) {
    if (call.kind !== 'type' && call.kind !== 'function') continue;
    for (const schema of schemasOf(call, path))
      named.set(JSON.stringify([schema, call.name]), { schema, name: call.name });
  }
  return [...named.values()];
}

/** The trees of expressions, which name everything outside of pg_catalog with its schema, and the relations in them. */
export async function lookUpExpressions(
  client: pg.ClientBase,
  expressions: readonly string[],
): Promise<Pick<KnownRelations, 'relations' | 'trees'>> {
  if (expressions.length === 0) return { relations: [], trees: [] };
  const selects = await Promise.all(expressions.map((expression) => readDefinition(`SELECT ${expression}`)));
  return lookUpRelations(client, ['pg_catalog'], selects, 'view');
}

/** Whatever trees may call. */
export function callsOf(trees: readonly RunTree[]): readonly NamedCall[] {
  return trees.flatMap(({ tree, within }) => callsIn(tree, within));
}

/**
 * Looks up every relation of a statement, and of the views within it.
 * @throws AppError `read_only` where they are too many, lie too deep, or can't be read.
 */
export async function lookUpRelations(
  client: pg.ClientBase,
  path: readonly string[],
  statement: unknown,
  within: RunTree['within'] = 'statement',
): Promise<KnownRelations> {
  const known = new Map<string, Relation>();
  const definitions = new Map<number, SelectStmt>();
  const trees: RunTree[] = [];
  let next: RunTree[] = [{ tree: statement, within }];
  for (let level = 0; level < mostLevels && next.length > 0; level += 1) {
    trees.push(...next);
    const wanted = new Map<string, { name: RelationName; within: 'statement' | 'view' }>();
    for (const run of next) {
      for (const name of relationNames(run.tree)) {
        const key = keyOf(name, run.within);
        if (!known.has(key)) wanted.set(key, { name, within: run.within });
      }
    }
    if (wanted.size + known.size > mostRelations) throw notFollowed();
    next = [];
    for (const place of ['statement', 'view'] as const) {
      const asked = [...wanted].filter(([, value]) => value.within === place);
      const found = await findRelations(
        client,
        place === 'statement' ? path : ['pg_catalog'],
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
  return {
    relation: (name, place) => known.get(keyOf(name, place)),
    definitionOf: ({ oid }) => definitions.get(oid),
    relations,
    trees,
  };
}

async function readDefinition(definition: string): Promise<SelectStmt> {
  const answer = await parseSql(definition);
  const node = answer.kind === 'parsed' ? nodeOf(answer.statements[0]?.stmt) : null;
  if (node?.kind !== 'SelectStmt') throw notFollowed();
  return node.fields;
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
    // `JSON_ARRAY(…)` and its like, which have the name of no function.
    if (kind.startsWith('Json')) add('function', ['pg_catalog', 'to_json'], 1);
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
