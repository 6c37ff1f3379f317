import { sql } from 'drizzle-orm';
import type * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { completionItem } from '../../shared/contract/sql';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { personPath } from './search-path';

type Item = z.output<typeof completionItem>;

const mostItems = 100;

interface Name {
  readonly schema: string | null;
  readonly name: string;
}

/**
 * What may stand at a place in the editor: columns of the statement's relations first, then relations that are found
 * without their schema, schemas, relations elsewhere with their schema, functions.
 */
export const completeName: Handler<Contract['sql']['completions']> = (
  { prefix, relations, qualifier, schemas },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const path = personPath(schemas);
    const begins = `${prefix.replaceAll('\0', '').replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
    const named = relations.map(parseName).filter((name) => name !== null);
    if (qualifier === undefined) {
      const items = [
        ...(named.length === 0 ? [] : await columnsOf(connection, named, begins, path)),
        ...(await namesOf(connection, begins, path)),
      ];
      return { items: items.slice(0, mostItems) };
    }
    const before = folded(qualifier);
    const meant = named.filter(({ name }) => name === before);
    const columns = await columnsOf(
      connection,
      meant.length > 0 ? meant : [{ schema: null, name: before }],
      begins,
      path,
    );
    const inside = await relationsIn(connection, before, begins);
    return { items: [...columns, ...inside].slice(0, mostItems) };
  });

/** `public.users`, `"My table"`: names as PostgreSQL reads them; null for what is none. */
function parseName(text: string): Name | null {
  const match = /^\s*(?:("(?:[^"]|"")+"|[^\s".]+)\s*\.\s*)?("(?:[^"]|"")+"|[^\s".]+)\s*$/.exec(
    text.replaceAll('\0', ''),
  );
  const name = match?.[2];
  if (name === undefined) return null;
  return { schema: match?.[1] === undefined ? null : folded(match[1]), name: folded(name) };
}

function folded(name: string): string {
  const plain = name.replaceAll('\0', '');
  return plain.startsWith('"') ? plain.replace(/^"|"$/g, '').replaceAll('""', '"') : plain.toLowerCase();
}

function columnsOf(
  { select }: Connection,
  relations: readonly Name[],
  begins: string,
  path: readonly string[],
): Promise<Item[]> {
  const schemas = sql.param(relations.map(({ schema }) => schema));
  const names = sql.param(relations.map(({ name }) => name));
  return select(
    completionItem,
    sql`
    SELECT pg_catalog.quote_ident(a.attname) AS text, 'column' AS kind,
      min(pg_catalog.format_type(a.atttypid, a.atttypmod)) || ' · ' || pg_catalog.string_agg(DISTINCT c.relname::text, ', ') AS detail
    FROM ROWS FROM (pg_catalog.unnest(${schemas}::text[]), pg_catalog.unnest(${names}::text[])) AS wanted (schema, name)
    JOIN pg_catalog.pg_class AS c ON c.relname = wanted.name AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE CASE WHEN wanted.schema IS NULL THEN n.nspname::text = ANY (${sql.param(path)}::text[]) ELSE n.nspname = wanted.schema END
      AND a.attname ILIKE ${begins}
    GROUP BY a.attname ORDER BY min(a.attnum), a.attname LIMIT ${mostItems}`,
  );
}

function relationsIn({ select }: Connection, schema: string, begins: string): Promise<Item[]> {
  return select(
    completionItem,
    sql`
    SELECT pg_catalog.quote_ident(c.relname) AS text, 'relation' AS kind, NULL AS detail
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = ${schema}::text AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND c.relname ILIKE ${begins}
    ORDER BY c.relname LIMIT ${mostItems}`,
  );
}

function namesOf({ select }: Connection, begins: string, path: readonly string[]): Promise<Item[]> {
  const visible = sql`n.nspname::text = ANY (${sql.param(path)}::text[])`;
  return select(
    completionItem,
    sql`
    -- Apart, so that names of indexes and TOAST tables, which are most, are not compared.
    WITH candidate AS MATERIALIZED (
      SELECT c.relname, c.relnamespace FROM pg_catalog.pg_class AS c
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    ), relation AS (
      SELECT c.relname, n.nspname, ${visible} AS visible
      FROM candidate AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relname ILIKE ${begins} AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp\\_%'
      ORDER BY n.nspname IN ('pg_catalog', 'information_schema'), visible DESC, c.relname, n.nspname LIMIT ${mostItems}
    ), schema AS (
      SELECT n.nspname FROM pg_catalog.pg_namespace AS n
      WHERE n.nspname ILIKE ${begins} AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp\\_%'
      ORDER BY n.nspname LIMIT 20
    ), function AS (
      SELECT p.proname, min(pg_catalog.format_type(p.prorettype, NULL)) AS returns
      FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
      WHERE p.proname ILIKE ${begins} AND ${begins} <> '%' AND ${visible} AND p.prokind IN ('f', 'a', 'w')
        -- What only operators, types and indexes call takes or answers internal values.
        AND NOT (2281 = ANY (p.proargtypes)) AND p.prorettype NOT IN (2281, 2279, 2280, 3838)
      GROUP BY p.proname ORDER BY p.proname LIMIT 40
    ), item AS (
      SELECT 1 AS rank, pg_catalog.quote_ident(relname) AS text, 'relation' AS kind, nspname::text AS detail
      FROM relation WHERE visible AND nspname <> 'pg_catalog'
      UNION ALL
      SELECT 2, pg_catalog.quote_ident(nspname), 'schema', NULL FROM schema
      UNION ALL
      SELECT 3, pg_catalog.quote_ident(nspname) || '.' || pg_catalog.quote_ident(relname), 'relation', nspname::text
      FROM relation WHERE NOT visible
      UNION ALL
      SELECT 4, pg_catalog.quote_ident(proname), 'function', returns FROM function
      UNION ALL
      SELECT 5, pg_catalog.quote_ident(relname), 'relation', nspname::text FROM relation WHERE visible AND nspname = 'pg_catalog'
    )
    SELECT text, kind, detail FROM item ORDER BY rank, text LIMIT ${mostItems}`,
  );
}
