import pg from 'pg';
import { AppError, isCancelled } from '../../shared/errors';
import { redact } from '../../shared/redact';
import { toDatabaseError } from '../postgres/errors';
import { say } from '../kernel/say';
import { placesIn } from './parser/places';
import type { SentText } from './typed-statement';

/** What PostgreSQL says of the statement itself: syntax, names, types, values, and what DECLARE does not take. */
const ofStatement = /^(?:08P01|0A|22|2F|34|38|39|42(?!501)|54|P0)/;
/** A change, or an attempt to make the transaction writable. */
const readOnlyStates: ReadonlySet<string> = new Set(['25006', '25001']);

/** Characters of one sentence of the server. */
const mostSaid = 5_000;

/** How a statement was sent: behind a prefix of ours. */
export interface SentStatement {
  readonly sent: SentText;
  readonly prefix: string;
  /** Whether it reads what may be a secret: then the server's words about values are not passed on. */
  readonly readsSecrets: boolean;
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
  const position = placeIn(sent, error.position);
  // Without a place it is about a value that was read, and may quote it.
  const isQuoting = error.position === undefined && sent.readsSecrets;
  const said = isQuoting ? withoutValues(error.message, code) : error.message;
  return new AppError('db_server', shortened(said), {
    ...(error.hint === undefined || isQuoting ? {} : { hint: shortened(error.hint) }),
    details: { sqlState: code, ...(position === null ? {} : { position: String(position) }) },
    cause: error,
  });
}

/** What the server says, without secrets, and not longer than anybody reads: it may quote a value of any size. */
export function shortened(said: string): string {
  const text = redact(said.slice(0, mostSaid));
  return said.length > mostSaid ? `${text}…` : text;
}

/** PostgreSQL's own sentences without what they quote, and what follows a colon; a function's own say nothing. */
function withoutValues(said: string, sqlState: string): string {
  if (sqlState.startsWith('P0')) return say('sql.run.ownError', { sqlState });
  const first = said.indexOf('"');
  const last = said.lastIndexOf('"');
  const unquoted =
    first === -1 ? said : `${said.slice(0, first)}"…"${last > first ? said.slice(last + 1) : ''}`;
  const colon = unquoted.indexOf(': ');
  return colon === -1 || unquoted.endsWith(': "…"') ? unquoted : `${unquoted.slice(0, colon)}: …`;
}

/** PostgreSQL counts code points, from 1 on and with the prefix; what crosses counts UTF-16 units of what was typed. */
function placeIn({ sent, prefix }: SentStatement, position: string | undefined): number | null {
  const place = Number(position ?? Number.NaN) - 1 - Array.from(prefix).length;
  if (!Number.isInteger(place) || place < 0) return null;
  return sent.typedPlace(placesIn(sent.text).ofCodePoint(place)) + 1;
}
