import { sql } from 'drizzle-orm';
import { schemaRow } from '../../shared/contract/browse';
import type { Contract } from '../../shared/contract/index';
import type { Handler } from '../router/handlers';
import { isRelation } from './known-relation';
import { isHiddenSchema, isSystemSchema } from './list-relations';

const mostSchemas = 1_000;

/** The schemas with how many relations each has (partitions aside), PostgreSQL's own last. */
export const listSchemas: Handler<Contract['browse']['schemas']> = (
  _input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async ({ select }) => {
    const schemas = await select(
      schemaRow,
      sql`
      SELECT n.nspname AS name, pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
        coalesce(counted.relations, 0) AS relations, ${isSystemSchema} AS system
      FROM pg_catalog.pg_namespace AS n
      LEFT JOIN (
        SELECT c.relnamespace, pg_catalog.count(*)::int AS relations FROM pg_catalog.pg_class AS c
        WHERE ${isRelation} AND NOT c.relispartition GROUP BY c.relnamespace
      ) AS counted ON counted.relnamespace = n.oid
      WHERE NOT ${isHiddenSchema}
      ORDER BY ${isSystemSchema}, n.nspname LIMIT ${mostSchemas + 1}`,
    );
    return { schemas: schemas.slice(0, mostSchemas), more: schemas.length > mostSchemas };
  });
