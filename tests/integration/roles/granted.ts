import type pg from 'pg';
import type { RoleGrants } from '../../../src/main/database/roles/role-grants';

/** What a definition grants, one privilege on one object a line. */
export function definedGrants({ database, schemas, relations, functions }: RoleGrants): string[] {
  return [
    ...database.map((privilege) => `${privilege} ON DATABASE`),
    ...schemas.map((schema) => `USAGE ON SCHEMA ${schema}`),
    ...relations.flatMap(({ relation, privilege, columns }) =>
      columns === undefined
        ? [`${privilege} ON ${relation}`]
        : columns.map((column) => `${privilege} (${column}) ON ${relation}`),
    ),
    ...functions.map((name) => `EXECUTE ON FUNCTION ${name.replaceAll(', ', ',')}`),
  ].sort();
}

/** What a role has in a database, and what it is: everything that the catalogue knows. */
export async function grantsInDatabase(admin: pg.Client, role: string): Promise<string[]> {
  const { rows } = await admin.query<{ granted: string }>(
    `
    WITH me AS (SELECT oid FROM pg_roles WHERE rolname = $1), held AS (
      SELECT 'DATABASE' AS object, datacl AS acl FROM pg_database WHERE datname = current_database()
      UNION ALL SELECT 'SCHEMA ' || nspname, nspacl FROM pg_namespace
      UNION ALL SELECT oid::regclass::text, relacl FROM pg_class
      UNION ALL SELECT 'FUNCTION ' || (pg_identify_object('pg_proc'::regclass, oid, 0)).identity, proacl FROM pg_proc
      UNION ALL SELECT 'TYPE ' || typname, typacl FROM pg_type
    )
    SELECT privilege_type || ' ON ' || object || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS granted
    FROM held CROSS JOIN aclexplode(acl) JOIN me ON me.oid = grantee
    UNION ALL
    SELECT privilege_type || ' (' || attname || ') ON ' || attrelid::regclass::text
    FROM pg_attribute CROSS JOIN aclexplode(attacl) JOIN me ON me.oid = grantee
    UNION ALL
    SELECT 'owns ' || pg_describe_object(classid, objid, objsubid) FROM pg_shdepend JOIN me ON me.oid = refobjid
    WHERE deptype = 'o' AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    UNION ALL
    SELECT 'default privileges' FROM pg_default_acl CROSS JOIN aclexplode(defaclacl) JOIN me ON me.oid = grantee
    UNION ALL
    SELECT 'member of ' || roleid::regrole FROM pg_auth_members JOIN me ON me.oid = member
    UNION ALL
    SELECT power FROM pg_roles JOIN me USING (oid) CROSS JOIN LATERAL (VALUES (rolsuper, 'superuser'),
      (rolcreaterole, 'creates roles'), (rolcreatedb, 'creates databases'), (rolreplication, 'replication'),
      (rolbypassrls, 'bypasses policies'), (NOT rolcanlogin, 'no login')) AS powers (has, power) WHERE has`,
    [role],
  );
  // What lies in the path has no schema before it.
  return rows
    .map(({ granted }) => granted.replaceAll('pg_catalog.', '').replace(/ ON ([a-z_]+)$/, ' ON public.$1'))
    .sort();
}

/** One privilege to be taken away again. */
export interface Revocation {
  readonly grant: string;
  readonly statement: string;
}

/** A statement for each privilege of a definition that takes it, and nothing else, away from a role. */
export function revocations(
  { database, schemas, relations, functions }: RoleGrants,
  databaseName: string,
  who: string,
): Revocation[] {
  const revoke = (grant: string): Revocation => ({ grant, statement: `REVOKE ${grant} FROM ${who}` });
  return [
    ...database
      .filter((privilege) => privilege !== 'CONNECT')
      .map((privilege) => revoke(`${privilege} ON DATABASE ${databaseName}`)),
    ...schemas.map((schema) => revoke(`USAGE ON SCHEMA ${schema}`)),
    ...relations.map(({ relation, privilege, columns }) =>
      revoke(
        columns === undefined
          ? `${privilege} ON ${relation}`
          : `${privilege} (${columns.join(', ')}) ON ${relation}`,
      ),
    ),
    ...functions.map((name) => revoke(`EXECUTE ON FUNCTION ${name}`)),
  ];
}
