import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import { findFunctions, functionsOfAggregates, mostBody } from './called-functions';
import type { CalledFunctions, FunctionCandidate, NamedCall } from './function-candidate';
import { harmlessFunctions, runByName } from './judged-functions';
import { callsOf, type KnownNames, lookUpExpressions, lookUpRelations, typesNamed } from './known-names';
import { notFollowed } from './not-followed';
import type { CatalogueSession } from './own-query';
import { attachedTo, type Sight } from './types-in-sight';
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
  session: CatalogueSession,
  { functions, outside: called, relations }: KnownNames,
  options: GuardOptions,
): Promise<readonly DatabaseCode[]> {
  refuse(effectAmong(functions));
  const outside = new Map(called.map((candidate) => [`${candidate.kind} ${candidate.identity}`, candidate]));
  for (const candidate of await functionsOfAggregates(session, called)) {
    if (mayActOutside(candidate)) refuse(effectOf(candidate));
    if (!candidate.isSystem) outside.set(`function ${candidate.identity}`, candidate);
  }
  await lookThrough(session, [...outside.values()], options);
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

interface Effect {
  readonly name: string;
  readonly language: string;
}

/** What acts outside of the transaction among all that calls may reach. */
function effectAmong(functions: CalledFunctions): Effect | undefined {
  for (const call of functions.calls) {
    const effect = outsideEffect(functions, call);
    if (effect !== undefined) return effect;
  }
  return functions.unnamed.filter(mayActOutside).map(effectOf)[0];
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

/** Refuses functions that act outside by what they name, with the first through which they do. */
async function lookThrough(
  session: CatalogueSession,
  starts: readonly FunctionCandidate[],
  options: GuardOptions,
): Promise<void> {
  const effect = await effectWithin(session, starts, options);
  if (effect === undefined) return;
  for (const start of starts) {
    if (starts.length === 1 || (await effectWithin(session, [start], options)) !== undefined)
      refuse(effect, start.identity);
  }
  refuse(effect);
}

/**
 * What acts outside of the transaction among all that bodies name, what those functions name, and what is attached to the
 * relations and types named there.
 */
async function effectWithin(
  session: CatalogueSession,
  starts: readonly FunctionCandidate[],
  { path, readOnly }: GuardOptions,
): Promise<Effect | undefined> {
  const seen = new Set<string>();
  const expressions = new Set<string>();
  let bodies = starts;
  /** What was found attached names types and relations too. */
  let pending: Awaited<ReturnType<typeof lookUpExpressions>> = { relations: [], trees: [] };
  let sight: Sight = { names: [], types: [], relations: [], hidesCasts: true };
  for (let level = 0; level < mostLevels && bodies.length + pending.trees.length > 0; level += 1) {
    for (const candidate of bodies) seen.add(candidate.oid);
    if (bodies.length > mostBodies) throw notFollowed();
    if (readOnly) refuseUnconfined(bodies);
    const words = bodies.flatMap(callsInBody);
    const types = [...new Set(words.flatMap(({ kind, name }) => (kind === 'type' ? [name] : [])))];
    const behind = await lookUpRelations(session.client, path, await relationsOfWords(session.client, types));
    const ofViews = callsOf(behind.trees);
    sight = {
      ...sight,
      names: [
        ...sight.names,
        ...types.map((name) => ({ schema: null, name })),
        ...typesNamed([...ofViews, ...callsOf(pending.trees)], path),
      ],
      types: [...sight.types, ...bodies.flatMap(({ usedTypes }) => usedTypes)],
      relations: [...sight.relations, ...[...behind.relations, ...pending.relations].map(({ oid }) => oid)],
    };
    const attached = await attachedTo(session, sight);
    pending = await lookUpExpressions(
      session.client,
      attached.expressions.filter((expression) => !expressions.has(expression)),
    );
    for (const expression of attached.expressions) expressions.add(expression);
    const calls = [...words, ...ofViews, ...callsOf(pending.trees)];
    const functions = await findFunctions(session, path, calls, { unnamed: attached.functions });
    const named = [...calls.flatMap((call) => functions.candidates(call)), ...functions.unnamed];
    const within = await functionsOfAggregates(session, [...bodies, ...named]);
    const effect = effectAmong(functions) ?? within.filter(mayActOutside).map(effectOf)[0];
    if (effect !== undefined) return effect;
    const next = [...named, ...within].filter(({ isSystem, oid }) => !isSystem && !seen.has(oid));
    bodies = [...new Map(next.map((candidate) => [candidate.oid, candidate])).values()];
  }
  if (bodies.length + pending.trees.length > 0) throw notFollowed();
  return undefined;
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
