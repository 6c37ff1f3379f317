/** What a statement begins with decides how it is run; the server decides whether it may. */
export type StatementKind =
  | { readonly kind: 'select' }
  | { readonly kind: 'show' }
  | {
      readonly kind: 'explain';
      /** `(ANALYZE, VERBOSE)`, as written. */
      readonly options: string;
      /** Where the explained statement begins. */
      readonly start: number;
    }
  /** The word or sign it begins with; empty where there are only comments and strings. */
  | { readonly kind: 'other'; readonly word: string };

type Token =
  | { readonly kind: 'name'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly start: number; readonly end: number };

const readingWords: ReadonlySet<string> = new Set(['select', 'values', 'table', 'with']);

/** Skipped: blanks, comments (PostgreSQL nests them), strings. Found: names and single characters. */
const pattern =
  /(?<skip>\s+|--[^\n\r]*)|(?<comment>\/\*)|(?<dollar>\$(?:[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$)|(?<escaped>[eE]'(?:[^'\\]|\\.|'')*'?)|(?<string>'(?:[^']|'')*'?)|(?<unicode>[uU]&"(?:[^"]|"")*"?)|(?<quoted>"(?:[^"]|"")*"?)|(?<word>[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*)|(?<other>[\s\S])/y;

function* tokensOf(statement: string): Generator<Token> {
  const reader = new RegExp(pattern);
  let match = reader.exec(statement);
  while (match) {
    const start = match.index;
    const groups = match.groups ?? {};
    if (groups['comment'] !== undefined) reader.lastIndex = endOfComment(statement, start);
    if (groups['dollar'] !== undefined) {
      const end = statement.indexOf(groups['dollar'], reader.lastIndex);
      reader.lastIndex = end === -1 ? statement.length : end + groups['dollar'].length;
    }
    const end = reader.lastIndex;
    if (groups['word'] !== undefined) yield { kind: 'name', text: groups['word'].toLowerCase(), start, end };
    if (groups['quoted'] !== undefined) {
      yield { kind: 'name', text: groups['quoted'].slice(1, -1).replaceAll('""', '"'), start, end };
    }
    if (groups['unicode'] !== undefined)
      yield { kind: 'name', text: unescaped(groups['unicode']), start, end };
    if (groups['other'] !== undefined) yield { kind: 'symbol', text: groups['other'], start, end };
    match = reader.exec(statement);
  }
}

function endOfComment(statement: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(statement); mark; mark = marks.exec(statement)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return statement.length;
}

/** `U&"\0070g"` as `pg`. */
function unescaped(quoted: string): string {
  return quoted
    .slice(3, -1)
    .replaceAll('""', '"')
    .replace(/\\(?:\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4}))/g, (_whole, long?: string, short?: string) =>
      String.fromCodePoint(Math.min(Number.parseInt(long ?? short ?? '0', 16), 0x10ffff)),
    );
}

/** What kind of statement it is, by its first word. */
export function kindOfStatement(statement: string): StatementKind {
  const tokens = tokensOf(statement);
  let token = next(tokens);
  while (token?.text === '(') token = next(tokens);
  const word = token?.kind === 'name' ? token.text : (token?.text ?? '');
  if (readingWords.has(word)) return { kind: 'select' };
  if (word === 'show') return { kind: 'show' };
  return word === 'explain' && token ? explained(statement, token.end, tokens) : { kind: 'other', word };
}

function explained(statement: string, begin: number, tokens: Iterator<Token>): StatementKind {
  let depth = 0;
  let end = begin;
  for (let token = next(tokens); token; token = next(tokens)) {
    if (token.text === '(' && (depth > 0 || end === begin)) depth += 1;
    else if (token.text === ')' && depth > 0) depth -= 1;
    else if (depth === 0 && token.text !== 'analyze' && token.text !== 'verbose') {
      return { kind: 'explain', options: statement.slice(begin, end), start: token.start };
    }
    end = token.end;
  }
  return { kind: 'other', word: 'explain' };
}

/** Whether another statement stands behind a semicolon. */
export function hasSecondStatement(statement: string): boolean {
  let ended = false;
  for (const token of tokensOf(statement)) {
    if (token.kind === 'symbol' && token.text === ';') ended = true;
    else if (ended) return true;
  }
  return false;
}

function next(tokens: Iterator<Token>): Token | undefined {
  const step = tokens.next();
  return step.done === true ? undefined : step.value;
}

/** Every name in a statement, and the words that are written as strings: `doc->>'api_key'`, `doc #>> '{a,api_key}'`. */
export function namesIn(statement: string): readonly string[] {
  const names = new Set<string>();
  for (const { kind, text } of tokensOf(statement)) if (kind === 'name') names.add(text);
  for (const [, text = ''] of statement.matchAll(/'([^'\s]{1,100})'/g)) {
    for (const word of text.split(/[{}[\]",.$]+/)) names.add(word);
  }
  return [...names];
}

/** Whether a name is written with escapes of a sign of its own choice (`U&"pg!005Fsleep" UESCAPE '!'`). */
export function hasOwnEscapes(statement: string): boolean {
  let before: Token | undefined;
  for (const token of tokensOf(statement)) {
    if (token.text === 'uescape' && before && statement[before.start + 1] === '&') return true;
    before = token;
  }
  return false;
}

/** Names that stand before an opening parenthesis: the functions that the statement calls by name, and more. */
export function calledNames(statement: string): readonly string[] {
  const names = new Set<string>();
  let before: Token | undefined;
  for (const token of tokensOf(statement)) {
    if (token.text === '(' && before?.kind === 'name') names.add(before.text);
    before = token;
  }
  return [...names];
}
