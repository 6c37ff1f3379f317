import { createHash } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';

const longestPrefix = 10;
const shortestIndexed = 3;
const uuidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether a text is a whole UUID, in whatever letter case. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);

/** What a person typed into a search box, taken apart once. */
export type Search =
  | { readonly kind: 'none' }
  /** A whole key was pasted: only its hash is left. */
  | { readonly kind: 'key'; readonly keyHash: string }
  | TextSearch;

export interface TextSearch {
  readonly kind: 'text';
  readonly text: string;
  /** ILIKE pattern that finds the text anywhere, its own `%`, `_` and `\` taken literally. */
  readonly contains: string;
  /** LIKE pattern that finds it at the beginning. */
  readonly startsWith: string;
  /** Set when the text is a whole UUID. */
  readonly uuid: string | null;
  /** Set when the text may be a short key. */
  readonly keyHash: string | null;
  /** Trigram indexes find texts of three characters and more. */
  readonly tooShortForIndex: boolean;
}

/**
 * Reads a search box. A `sk-…` longer than what a list shows of a key (ten characters) is a secret: it is hashed here
 * and goes no further (design: "A pasted sk-… in any search box").
 */
export function parseSearch(typed: string): Search {
  // PostgreSQL's text holds no NUL: such a search could only fail.
  const text = typed.replaceAll('\0', '').trim();
  if (text === '') return { kind: 'none' };
  const keyHash = text.startsWith('sk-') ? createHash('sha256').update(text).digest('hex') : null;
  if (keyHash !== null && text.length > longestPrefix) return { kind: 'key', keyHash };
  const escaped = text.replace(/[\\%_]/g, (character) => `\\${character}`);
  return {
    kind: 'text',
    text,
    contains: `%${escaped}%`,
    startsWith: `${escaped}%`,
    uuid: isUuid(text) ? text : null,
    keyHash,
    tooShortForIndex: text.length < shortestIndexed,
  };
}

/** True where any of the conditions is; false where there is none. */
export function anyOf(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`false` : sql`(${sql.join([...conditions], sql` OR `)})`;
}

/** One condition per column: the column contains the text, whatever its case. pg_trgm's indexes serve it. */
export function containing(search: TextSearch, columns: readonly SQL[]): SQL[] {
  return columns.map((column) => sql`${column} ILIKE ${search.contains}`);
}
