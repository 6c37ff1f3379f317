import pg from 'pg';
import { AppError, isCancelled } from '../../shared/errors';
import { toDatabaseError } from '../postgres/errors';
import { redact } from '../../shared/redact';
import { say } from '../say';
import { mentionsSecrets } from './mentions-secrets';
import { hasSecondStatement } from './statement-text';

/** What PostgreSQL says of the statement itself: syntax, names, types, values, and what DECLARE does not take. */
const ofStatement = /^(08P01|0A|22|2F|34|38|39|42(?!501)|54|P0)/;
/** A change, or an attempt to make the transaction writable. */
const readOnlyStates: ReadonlySet<string> = new Set(['25006', '25001']);

/** Characters of one sentence of the server. */
const mostSaid = 5_000;

/** How a statement was sent: from `start` on, behind a prefix of ours. */
export interface SentStatement {
  readonly statement: string;
  readonly start: number;
  readonly prefix: string;
}

/** A failure of a statement that a person wrote: PostgreSQL's own words, with the place in the statement. */
export function toStatementError(error: unknown, signal: AbortSignal, sent: SentStatement): unknown {
  if (error instanceof AppError) return error;
  if (signal.aborted || isCancelled(error)) return toDatabaseError(error, signal);
  if (!(error instanceof pg.DatabaseError)) return toDatabaseError(error, signal);
  const { code = '' } = error;
  if (code === '57014') {
    return new AppError('db_timeout', say('sql.run.timeout'), {
      hint: say('sql.run.timeoutHint'),
      details: { sqlState: code },
      cause: error,
    });
  }
  if (readOnlyStates.has(code)) {
    return new AppError('read_only', say('sql.run.readOnly', { reason: shortened(error.message) }), {
      hint: say('sql.run.readOnlyHint'),
      details: { sqlState: code },
      cause: error,
    });
  }
  if (!ofStatement.test(code)) return toDatabaseError(error, signal);
  if (code === '42601' && hasSecondStatement(sent.statement)) {
    return new AppError('validation', say('sql.run.oneStatement'), {
      hint: say('sql.run.oneStatementHint'),
      details: { sqlState: code },
      cause: error,
    });
  }
  const position = placeIn(sent, error.position);
  // Without a place it is about a value that was read, and quotes it.
  const quotesSecret = error.position === undefined && mentionsSecrets(sent.statement);
  const said = quotesSecret ? error.message.replace(/".*"/s, '"…"') : error.message;
  return new AppError('db_server', shortened(said), {
    ...(error.hint === undefined ? {} : { hint: shortened(error.hint) }),
    details: { sqlState: code, ...(position === null ? {} : { position: String(position) }) },
    cause: error,
  });
}

/** What the server says, without secrets, and not longer than anybody reads: it may quote a value of any size. */
export function shortened(said: string): string {
  const text = redact(said.slice(0, mostSaid));
  return said.length > mostSaid ? `${text}…` : text;
}

/** PostgreSQL counts characters, from 1 on and with the prefix; JavaScript counts UTF-16 units. */
function placeIn({ statement, start, prefix }: SentStatement, position: string | undefined): number | null {
  const place = Number(position ?? Number.NaN) - 1 - Array.from(prefix).length;
  const characters = Array.from(statement.slice(start));
  if (!Number.isInteger(place) || place < 0 || place > characters.length) return null;
  return start + characters.slice(0, place).join('').length + 1;
}
