import type { SelectStmt } from 'libpg-query';
import { isSecretColumn } from '../../masking/secret-columns';
import { findFunctions, functionsOfAggregates } from '../called-functions';
import type { FunctionCandidate } from '../function-candidate';
import { type Taint, worst } from '../catalogue';
import { type KnownNames, lookUpRelations } from '../known-names';
import type { CatalogueSession } from '../own-query';
import { relationsOfWords, wordsOf } from '../words-of-body';
import { type Following, outputsOf } from './outputs';
import type { Columns, OutputColumn } from './scope';

/** Which columns a statement answers, and how much of each may be shown. */
export interface StatementLineage {
  /** null where it could not be followed: then all of it stays masked. */
  readonly columns: Columns;
  /** Whether errors and notices may quote a secret. */
  readonly readsSecrets: boolean;
  /** What a column of a relation in it may show, by the server's own numbers. */
  originTaint(relation: number, attnum: number): Taint | undefined;
}

/** Follows a statement that answers rows through all that it names. */
export async function followStatement(
  session: CatalogueSession,
  select: SelectStmt,
  known: KnownNames,
): Promise<StatementLineage> {
  const reachesSecrets =
    known.relations.some(({ columns }) => columns.some(({ taint }) => taint === 'secret')) ||
    (await bodiesReachSecrets(session, known));
  const following: Following = { known, views: new Map(), reachesSecrets, readsSecrets: false, queries: 0 };
  const columns = followed(select, following);
  return {
    columns,
    readsSecrets: following.readsSecrets || columns === null,
    originTaint: (relation, attnum) => originTaint(following, relation, attnum),
  };
}

function followed(select: SelectStmt, following: Following): Columns {
  try {
    return outputsOf(select, null, following);
  } catch (error) {
    // Nested deeper than can be followed.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function originTaint(following: Following, relation: number, attnum: number): Taint | undefined {
  const { known, views } = following;
  const found = known.relations.find(({ oid }) => oid === relation);
  if (found === undefined) return undefined;
  // A whole row.
  if (attnum === 0)
    return worst(found.columns.map((column) => originTaint(following, relation, column.attnum) ?? 'secret'));
  const index = found.columns.findIndex((column) => column.attnum === attnum);
  const own = found.columns[index]?.taint ?? 'secret';
  if (found.definition === null) return own;
  const columns = views.get(relation);
  const defined: OutputColumn | undefined = columns === 'following' ? undefined : columns?.[index];
  return worst([own, defined?.taint ?? 'secret']);
}

/** Whether a function of the database's own, or one that it names, mentions a relation with secrets. */
async function bodiesReachSecrets(session: CatalogueSession, known: KnownNames): Promise<boolean> {
  let outside: readonly FunctionCandidate[] = known.outside.filter(isOwn);
  const seen = new Set<string>();
  for (let level = 0; level < 4 && outside.length > 0; level += 1) {
    const parts = (await functionsOfAggregates(session, outside)).filter(isOwn);
    const bodies = [...outside.filter(({ isAggregate }) => !isAggregate), ...parts];
    if (bodies.some(({ language }) => language !== 'sql' && language !== 'plpgsql'))
      return known.relations.length > 0;
    for (const { oid } of [...outside, ...parts]) seen.add(oid);
    const words = new Set(bodies.flatMap(({ body }) => wordsOf(body)));
    for (const word of words) {
      if (isSecretColumn({ relation: '', column: word, typeCategory: 'S' })) return true;
    }
    const tree = await relationsOfWords(session.client, [...words]);
    const { relations: found } = await lookUpRelations(session.client, [], tree);
    if (found.some(({ columns }) => columns.some(({ taint }) => taint === 'secret'))) return true;
    const calls = [...words].map((name) => ({
      ...{ kind: 'function' as const, schema: null, name, argumentCount: null, within: 'statement' as const },
    }));
    const called = await findFunctions(session, [], calls);
    outside = calls
      .flatMap((call) => called.candidates(call))
      .filter((candidate) => isOwn(candidate) && !seen.has(candidate.oid));
  }
  return false;
}

/** Whether a function is the database's own. */
function isOwn({ isSystem, isOfExtension }: FunctionCandidate): boolean {
  return !isSystem && !isOfExtension;
}
