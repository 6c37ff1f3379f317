import type pg from 'pg';
import { notFollowed } from './not-followed';
import { ownQuery } from './own-query';

/** PostgreSQL cuts every name to so many bytes. */
const mostNameBytes = 63;
/** More relations than that under the words of a body are not looked at: then it is not run. */
const mostRelations = 500;

/**
 * Whatever a body of SQL or PL/pgSQL may name: its words as the scanner takes them (any sign beyond ASCII is a letter)
 * and in lower case, and what stands between two quotation marks, whichever of them opens.
 */
export function wordsOf(body: string): readonly string[] {
  const words = body.match(/[A-Za-z_\u0080-\u{10FFFF}][\w$\u0080-\u{10FFFF}]*/gu) ?? [];
  const quoted = body
    .replaceAll('""', '\0')
    .split('"')
    .map((piece) => piece.replaceAll('\0', '"'));
  const lower = words.map((word) => word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
  return [...new Set([...words, ...lower, ...quoted].map(clipped))].filter((word) => word !== '');
}

/** The operators a body may use: runs of their signs, as far as the scanner takes them. */
export function signsOf(body: string): readonly string[] {
  const runs = new Set(body.match(/[-+*/<>=~!@#%^&|`?]+/g));
  const signs = [...runs].flatMap((run) => {
    // A comment ends an operator, and most don't end with a sign of a number: `=-1` is `=` and `-`.
    const pieces = [...run.split(/--|\/\*/), run];
    return pieces.flatMap((piece) => [piece, withoutSign(piece)]);
  });
  return [...new Set([...signs, '+', '-'])].filter((sign) => sign !== '' && sign.length <= mostNameBytes);
}

function withoutSign(piece: string): string {
  let end = piece.length;
  while (end > 0 && '+-'.includes(piece.charAt(end - 1))) end -= 1;
  return piece.slice(0, end);
}

function clipped(word: string): string {
  const bytes = Buffer.from(word);
  // `stream`: a sign that is cut in two is left out.
  if (bytes.length <= mostNameBytes) return word;
  return new TextDecoder().decode(bytes.subarray(0, mostNameBytes), { stream: true });
}

/**
 * The relations that words may name, in any schema, as a tree that names them.
 * @throws AppError `read_only` where there are too many.
 */
export async function relationsOfWords(
  client: pg.ClientBase,
  words: readonly string[],
): Promise<readonly unknown[]> {
  if (words.length === 0) return [];
  const rows = await ownQuery<{ schema: string; name: string }>(
    client,
    `SELECT n.nspname::text AS schema, c.relname::text AS name
     FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relname = ANY ($1::name[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
     LIMIT ${mostRelations + 1}`,
    [words],
  );
  if (rows.length > mostRelations) throw notFollowed();
  return rows.map(({ schema, name }) => ({ RangeVar: { schemaname: schema, relname: name } }));
}
