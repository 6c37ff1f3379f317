import type { CatalogueItem } from './catalogue-item';

/** True for objects that an extension brought (`CREATE EXTENSION` made them, nobody else). */
const ofExtension = (catalogue: string, oid: string): string => `EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${oid} AND d.objsubid = 0 AND d.deptype = 'e'
  )`;

/** Tables that are compared: LiteLLM's may share the schema, and months of the log come and go. */
const compared = (relation: string): string => `
  ${relation}.relname !~ '^LiteLLM_' AND ${relation}.relname <> '_prisma_migrations'
  AND ${relation}.relname !~ '^usage_logs_\\d{4}_\\d{2}$'
  AND NOT ${ofExtension('pg_class', `${relation}.oid`)}`;

/**
 * One query per kind of object. $1 are the schemas; each row is schema, relation, name, parts (jsonb of text) and the
 * statement that creates it.
 */
export const catalogueQueries: Record<CatalogueItem['kind'], string> = {
  table: `
    SELECT n.nspname AS schema, NULL AS relation, c.relname AS name, NULL AS creation,
      jsonb_build_object(
        'partitioned by', pg_get_partkeydef(c.oid),
        'persistence', CASE c.relpersistence WHEN 'p' THEN 'permanent' WHEN 'u' THEN 'unlogged' ELSE 'temporary' END,
        'row security', CASE WHEN c.relrowsecurity THEN 'on' ELSE 'off' END,
        'default partition of', (
          SELECT i.inhparent::regclass::text FROM pg_inherits i
          WHERE i.inhrelid = c.oid AND pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT'
        )
      ) AS parts
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND ${compared('c')}
    ORDER BY 1, 3`,

  enum: `
    SELECT n.nspname AS schema, NULL AS relation, t.typname AS name, NULL AS creation,
      jsonb_build_object('values', (
        SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid
      )) AS parts
    FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname = ANY ($1) AND t.typtype = 'e' AND NOT ${ofExtension('pg_type', 't.oid')}
    ORDER BY 1, 3`,

  column: `
    SELECT n.nspname AS schema, c.relname AS relation, a.attname AS name, NULL AS creation,
      jsonb_build_object(
        'type', format_type(a.atttypid, a.atttypmod),
        'null', CASE WHEN a.attnotnull THEN 'not allowed' ELSE 'allowed' END,
        'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
        'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
        'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END
      ) AS parts
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p', 'c') AND NOT c.relispartition
      AND a.attnum > 0 AND NOT a.attisdropped AND ${compared('c')}
    ORDER BY 1, 2, a.attnum`,

  // NOT NULL is compared with its column (18 lists it here, 15 does not); NOT VALID is a finding of its own.
  constraint: `
    SELECT n.nspname AS schema, c.relname AS relation, k.conname AS name, NULL AS creation,
      jsonb_build_object(
        'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')
      ) AS parts
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1) AND k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0
      AND NOT c.relispartition AND ${compared('c')}
    ORDER BY 1, 2, 3`,

  // Those behind a constraint are compared as constraints. Search by contains has a check of its own.
  index: `
    SELECT n.nspname AS schema, c.relname AS relation, i.relname AS name, pg_get_indexdef(i.oid) AS creation,
      jsonb_build_object('definition', pg_get_indexdef(i.oid)) AS parts
    FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1) AND NOT c.relispartition AND ${compared('c')}
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
      AND NOT EXISTS (
        SELECT FROM unnest(x.indclass) AS class (oid) WHERE ${ofExtension('pg_opclass', 'class.oid')}
      )
    ORDER BY 1, 2, 3`,

  trigger: `
    SELECT n.nspname AS schema, c.relname AS relation, t.tgname AS name, NULL AS creation,
      jsonb_build_object(
        'definition', pg_get_triggerdef(t.oid),
        'fires', CASE t.tgenabled WHEN 'O' THEN 'normally' WHEN 'D' THEN 'never' WHEN 'R' THEN 'on replicas' ELSE 'always' END
      ) AS parts
    FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1) AND NOT t.tgisinternal AND t.tgparentid = 0 AND NOT c.relispartition AND ${compared('c')}
    ORDER BY 1, 2, 3`,

  view: `
    SELECT n.nspname AS schema, NULL AS relation, c.relname AS name, NULL AS creation,
      jsonb_build_object(
        'query', pg_get_viewdef(c.oid),
        'kind', CASE c.relkind WHEN 'm' THEN 'materialised' END
      ) AS parts
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1) AND c.relkind IN ('v', 'm') AND ${compared('c')}
    ORDER BY 1, 3`,

  function: `
    SELECT n.nspname AS schema, NULL AS relation, NULL AS creation,
      p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
      jsonb_build_object(
        'source', CASE WHEN p.prosqlbody IS NULL THEN p.prosrc END,
        'query', pg_get_function_sqlbody(p.oid),
        'language', l.lanname,
        'returns', pg_get_function_result(p.oid),
        'volatility', p.provolatile,
        'runs as', CASE WHEN p.prosecdef THEN 'owner' ELSE 'caller' END,
        'settings', array_to_string(p.proconfig, ', '),
        'callable by', CASE
          WHEN p.proacl IS NULL OR EXISTS (
            SELECT FROM aclexplode(p.proacl) granted WHERE granted.grantee = 0 AND granted.privilege_type = 'EXECUTE'
          ) THEN 'everybody'
          ELSE 'whom it was granted to'
        END
      ) AS parts
    FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_language l ON l.oid = p.prolang
    WHERE n.nspname = ANY ($1) AND NOT ${ofExtension('pg_proc', 'p.oid')}
    ORDER BY 1, 4`,
};
