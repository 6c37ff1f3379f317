import type { Node, SelectStmt, VariableShowStmt } from 'libpg-query';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import { type Places, placesIn } from './parser/places';
import { parseSql, scanSql, type SqlToken } from './parser/sql-parser';
import { namesOf, nodeOf, visitNodes } from './parser/tree';
import { psqlCommandAt, withoutInvisibleSigns, withoutPsql } from './typed-text';

/** A text as the server gets it, and where its places are in what the person typed. */
export interface SentText {
  readonly text: string;
  /** UTF-16 units from 0 on. */
  typedPlace(place: number): number;
}

interface OfOneStatement extends SentText {
  /** The highest `$n` in it; 0 where there is none. */
  readonly parameters: number;
}

/** What a person typed, as PostgreSQL's grammar reads it. */
export type TypedStatement =
  | (OfOneStatement & { readonly kind: 'select'; readonly select: SelectStmt })
  | (OfOneStatement & { readonly kind: 'show'; readonly show: VariableShowStmt })
  | (OfOneStatement & {
      readonly kind: 'explain';
      readonly query: Node;
      readonly runs: boolean;
      readonly isGeneric: boolean;
      /** The statement that is explained, without what asks for its plan. */
      readonly explained: SentText;
    })
  /** The grammar refuses it; what the server says of it is shown. */
  | (SentText & { readonly kind: 'unparsed' });

/** What EXPLAIN takes and does not run, besides a SELECT. */
const planned: ReadonlySet<string> = new Set([
  ...['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'DeclareCursorStmt', 'CreateTableAsStmt'],
]);
const writing: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/**
 * Reads a statement with the server's own grammar.
 * @throws AppError `validation` where there is no statement, more than one, or one that can't be read to its end (with
 *   `details.position` from 1 on); `read_only` for one that does more than read.
 */
export async function readTyped(typed: string): Promise<TypedStatement> {
  // The protocol ends a text at its first NUL: the server would see another statement than the person.
  if (typed.includes('\0')) throw new AppError('validation', say('sql.run.zeroByte'));
  const visible = await withoutInvisibleSigns(typed);
  let { text } = visible;
  let answer = await parseSql(text);
  if (answer.kind === 'syntax') {
    const cleaned = withoutPsql(text);
    const again = cleaned === null ? null : await parseSql(cleaned);
    if (cleaned !== null && again?.kind === 'parsed') {
      text = cleaned;
      answer = again;
    }
  }
  const sent: SentText = { text, typedPlace: visible.typedPlace };
  if (answer.kind === 'unread') {
    throw new AppError('validation', say(`sql.run.unread.${answer.reason}`), {
      hint: say('sql.run.unreadHint'),
    });
  }
  if (answer.kind === 'syntax') {
    const place = placesIn(text).ofCodePoint(answer.codePoint);
    const command = psqlCommandAt(text, place);
    if (command === null) return { kind: 'unparsed', ...sent };
    throw new AppError('validation', say('sql.run.psqlCommand', { command }), {
      hint: say('sql.run.psqlCommandHint'),
      details: { position: String(sent.typedPlace(place) + 1) },
    });
  }
  const [first, second] = answer.statements;
  if (first?.stmt === undefined) {
    throw new AppError('validation', say('sql.run.noStatement'), { hint: say('sql.run.noStatementHint') });
  }
  const places = placesIn(text);
  if (second !== undefined) {
    throw new AppError('validation', say('sql.run.oneStatement'), {
      hint: say('sql.run.oneStatementHint'),
      details: {
        sqlState: '42601',
        position: String(sent.typedPlace(places.ofByte(second.stmt_location ?? 0)) + 1),
      },
    });
  }
  const begin = first.stmt_location ?? 0;
  const only = cutText(sent, places, begin, begin + (first.stmt_len ?? Number.POSITIVE_INFINITY));
  return statementOf(first.stmt, only);
}

async function statementOf(stmt: Node, sent: SentText): Promise<TypedStatement> {
  const node = nodeOf(stmt);
  const parameters = highestParameter(stmt);
  if (node?.kind === 'SelectStmt' && !makesTable(node.fields))
    return { kind: 'select', select: node.fields, parameters, ...sent };
  if (node?.kind === 'VariableShowStmt') return { kind: 'show', show: node.fields, parameters, ...sent };
  const tokens = (await scanSql(sent.text)) ?? [];
  if (node?.kind === 'ExplainStmt') {
    const { query, options = [] } = node.fields as { readonly query?: Node; readonly options?: Node[] };
    const inner = nodeOf(query);
    const runs = hasOption(options, 'analyze');
    const reads = inner?.kind === 'SelectStmt' && !makesTable(inner.fields);
    const isAllowed = runs ? reads && !writes(query) : reads || planned.has(inner?.kind ?? '');
    if (query !== undefined && isAllowed) {
      const places = placesIn(sent.text);
      const start = startOfExplained(tokens, options);
      const explained = cutText(sent, places, start, Number.POSITIVE_INFINITY);
      const isGeneric = hasOption(options, 'generic_plan');
      return { kind: 'explain', query, runs, isGeneric, explained, parameters, ...sent };
    }
    throw notReading(runs ? 'EXPLAIN ANALYZE' : `EXPLAIN ${firstWord(tokens.slice(1))}`);
  }
  throw notReading(node?.kind === 'SelectStmt' ? 'SELECT INTO' : firstWord(tokens));
}

function notReading(word: string): AppError {
  return new AppError('read_only', say('sql.run.notReading', { word }), {
    hint: say('sql.run.notReadingHint'),
    details: { word: word.toLowerCase() },
  });
}

function firstWord(tokens: readonly SqlToken[]): string {
  return tokens.find(({ tokenName }) => !isComment(tokenName))?.text.toUpperCase() ?? '';
}

function isComment(tokenName: string): boolean {
  return tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT';
}

/** Whether it is `SELECT … INTO`, at its top or in an arm of a union. */
function makesTable(select: SelectStmt): boolean {
  for (let arm: SelectStmt | undefined = select; arm !== undefined; arm = arm.larg) {
    if (arm.intoClause !== undefined) return true;
  }
  return false;
}

function writes(tree: unknown): boolean {
  let found = false;
  visitNodes(tree, ({ kind, fields }) => {
    found ||= writing.has(kind) || 'intoClause' in fields;
  });
  return found;
}

function highestParameter(tree: unknown): number {
  let highest = 0;
  visitNodes(tree, ({ kind, fields }) => {
    if (kind === 'ParamRef') highest = Math.max(highest, Number(fields['number'] ?? 0));
  });
  return highest;
}

/** Whether an option is given and not switched off. */
function hasOption(options: readonly Node[], name: string): boolean {
  // The last one counts, so that one that is on anywhere is taken for on.
  return options.some((option) => {
    const fields = nodeOf(option)?.fields ?? {};
    if (fields['defname'] !== name) return false;
    const arg = nodeOf(fields['arg']);
    if (arg === null) return true;
    const [word = 'ival' in arg.fields || 'boolval' in arg.fields ? 'on' : '0'] = namesOf([fields['arg']]);
    return !['off', 'false', '0'].includes(word.toLowerCase());
  });
}

/** The byte at which what is explained begins: behind EXPLAIN and its options. */
function startOfExplained(tokens: readonly SqlToken[], options: readonly Node[]): number {
  const words = tokens.filter(({ tokenName }) => !isComment(tokenName));
  let next = 1;
  if (options.length > 0 && words[1]?.text === '(') {
    // The options in parentheses; where there are none, the parenthesis is the statement's.
    let depth = 0;
    do {
      if (words[next]?.text === '(') depth += 1;
      if (words[next]?.text === ')') depth -= 1;
      next += 1;
    } while (depth > 0 && next < words.length);
  } else {
    next += options.length;
  }
  return words[next]?.start ?? 0;
}

/** A part of a text, by bytes. */
function cutText({ text, typedPlace }: SentText, places: Places, fromByte: number, toByte: number): SentText {
  const from = places.ofByte(fromByte);
  return {
    text: text.slice(from, places.ofByte(toByte)),
    typedPlace: (place) => typedPlace(from + place),
  };
}
