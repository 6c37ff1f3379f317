import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { CheckedInputOf, Contract } from '../../../shared/contract/index';
import { AppError } from '../../../shared/errors';
import type { WorkspaceState } from '../../../shared/contract/app';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { tables } from '../../postgres/relations';
import { ownSchemas } from './role-grants';
import { roleStatements } from './role-statements';

type RoleInput = CheckedInputOf<Contract['database']['roleSql']>;

const facts = z.strictObject({ database: z.string(), exists: z.boolean() });
const ownedByOther = z.strictObject({ statement: z.string() });

/**
 * The SQL that makes a role for the open database; reads only.
 * @param schema what the database is: a reader and an administrator are granted relations that must be there.
 * @throws AppError `conflict` where the schema is not complete, or not ours.
 */
export async function roleSql(
  connection: Connection,
  { role, name }: RoleInput,
  schema: WorkspaceState['schema'] | null,
): Promise<{ readonly database: string; readonly exists: boolean; readonly statements: string }> {
  const isUnfinished = schema === 'empty' || schema === 'behind';
  if (schema !== 'current' && !(role === 'owner' && isUnfinished)) {
    throw new AppError(
      'conflict',
      say(isUnfinished ? 'database.roles.unfinished' : 'database.roles.notOurs'),
    );
  }
  const [found] = await connection.select(
    facts,
    sql`SELECT current_database() AS database, EXISTS (SELECT FROM pg_roles WHERE rolname = ${name}::text) AS exists`,
  );
  if (!found) throw new Error('a SELECT without FROM has one row');
  const others = role === 'owner' ? await objectsOfOthers(connection, name) : [];
  return { ...found, statements: roleStatements({ role, name, ...found, others }) };
}

/**
 * What the migrations made and another role owns, as the beginning of the statement that gives it away. Sequences follow
 * their tables, indexes and triggers too.
 */
async function objectsOfOthers({ select }: Connection, name: string): Promise<string[]> {
  const { expectedCatalogue } = await import('../../health/catalogue/expected-catalogue');
  const functions = expectedCatalogue.filter(({ kind }) => kind === 'function');
  const named = functions.map((item) => `${item.schema}.${item.name.split('(')[0] ?? ''}`);
  const own = sql.param([...ownSchemas.filter((schema) => schema !== 'public')]);
  const relations = sql.param(Object.values(tables));
  const rows = await select(
    ownedByOther,
    sql`
    WITH places AS (
      SELECT oid, nspname AS name, nspowner AS owner, nspname = ANY(${own}::text[]) AS is_own FROM pg_namespace
      WHERE nspname = 'public' OR nspname = ANY(${own}::text[])
    ), objects AS (
      SELECT 1 AS place, 'pg_namespace'::regclass AS class, oid, owner FROM places WHERE is_own
      UNION ALL
      SELECT 2, 'pg_class'::regclass, c.oid, c.relowner FROM pg_class AS c JOIN places AS p ON p.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v') AND (p.is_own OR p.name || '.' || c.relname = ANY(${relations}::text[])
        OR pg_partition_root(c.oid) = to_regclass(${tables.usage_logs}))
      UNION ALL
      SELECT 3, 'pg_type'::regclass, t.oid, t.typowner FROM pg_type AS t JOIN places AS p ON p.oid = t.typnamespace
      LEFT JOIN pg_class AS c ON c.oid = t.typrelid
      WHERE (t.typtype = 'e' OR c.relkind = 'c') AND (p.is_own OR t.typname = 'subscription_status')
      UNION ALL
      SELECT 4, 'pg_collation'::regclass, l.oid, l.collowner FROM pg_collation AS l JOIN places AS p ON p.oid = l.collnamespace
      WHERE p.is_own
      UNION ALL
      SELECT 5, 'pg_proc'::regclass, f.oid, f.proowner FROM pg_proc AS f JOIN places AS p ON p.oid = f.pronamespace
      WHERE p.is_own OR p.name || '.' || f.proname = ANY(${sql.param(named)}::text[])
    )
    SELECT format('ALTER %s %s', upper(CASE o.type WHEN 'composite type' THEN 'type' ELSE o.type END), o.identity) AS statement
    FROM objects CROSS JOIN LATERAL pg_identify_object(objects.class, objects.oid, 0) AS o
    WHERE objects.owner <> coalesce((SELECT oid FROM pg_roles WHERE rolname = ${name}::text), 0)
    ORDER BY objects.place, o.identity COLLATE "C"`,
  );
  return rows.map(({ statement }) => statement);
}
