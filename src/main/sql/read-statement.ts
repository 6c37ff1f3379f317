import type pg from 'pg';
import { AppError } from '../../shared/errors';
import { fetchRows } from '../browse/fetch-rows';
import { say } from '../kernel/say';
import { type DatabaseCode, guardCalls } from './guard-calls';
import { lookUpNames } from './known-names';
import { followStatement, type StatementLineage } from './lineage/follow-statement';
import { nodeOf } from './parser/tree';
import { parseOnly } from './parse-only';
import { queryOne, type ReadOnlySession, refusingTooLarge } from './read-only-session';
import { resultColumns, type StatementColumn } from './result-columns';
import { asPerson, personPath, toOwnPath, toPersonPath } from './search-path';
import { type SentStatement, toStatementError } from './statement-error';
import { readTyped, type TypedStatement } from './typed-statement';

/** DECLARE takes SELECT, VALUES, TABLE and WITH that only read, and nothing else: the server checks what we have read. */
const cursorPrefix = 'DECLARE litemaas_result NO SCROLL CURSOR FOR ';

/** A statement as it was asked for. */
export interface AskedStatement {
  readonly statement: string;
  /** Where names without a schema are looked for, after pg_catalog. */
  readonly schemas: readonly string[];
  /** The code of the database that the person lets it run, by {@link DatabaseCode.id}. */
  readonly confirmed: readonly string[];
}

export interface StatementRows {
  readonly columns: readonly StatementColumn[];
  readonly batches: AsyncIterable<readonly (readonly (string | null)[])[]>;
  /** Whether what the server says besides may quote a secret. */
  readonly readsSecrets: boolean;
}

/** A statement that may run: read, looked through and, where it runs code of the database's own, confirmed. */
export interface ReadyStatement {
  readonly typed: Exclude<TypedStatement, { readonly kind: 'unparsed' }>;
  readonly lineage: StatementLineage | null;
  readonly readsSecrets: boolean;
  readonly code: readonly DatabaseCode[];
}

/**
 * Reads a statement and all that it names, without running any of it.
 * @throws AppError `validation` or `read_only` for what is not run here, with the place where there is one.
 */
export async function prepareStatement(
  session: ReadOnlySession,
  signal: AbortSignal,
  { statement, schemas }: Omit<AskedStatement, 'confirmed'>,
): Promise<ReadyStatement> {
  const typed = await readTyped(statement);
  const { client, readOnly } = session;
  if (typed.kind === 'unparsed') {
    await parseOnly(client, typed.text).catch((error: unknown) => {
      throw toStatementError(error, signal, { sent: typed, prefix: '', readsSecrets: false });
    });
    throw new AppError('validation', say('sql.run.unknownGrammar'), {
      hint: say('sql.run.unknownGrammarHint'),
    });
  }
  if (typed.kind === 'show') return { typed, lineage: null, readsSecrets: false, code: [] };
  const tree = typed.kind === 'select' ? { SelectStmt: typed.select } : typed.query;
  const path = personPath(schemas);
  const known = await lookUpNames(session, path, tree);
  const code = await guardCalls(session, known, { path, readOnly });
  const node = nodeOf(tree);
  const lineage = node?.kind === 'SelectStmt' ? await followStatement(session, node.fields, known) : null;
  return { typed, lineage, readsSecrets: lineage?.readsSecrets ?? true, code };
}

/** @throws AppError `validation` with `details.reason` = `unconfirmed` for code that was not confirmed as it is now. */
export function throwUnlessConfirmed({ code }: ReadyStatement, confirmed: readonly string[]): void {
  const missing = code.filter(({ id }) => !confirmed.includes(id));
  if (missing.length === 0) return;
  const names = missing.slice(0, 5).map(({ name }) => name);
  const rest = missing.length > names.length ? '…' : '';
  throw new AppError('validation', say('sql.run.unconfirmed', { names: `${names.join(', ')}${rest}` }), {
    hint: say('sql.run.unconfirmedHint'),
    details: { reason: 'unconfirmed' },
  });
}

/**
 * Begins a statement that reads and answers its columns and its rows as they come.
 * @param mostRows ends after so many.
 * @throws AppError with PostgreSQL's own words and the place for a wrong statement.
 */
export async function readStatement(
  session: ReadOnlySession,
  signal: AbortSignal,
  asked: AskedStatement,
  mostRows = Number.POSITIVE_INFINITY,
): Promise<StatementRows> {
  const ready = await prepareStatement(session, signal, asked);
  throwUnlessConfirmed(ready, asked.confirmed);
  const { typed, lineage, readsSecrets } = ready;
  const { client } = session;
  if (typed.kind !== 'select') {
    const first = await ask(
      session,
      signal,
      asked,
      { sent: typed, prefix: '', readsSecrets },
      typed.kind === 'explain' && typed.isGeneric && !typed.runs,
    );
    const columns = await resultColumns(client, first.fields, 'server');
    return { columns, batches: once(first.rows.slice(0, mostRows)), readsSecrets };
  }
  const sent = { sent: typed, prefix: cursorPrefix, readsSecrets };
  await client.query(toPersonPath(asked.schemas));
  await sendText(client, signal, sent);
  const fetch = async (count: number, before: string): Promise<pg.QueryArrayResult<(string | null)[]>> => {
    try {
      return await fetchFromCursor(client, count, before);
    } catch (error) {
      throw toStatementError(error, signal, sent);
    }
  };
  const { fields } = await fetch(0, '');
  const columns = await resultColumns(client, fields, lineage);
  const toPerson = `${toPersonPath(asked.schemas)}; `;
  const fetchNext = async (count: number): Promise<readonly (string | null)[][]> =>
    (await fetch(count, toPerson)).rows;
  return { columns, batches: fetchRows(fetchNext, (row) => row, mostRows), readsSecrets };
}

/**
 * Sends a person's statement under the path that was chosen for it.
 * @param hasParameters whether it is a plan for any values of parameters. Only the simple protocol binds none; before,
 *   the server has to read the text as one statement, as it would otherwise.
 */
export function ask(
  { client }: ReadOnlySession,
  signal: AbortSignal,
  { schemas }: Pick<AskedStatement, 'schemas'>,
  sent: SentStatement,
  hasParameters = false,
): Promise<pg.QueryArrayResult<(string | null)[]>> {
  return asPerson(client, schemas, () => sendText(client, signal, sent, hasParameters));
}

async function sendText(
  client: pg.Client,
  signal: AbortSignal,
  sent: SentStatement,
  hasParameters = false,
): Promise<pg.QueryArrayResult<(string | null)[]>> {
  const text = `${sent.prefix}${sent.sent.text}`;
  try {
    if (!hasParameters) return await queryOne(client, text);
    await parseOnly(client, text);
    return await client.query<(string | null)[]>({ text, rowMode: 'array' });
  } catch (error) {
    throw toStatementError(error, signal, sent);
  }
}

/** The next rows, with the console's own path again afterwards: one message, in which every text is ours. */
async function fetchFromCursor(
  client: pg.Client,
  count: number,
  before: string,
): Promise<pg.QueryArrayResult<(string | null)[]>> {
  const text = `${before}FETCH FORWARD ${String(count)} FROM litemaas_result; ${toOwnPath}`;
  // pg answers several statements with as many results, which its types do not know.
  const results: unknown = await refusingTooLarge(client.query({ text, rowMode: 'array' }));
  const found = (results as pg.QueryArrayResult<(string | null)[]>[]).find(
    ({ command }) => command === 'FETCH',
  );
  if (found === undefined) throw new Error('The rows did not come.');
  return found;
}

async function* once<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  await Promise.resolve();
  yield rows;
}
