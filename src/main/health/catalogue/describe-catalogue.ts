import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { CatalogueItem } from './catalogue-item';
import { catalogueQueries } from './catalogue-queries';

/** The schemas that the migrations fill. */
export const ourSchemas = ['public', 'litemaas_console'] as const;

interface Row {
  schema: string;
  relation: string | null;
  name: string;
  parts: Record<string, string | null>;
  creation: string | null;
}

/**
 * Everything that our two schemas consist of, as text that does not depend on the server's version (15 to 18), the
 * role or the search path. Left out: what an extension brought and what depends on it, LiteLLM's tables, the months of
 * the usage log (they come and go) and the parts of them.
 *
 * Must run inside a transaction: it sets the search path, so that names are printed in full.
 */
export async function describeCatalogue(client: pg.ClientBase): Promise<CatalogueItem[]> {
  await client.query('SET LOCAL search_path = pg_catalog, pg_temp');
  const items: CatalogueItem[] = [];
  for (const [kind, query] of Object.entries(catalogueQueries)) {
    const { rows } = await client.query<Row>(query, [ourSchemas]);
    for (const { schema, relation, name, parts, creation } of rows) {
      items.push({
        kind: kind as CatalogueItem['kind'],
        schema,
        relation,
        name,
        parts: comparable(parts),
        ...(creation === null ? {} : { creation }),
      });
    }
  }
  return items;
}

/** Parts without NULLs; definitions that servers print differently become a hash of what they have in common. */
function comparable(parts: Row['parts']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, value]) => {
      if (value === null) return [];
      if (name === 'source') return [[name, hash(value.replace(/\s+/g, ' ').trim())]];
      if (name === 'query') return [[name, hash(withoutPrinting(value))]];
      return [[name, withoutRestoring(value)]];
    }),
  );
}

/**
 * SQL that the server prints from its parse tree: releases differ in spaces, in parentheses and in whether a column is
 * written with its table's name.
 */
function withoutPrinting(sql: string): string {
  return sql
    .replace(/\b\w+\.(?=\w)/g, '')
    .replace(/[()\s]+/g, ' ')
    .trim();
}

/**
 * A list of VARCHAR constants as the server prints it, whether the expression was written or came back through pg_dump:
 * each restore moves the cast from the list to its members.
 */
function withoutRestoring(expression: string): string {
  return expression
    .replace(/\('((?:[^']|'')*)'::character varying\)::text\b/g, "'$1'::text")
    .replace(
      /\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]/g,
      (_, members: string) => `ARRAY[${members.replaceAll("'::character varying", "'::text")}]`,
    );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
