import { createHash } from 'node:crypto';
import type pg from 'pg';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import {
  type CalledFunctions,
  findFunctions,
  type FunctionCandidate,
  functionsOfAggregates,
  type NamedCall,
} from './called-functions';
import { harmlessFunctions, runByName } from './judged-functions';
import { callsOfChecks, type KnownNames, lookUpNames } from './known-names';
import { notFollowed } from './not-followed';
import { ownQuery } from './own-query';
import { relationsOfWords, signsOf, wordsOf } from './words-of-body';

/** Code of the database's own that a statement would run. */
export interface DatabaseCode {
  /** Stays the same as long as the code does: what a person confirms. */
  readonly id: string;
  readonly kind: 'function' | 'operator' | 'type' | 'cast' | 'foreign table';
  readonly name: string;
  readonly language: string;
}

interface GuardOptions {
  readonly path: readonly string[];
  /** In a workspace that only reads, code that can't be looked through is not run. */
  readonly readOnly: boolean;
}

/** How deep functions that call functions are looked through, and how many. */
const mostLevels = 6;
const mostBodies = 300;
const readLanguages: ReadonlySet<string> = new Set(['sql', 'plpgsql']);

/**
 * Looks through what a statement calls: by its own words, by the views, policies and index expressions behind it, by
 * the operators, types and casts in it, and by what those functions' bodies name.
 * @returns the code outside of pg_catalog that it would run, to be named before.
 * @throws AppError `read_only` for a function that may act outside of the transaction, where neither read-only nor
 *   rolling back helps: ending sessions, the server's files, other connections, settings, sequences, messages. And, in
 *   a read-only workspace, for code of which it can't be told. What a role must not do, its privileges have to say.
 */
export async function guardCalls(
  client: pg.ClientBase,
  { functions, relations }: KnownNames,
  options: GuardOptions,
): Promise<readonly DatabaseCode[]> {
  for (const call of functions.calls) refuse(outsideEffect(functions, call));
  const outside = new Map<string, FunctionCandidate>();
  const usedTypes = new Set(relations.flatMap(({ columns }) => columns.map(({ type }) => type)));
  for (const call of functions.calls) {
    for (const candidate of functions.reachable(call)) {
      if (candidate.isSystem && candidate.schema === 'pg_catalog') continue;
      if (isBesideIt(candidate, usedTypes, functions)) continue;
      if (call.kind === 'attribute' && candidate.foreignTypes.length === 0) continue;
      outside.set(`${candidate.kind} ${candidate.identity}`, candidate);
    }
  }
  for (const used of await functionsOfTypes(client, [...usedTypes]))
    outside.set(`${used.kind} ${used.identity}`, used);
  for (const candidate of await functionsOfAggregates(client, [...outside.values()])) {
    if (mayActOutside(candidate)) refuse(effectOf(candidate));
    if (!candidate.isSystem) outside.set(`function ${candidate.identity}`, candidate);
  }
  for (const candidate of outside.values()) await lookThrough(client, candidate, options);
  return [
    ...[...outside.values()].map(({ digest, kind, identity, language }) => ({
      ...{ id: idOf(`${kind} ${identity} ${digest}`), kind, name: identity, language },
    })),
    ...relations
      .filter(({ isForeign }) => isForeign)
      .map(({ oid, schema, name }) => ({
        ...{ id: idOf(`foreign ${String(oid)} ${schema} ${name}`), kind: 'foreign table' as const },
        ...{ name: `${schema}.${name}`, language: '' },
      })),
  ];
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** What an extension has for types of its own is not chosen where none of them is in sight. */
function isBesideIt(
  { isOfExtension, foreignTypes }: FunctionCandidate,
  usedTypes: ReadonlySet<string>,
  { calls, candidates }: CalledFunctions,
): boolean {
  if (!isOfExtension || foreignTypes.length === 0) return false;
  const namesTypes = calls.some((call) => call.kind === 'type' && candidates(call).length > 0);
  return !namesTypes && !foreignTypes.some((type) => usedTypes.has(type));
}

interface Effect {
  readonly name: string;
  readonly language: string;
}

/** A function by this name that may act outside of its transaction; whatever its schema, unless the call names one. */
function outsideEffect(functions: CalledFunctions, call: NamedCall): Effect | undefined {
  const found = functions.candidates(call).find(
    (candidate) =>
      (call.schema === null || call.schema === candidate.schema || candidate.kind !== 'function') &&
      mayActOutside(candidate) &&
      // A name behind a dot is a function of a row only.
      (call.kind !== 'attribute' || candidate.leastArguments <= 1),
  );
  return found === undefined ? undefined : effectOf(found);
}

function effectOf({ functionName, language }: FunctionCandidate): Effect {
  return { name: functionName, language };
}

function mayActOutside(candidate: FunctionCandidate): boolean {
  const { functionName, isPlainFunction, isSystem, isVolatile, isTrustedLanguage, isOfExtension } = candidate;
  if (!isPlainFunction || (harmlessFunctions.has(functionName) && (isSystem || isOfExtension))) return false;
  if (isSystem) return isVolatile || runByName.has(functionName);
  // An extension's functions say themselves what they are; anybody else's in such a language may do anything.
  return !isTrustedLanguage && (isVolatile || !isOfExtension);
}

function refuse(effect: Effect | undefined, via?: string): void {
  if (effect === undefined) return;
  const said =
    via === undefined
      ? say('sql.run.outsideEffect', { name: effect.name })
      : say('sql.run.outsideEffectVia', { name: effect.name, via });
  throw new AppError('read_only', said, {
    hint: say('sql.run.outsideEffectHint'),
    details: { function: effect.name },
  });
}

/** Looks for what a function's body names, what those functions name, and what is attached to relations named there. */
async function lookThrough(
  client: pg.ClientBase,
  start: FunctionCandidate,
  { path, readOnly }: GuardOptions,
): Promise<void> {
  const seen = new Set<string>();
  let bodies: readonly FunctionCandidate[] = [start];
  for (let level = 0; level < mostLevels && bodies.length > 0; level += 1) {
    for (const candidate of bodies) seen.add(candidate.oid);
    if (bodies.length > mostBodies) throw notFollowed();
    if (readOnly) refuseUnconfined(bodies);
    const words = bodies.flatMap(callsInBody);
    const types = [...new Set(words.flatMap(({ kind, name }) => (kind === 'type' ? [name] : [])))];
    const relations = await relationsOfWords(client, types);
    const behind = relations.length === 0 ? [] : (await lookUpNames(client, path, relations)).functions.calls;
    const calls = [...words, ...behind, ...(await callsOfChecks(client, types))];
    const functions = await findFunctions(client, path, calls);
    for (const call of functions.calls) refuse(outsideEffect(functions, call), start.identity);
    const named = calls.flatMap((call) => functions.candidates(call));
    const within = await functionsOfAggregates(client, [...bodies, ...named]);
    refuse(within.filter(mayActOutside).map(effectOf)[0], start.identity);
    bodies = [...named, ...within].filter(({ isSystem, oid }) => !isSystem && !seen.has(oid));
  }
  if (bodies.length > 0) throw notFollowed();
}

/** Every word of a body as a function and as a type, every sign as an operator: more than it calls, in any schema. */
function callsInBody({ body, language, isSystem }: FunctionCandidate): readonly NamedCall[] {
  if (isSystem || !readLanguages.has(language)) return [];
  const names = wordsOf(body);
  const calls = (kind: NamedCall['kind'], called: readonly string[]): readonly NamedCall[] =>
    called.map((name) => ({ kind, schema: null, name, argumentCount: null, within: 'statement' }));
  return [...calls('function', names), ...calls('type', names), ...calls('operator', signsOf(body))];
}

/** Builds statements out of texts, or names with escapes. */
const dynamic = /\bexecute\b|\bu&"|\bdo\b|_to_xml|\bperform\s+dblink/i;

function refuseUnconfined(bodies: readonly FunctionCandidate[]): void {
  const found = bodies.find(
    ({ isSystem, isOfExtension, isAggregate, language, body }) =>
      !isSystem &&
      !isAggregate &&
      (readLanguages.has(language) ? dynamic.test(body) || body.length >= mostBody : !isOfExtension),
  );
  if (found === undefined) return;
  throw new AppError(
    'read_only',
    say('sql.run.unconfinedEffect', { name: found.identity, language: found.language }),
    { hint: say('sql.run.unconfinedEffectHint'), details: { function: found.functionName } },
  );
}

/** As much of a body as is read of it (called-functions.ts): a longer one is not known. */
const mostBody = 65_536;
const mostOfTypes = 1_000;

/**
 * Functions of the database's own that casts of types in sight call, and the planner to estimate ranges.
 * @throws AppError `read_only` where they are too many to look at.
 */
async function functionsOfTypes(
  client: pg.ClientBase,
  types: readonly string[],
): Promise<readonly FunctionCandidate[]> {
  if (types.length === 0) return [];
  const rows = await ownQuery<{ kind: 'cast' | 'type'; name: string; schema: string }>(
    client,
    `SELECT 'cast' AS kind, p.proname::text AS name, n.nspname::text AS schema
     FROM pg_catalog.pg_cast AS c JOIN pg_catalog.pg_proc AS p ON p.oid = c.castfunc
     JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
     WHERE n.nspname <> 'pg_catalog' AND c.castcontext <> 'e'
       AND (c.castsource::text = ANY ($1::text[]) OR c.casttarget::text = ANY ($1::text[]))
     UNION SELECT 'type', p.proname::text, n.nspname::text FROM pg_catalog.pg_range AS r
     JOIN pg_catalog.pg_type AS t ON t.oid = r.rngtypid
     JOIN pg_catalog.pg_proc AS p ON p.oid IN (r.rngcanonical, r.rngsubdiff)
     JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
     WHERE n.nspname <> 'pg_catalog' AND (r.rngtypid::text = ANY ($1::text[])
       OR pg_catalog.to_jsonb(r) ->> 'rngmultitypid' = ANY ($1::text[]) OR t.typarray::text = ANY ($1::text[]))
     LIMIT ${mostOfTypes + 1}`,
    [types],
  );
  if (rows.length > mostOfTypes) throw notFollowed();
  const calls = rows.map(({ name, schema }) => ({
    ...{ kind: 'function' as const, schema, name, argumentCount: null, within: 'statement' as const },
  }));
  const functions = await findFunctions(client, [], calls);
  return calls.flatMap((call, index) =>
    functions.reachable(call).map((candidate) => ({ ...candidate, kind: rows[index]?.kind ?? 'cast' })),
  );
}
