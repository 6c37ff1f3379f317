import type pg from 'pg';
import { quotedIdentifier } from '../quoted-identifier';

/** A role, or PUBLIC, that may create in a schema in which migrations create, and the statement that mends it. */
export interface OtherCreator {
  /** NULL for PUBLIC: everybody who can connect. */
  readonly role: string | null;
  readonly schema: string;
  readonly remedy: string;
}

/**
 * Who may CREATE in `public` or in our own schemas, apart from the role that migrates, the database's owner and
 * superusers. The first 20.
 */
export async function findOthersCreating(client: pg.ClientBase): Promise<readonly OtherCreator[]> {
  const { rows } = await client.query<{ role: string | null; schema: string; owns: boolean; me: string }>(`
    WITH places AS (
      SELECT nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
      WHERE nspname IN ('public', 'litemaas_console', 'drizzle')
    ), creating AS (
      SELECT nspname, nspowner AS role, true AS owns FROM places
      UNION
      SELECT places.nspname, granted.grantee, false
      FROM places CROSS JOIN LATERAL pg_catalog.aclexplode(places.nspacl) AS granted
      WHERE granted.privilege_type = 'CREATE' AND granted.grantee <> places.nspowner
    )
    SELECT role.rolname::text AS role, creating.nspname::text AS schema, creating.owns, current_user::text AS me
    FROM creating
    LEFT JOIN pg_catalog.pg_roles AS role ON role.oid = creating.role
    WHERE creating.role = 0 OR NOT role.rolsuper
      AND role.rolname NOT IN ('pg_database_owner', session_user, current_user)
      AND role.oid <> (SELECT datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
    ORDER BY creating.nspname, role.rolname NULLS FIRST
    LIMIT 20`);
  return rows.map(({ role, schema, owns, me }) => ({
    role,
    schema,
    remedy: owns
      ? `ALTER SCHEMA ${quotedIdentifier(schema)} OWNER TO ${quotedIdentifier(me)};`
      : `REVOKE CREATE ON SCHEMA ${quotedIdentifier(schema)} FROM ${role === null ? 'PUBLIC' : quotedIdentifier(role)};`,
  }));
}
