import type { CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import { keywordCompletionSource } from '@codemirror/lang-sql';
import { syntaxTree } from '@codemirror/language';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { offeredDialect } from './dialect';
import { typedName, type TypedName } from './statement-names';

export type FoundName = AnswerOf<Contract['sql']['completions']>['items'][number];

/** Asks the database which names may stand there; rejects when it cannot tell or `signal` aborts. */
export type FindNames = (typed: TypedName, signal: AbortSignal) => Promise<readonly FoundName[]>;

/** As many as one answer holds at most: there may be more, so typing on asks again. */
const fullAnswer = 100;
/** As many relations as a question may name, and as long as a prefix or qualifier may be. */
const mostRelations = 20;
const longestName = 63;

/** Names of the database's catalogue, and PostgreSQL's keywords. */
export function completionSources(findNames: FindNames): readonly CompletionSource[] {
  const keywords = keywordCompletionSource(offeredDialect);
  return [
    (context) => catalogueNames(context, findNames),
    (context) =>
      isTextOrComment(context) || typedHere(context).qualifier !== undefined ? null : keywords(context),
  ];
}

async function catalogueNames(
  context: CompletionContext,
  findNames: FindNames,
): Promise<CompletionResult | null> {
  if (isTextOrComment(context)) return null;
  const typed = typedHere(context);
  const isWorthAsking = typed.prefix !== '' || typed.qualifier !== undefined || context.explicit;
  if (!isWorthAsking || typed.prefix.length > longestName) return null;
  const controller = new AbortController();
  context.addEventListener('abort', () => controller.abort(), { onDocChange: true });
  try {
    const names = await findNames(
      { ...typed, relations: typed.relations.slice(0, mostRelations) },
      controller.signal,
    );
    return {
      from: typed.from,
      options: names.map(({ text, kind, detail }) => ({
        label: text,
        type: kind,
        ...(detail === null ? {} : { detail }),
        // Columns of the statement's relations before everything else.
        boost: kind === 'column' ? 3 : kind === 'relation' ? 2 : kind === 'schema' ? 1 : -1,
      })),
      ...(names.length < fullAnswer ? { validFor: /^[\p{L}\p{N}_$]*$/u } : {}),
    };
  } catch {
    // Writing goes on without suggestions; running the statement says what is wrong with the connection.
    return null;
  }
}

function typedHere({ state, pos }: CompletionContext): TypedName {
  return typedName(state.doc.toString(), pos);
}

function isTextOrComment({ state, pos }: CompletionContext): boolean {
  return /String|Comment/.test(syntaxTree(state).resolveInner(pos, -1).name);
}
