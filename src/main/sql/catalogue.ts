import type pg from 'pg';
import { isSecretColumn } from '../masking/secret-columns';
import { columnsWithin } from './columns-within';
import { ownQuery } from './own-query';

/**
 * How much of a value may be shown: `clean` all of it; `document` as a whole, whose named fields are masked by what
 * they are called (JSON, hstore, and of XML the attributes); `secret` nothing.
 */
export type Taint = 'clean' | 'document' | 'secret';

export interface RelationColumn {
  readonly name: string;
  readonly attnum: number;
  /** `pg_type.oid`. */
  readonly type: string;
  /**
   * By its name and type, in the relation and in those that are read with it; a view's column may hold more, which its
   * definition tells.
   */
  readonly taint: Taint;
  /** The columns of its values, where they are rows of a named type. */
  readonly fields: readonly { readonly name: string; readonly taint: Taint }[];
}

export interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** A query as PostgreSQL prints it, with every name qualified that lies outside of pg_catalog; null for tables. */
  readonly definition: string | null;
  /** It, or one that is read with it: a partition, or a table that inherits from it. */
  readonly isForeign: boolean;
  readonly columns: readonly RelationColumn[];
}

/** A relation as a statement names it; `schema` null where it stands alone. */
export interface RelationName {
  readonly schema: string | null;
  readonly name: string;
}

/** Of one definition, in characters; a longer one is cut, can't be read then, and stays masked. */
const mostDefinition = 1_048_577;
const documentTypes = new Set(['json', 'jsonb', 'xml', 'hstore']);

/**
 * Finds relations as PostgreSQL does: a name alone in the first schema of the path that has it.
 * @param path the schemas in their order, pg_catalog first.
 * @returns for each name its relation, or null where there is none.
 */
export async function findRelations(
  client: pg.ClientBase,
  path: readonly string[],
  names: readonly RelationName[],
): Promise<readonly (Relation | null)[]> {
  if (names.length === 0) return [];
  const rows = await ownQuery<{
    position: string;
    oid: string;
    schema: string;
    name: string;
    isForeign: boolean;
    definition: string | null;
  }>(
    client,
    `SELECT DISTINCT ON (wanted.position) wanted.position::text, c.oid::text, n.nspname::text AS schema, c.relname::text AS name,
       (c.relkind = 'f' OR EXISTS (
         WITH RECURSIVE below AS (SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = c.oid
           UNION SELECT i.inhrelid FROM below JOIN pg_catalog.pg_inherits AS i ON i.inhparent = below.inhrelid)
         SELECT FROM below JOIN pg_catalog.pg_class AS f ON f.oid = below.inhrelid AND f.relkind = 'f')) AS "isForeign",
       CASE WHEN c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
         THEN pg_catalog.left(pg_catalog.pg_get_viewdef(c.oid), $4) END AS definition
     FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) WITH ORDINALITY
       AS wanted (schema, name, position)
     JOIN pg_catalog.pg_class AS c ON c.relname = wanted.name::name
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE CASE WHEN wanted.schema IS NULL THEN n.nspname::text = ANY ($3::text[]) ELSE n.nspname = wanted.schema::name END
     ORDER BY wanted.position, pg_catalog.array_position($3::text[], n.nspname::text)`,
    [names.map(({ schema }) => schema), names.map(({ name }) => name), path, mostDefinition],
  );
  const columns = await columnsOf(
    client,
    rows.map(({ oid }) => oid),
  );
  const found = new Map(
    rows.map(({ position, oid, schema, name, isForeign, definition }) => [
      position,
      {
        ...{ oid: Number(oid), schema, name, definition, isForeign },
        columns: columns.get(oid) ?? [],
      },
    ]),
  );
  return names.map((_name, index) => found.get(String(index + 1)) ?? null);
}

async function columnsOf(
  client: pg.ClientBase,
  oids: readonly string[],
): Promise<ReadonlyMap<string, readonly RelationColumn[]>> {
  const rows = await ownQuery<{
    oid: string;
    relation: string;
    name: string;
    attnum: string;
    type: string;
    element: string;
    category: string;
    relationsBelow: readonly string[];
  }>(
    client,
    `WITH RECURSIVE below AS (
       SELECT i.inhparent AS top, i.inhrelid AS oid FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = ANY ($1::oid[])
       UNION SELECT below.top, i.inhrelid FROM below JOIN pg_catalog.pg_inherits AS i ON i.inhparent = below.oid
     ), names AS (SELECT below.top, pg_catalog.array_agg(DISTINCT b.relname::text) AS names
       FROM below JOIN pg_catalog.pg_class AS b ON b.oid = below.oid GROUP BY below.top)
     SELECT a.attrelid::text AS oid, c.relname::text AS relation, a.attname::text AS name, a.attnum::text,
       coalesce(names.names, '{}') AS "relationsBelow",
       a.atttypid::text AS type, coalesce(e.typname, t.typname)::text AS element, t.typcategory::text AS category
     FROM pg_catalog.pg_attribute AS a
     JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
     JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
     LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'
     LEFT JOIN names ON names.top = c.oid
     WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attrelid, a.attnum`,
    [oids],
  );
  const within = await columnsWithin(client, [...new Set(rows.map(({ type }) => Number(type)))]);
  const found = new Map<string, RelationColumn[]>();
  for (const { oid, relation, name, attnum, type, element, category, relationsBelow } of rows) {
    const fields = within
      .filter((field) => field.type === Number(type))
      .map((field) => ({
        name: field.column,
        taint: isSecretColumn(field) ? ('secret' as const) : ('clean' as const),
      }));
    const isSecret = [relation, ...relationsBelow].some((holder) =>
      isSecretColumn({ relation: holder, column: name, typeCategory: category }),
    );
    const named = isSecret ? 'secret' : 'clean';
    const own = named === 'clean' && documentTypes.has(element) ? 'document' : named;
    const column: RelationColumn = {
      ...{ name, type, attnum: Number(attnum), fields },
      taint: worst([own, ...fields.map((field) => field.taint)]),
    };
    found.set(oid, [...(found.get(oid) ?? []), column]);
  }
  return found;
}

/** What a value is that several others went into. */
export function worst(taints: readonly Taint[]): Taint {
  if (taints.includes('secret')) return 'secret';
  return taints.includes('document') ? 'document' : 'clean';
}
