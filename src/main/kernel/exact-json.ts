import { plainDecimal } from '../../shared/decimal';

/** A JSON number that a JavaScript number might not hold exactly: a fraction, an exponent, or many digits. */
export class ExactNumber {
  /** `text` is plain decimal text. */
  constructor(readonly text: string) {}
}

// NUL cannot occur in what comes out of `storableText`, so no text of the proxy can pass for a number.
const marker = '\u0000';
// A text that never ends is one token to the end: whatever looked for its end again would look from each quote on.
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const smallInteger = /^-?\d{1,15}$/;

/**
 * Parses JSON without floats: integers of up to 15 digits come back as numbers, every other number as
 * {@link ExactNumber}. (JSON.parse shows a reviver the source text only from Node 21 on.) Strings come back so that
 * PostgreSQL can store them: NUL and lone surrogates become U+FFFD.
 * @throws SyntaxError when the text is no JSON or has a number beyond the range of a double (LiteLLM has only those).
 */
export function parseExactJson(text: string): unknown {
  const quoted = text.replace(tokens, (token) => {
    if (token.startsWith('"')) return storableText(token);
    return smallInteger.test(token) ? token : `"\\u0000${token}"`;
  });
  return JSON.parse(quoted, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(marker)) return value;
    const literal = value.slice(1);
    if (!Number.isFinite(Number(literal))) throw new SyntaxError('A number is out of range.');
    return new ExactNumber(plainDecimal(literal));
  });
}

/**
 * JSON text of a value that {@link parseExactJson} returned, numbers digit by digit, members in the order they have.
 */
export function toExactJson(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(toExactJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `${JSON.stringify(name)}:${toExactJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** The same string literal without NUL (which PostgreSQL's text refuses) and lone surrogates (which its jsonb does). */
function storableText(literal: string): string {
  if (!literal.includes('\\u')) return literal;
  return literal
    .replace(/\\(?:u0000|.)/gs, (escape) => (escape === '\\u0000' ? '\\ufffd' : escape))
    .replace(
      /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/gs,
      (escape) => (/^\\u[dD][89a-fA-F]/.test(escape) && escape.length === 6 ? '\\ufffd' : escape),
    );
}
