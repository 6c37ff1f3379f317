import type pg from 'pg';

/**
 * The schemas in which sessions of this role look names up in this database: the one named like the role, and what
 * ALTER ROLE or ALTER DATABASE set. Our own sessions do not obey that; others that use the same tables may.
 */
export async function readSearchPath(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ setting: string; role: string }>(`
    SELECT session_user::pg_catalog.text AS role, chosen.setting
    FROM (SELECT NULL) AS one (row)
    LEFT JOIN LATERAL (
      SELECT setting
      FROM pg_catalog.pg_db_role_setting AS kept
      CROSS JOIN LATERAL pg_catalog.unnest(kept.setconfig) AS settings (setting)
      WHERE kept.setdatabase IN (
          0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        )
        AND kept.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user))
        AND pg_catalog.starts_with(setting, 'search_path=')
    ) AS chosen ON true`);
  const role = rows[0]?.role ?? '';
  const named = rows.flatMap(({ setting }) => namesOf((setting ?? '').slice('search_path='.length)));
  return [role, ...named]
    .map((name) => (name === '$user' ? role : name))
    .filter((name) => name !== 'pg_catalog');
}

/** A list of identifiers as PostgreSQL keeps it: quoted where they need it. */
function namesOf(list: string): string[] {
  return [...list.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '').toLowerCase() : quoted.replaceAll('""', '"'),
  );
}
