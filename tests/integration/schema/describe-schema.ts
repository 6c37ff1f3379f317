import type pg from 'pg';

/**
 * Everything a database's schema consists of as plain values, without object ids: two databases with equal
 * descriptions have the same schema.
 */
export async function describeSchema(client: pg.ClientBase): Promise<Record<string, unknown[]>> {
  const description: Record<string, unknown[]> = {};
  for (const [part, query] of Object.entries(queries)) {
    const { rows } = await client.query<Record<string, unknown>>(query);
    description[part] = rows;
  }
  return description;
}

const ours = `n.nspname IN ('public', 'litemaas_console', 'drizzle')`;

const queries: Record<string, string> = {
  columns: `
    SELECT n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull,
      a.attgenerated, a.attidentity, pg_get_expr(d.adbin, d.adrelid) AS expression
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE ${ours} AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'S', 'c')
    ORDER BY 1, 2, a.attnum`,
  constraints: `
    SELECT n.nspname, c.conrelid::regclass::text AS relation, c.conname, pg_get_constraintdef(c.oid) AS definition
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE ${ours} ORDER BY 1, 2, 3`,
  indexes: `
    SELECT schemaname, indexname, indexdef FROM pg_indexes
    WHERE schemaname IN ('public', 'litemaas_console', 'drizzle') ORDER BY 1, 2`,
  functions: `
    SELECT n.nspname, p.proname, pg_get_functiondef(p.oid) AS definition, p.proacl::text AS privileges
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${ours} AND p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c') ORDER BY 1, 2, 3`,
  triggers: `
    SELECT t.tgrelid::regclass::text AS relation, t.tgname, pg_get_triggerdef(t.oid) AS definition
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ours} AND NOT t.tgisinternal ORDER BY 1, 2`,
  views: `
    SELECT n.nspname, c.relname, pg_get_viewdef(c.oid) AS definition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ours} AND c.relkind = 'v' ORDER BY 1, 2`,
  partitions: `
    SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_class c WHERE c.relispartition AND c.relkind = 'r' ORDER BY 1`,
  relations: `
    SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.relispartition, c.reloptions,
      pg_get_userbyid(c.relowner) AS owner, c.relacl::text AS privileges, obj_description(c.oid, 'pg_class') AS comment
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ours} ORDER BY 1, 2`,
  columnPrivileges: `
    SELECT n.nspname, c.relname, a.attname, a.attacl::text AS privileges, col_description(c.oid, a.attnum) AS comment
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ours} AND (a.attacl IS NOT NULL OR col_description(c.oid, a.attnum) IS NOT NULL) ORDER BY 1, 2, 3`,
  otherOwners: `
    SELECT 'function' AS kind, n.nspname, p.oid::regprocedure::text AS name, pg_get_userbyid(p.proowner) AS owner,
      obj_description(p.oid, 'pg_proc') AS comment
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${ours}
    UNION ALL
    SELECT 'type', n.nspname, t.typname, pg_get_userbyid(t.typowner), t.typacl::text
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${ours}
    UNION ALL
    SELECT 'schema', n.nspname, n.nspname, pg_get_userbyid(n.nspowner), n.nspacl::text FROM pg_namespace n WHERE ${ours}
    UNION ALL
    SELECT 'collation', n.nspname, o.collname, pg_get_userbyid(o.collowner), o.collprovider::text
    FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE ${ours}
    UNION ALL
    SELECT 'extension', n.nspname, e.extname, pg_get_userbyid(e.extowner), NULL
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    ORDER BY 1, 2, 3`,
  enums: `
    SELECT t.typname, e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid ORDER BY 1, e.enumsortorder`,
  teams: `SELECT id, name, allowed_models, metadata FROM teams ORDER BY id`,
  settings: `SELECT key, value FROM litemaas_console.settings ORDER BY key`,
};
