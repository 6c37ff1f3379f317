import type pg from 'pg';

/**
 * Takes on, for this transaction, the role that owns the ledger: what is made later belongs to whom the rest belongs,
 * also when a superuser or a member of that role migrates. Without a ledger, or without that membership, the role stays.
 */
export async function actAsOwner(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(`
    SELECT pg_catalog.quote_ident(r.rolname) AS owner
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'drizzle'
    JOIN pg_catalog.pg_roles AS r ON r.oid = c.relowner
    WHERE c.relname = '__drizzle_migrations' AND r.rolname <> current_user
      AND pg_catalog.pg_has_role(r.oid, CASE
        WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)`);
  const owner = rows[0]?.owner;
  if (owner !== undefined) await client.query(`SET LOCAL ROLE ${owner}`);
}
