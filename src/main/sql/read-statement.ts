import { AppError } from '../../shared/errors';
import { fetchRows } from '../browse/fetch-rows';
import { say } from '../say';
import { mentionsSecrets } from './mentions-secrets';
import type { ReadOnlySession } from './read-only-session';
import { queryOne } from './read-only-session';
import { refuseOutsideEffects } from './refuse-outside-effects';
import { resultColumns, type StatementColumn } from './result-columns';
import { type SentStatement, toStatementError } from './statement-error';
import { kindOfStatement, type StatementKind } from './statement-text';

/** DECLARE takes SELECT, VALUES, TABLE and WITH that only read, and nothing else. */
const cursorPrefix = 'DECLARE litemaas_result NO SCROLL CURSOR FOR ';

export interface StatementRows {
  readonly columns: readonly StatementColumn[];
  readonly batches: AsyncIterable<readonly (readonly (string | null)[])[]>;
}

/**
 * Begins a statement that reads and answers its columns and its rows as they come.
 * @param sent by {@link readingOf} or {@link explainingOf}.
 * @param mostRows ends after so many.
 * @throws AppError with PostgreSQL's own words and the place for a wrong statement; `read_only` for one that may act
 *   outside of its transaction.
 */
export async function readStatement(
  { client }: ReadOnlySession,
  signal: AbortSignal,
  sent: SentStatement,
  mostRows = Number.POSITIVE_INFINITY,
): Promise<StatementRows> {
  await refuseOutsideEffects(client, sent.statement);
  const asked = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw toStatementError(error, signal, sent);
    });

  const first = await asked(queryOne(client, `${sent.prefix}${sent.statement.slice(sent.start)}`));
  if (sent.prefix !== cursorPrefix) {
    const columns = await resultColumns(client, first.fields, { computed: false });
    return { columns, batches: once(first.rows.slice(0, mostRows)) };
  }
  const { fields } = await asked(queryOne(client, 'FETCH FORWARD 0 FROM litemaas_result'));
  const columns = await resultColumns(client, fields, { computed: mentionsSecrets(sent.statement) });
  const fetch = async (count: number): Promise<readonly (string | null)[][]> =>
    (await asked(queryOne(client, `FETCH FORWARD ${String(count)} FROM litemaas_result`))).rows;
  return { columns, batches: fetchRows(fetch, (row) => row, mostRows) };
}

/**
 * How a statement is sent so that the server's own grammar refuses what does more than read: as a cursor's query, or
 * as SHOW.
 * @throws AppError `read_only` for every other statement; `validation` where there is none.
 */
export function readingOf(statement: string): SentStatement {
  const kind = readingKind(statement);
  if (kind.kind === 'show') return { statement, start: 0, prefix: '' };
  if (kind.kind === 'select') return { statement, start: 0, prefix: cursorPrefix };
  return explainingOf(statement, kind.options);
}

/** The same for its plan; an EXPLAIN that it begins with is replaced. */
export function explainingOf(statement: string, options: string): SentStatement {
  const kind = readingKind(statement);
  const start = kind.kind === 'explain' ? kind.start : 0;
  readingKind(statement.slice(start));
  return { statement, start, prefix: `EXPLAIN ${options} ${cursorPrefix}` };
}

function readingKind(statement: string): Exclude<StatementKind, { readonly kind: 'other' }> {
  // The protocol ends a text at its first NUL: the server would see another statement than the person.
  if (statement.includes('\0')) throw new AppError('validation', say('sql.run.zeroByte'));
  const kind = kindOfStatement(statement);
  if (kind.kind !== 'other') return kind;
  if (kind.word === '' || kind.word === ';') {
    throw new AppError('validation', say('sql.run.noStatement'), { hint: say('sql.run.noStatementHint') });
  }
  throw new AppError('read_only', say('sql.run.notReading', { word: kind.word.toUpperCase() }), {
    hint: say('sql.run.notReadingHint'),
    details: { word: kind.word },
  });
}

async function* once<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  await Promise.resolve();
  yield rows;
}
