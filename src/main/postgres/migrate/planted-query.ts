const namedObjects = 20;

interface Catalogue {
  readonly kind: string;
  readonly table: string;
  /** Prefix of its columns: `pro` for `proname`. */
  readonly prefix: string;
  /** What follows the name: the types of arguments or operands. */
  readonly suffix?: string;
  readonly only?: string;
}

/** Whether a function, `item` in the schema `place` of the owner `own`, is one that our migrations made. */
const isOurs = `$2 AND own.trusted AND (place.nspname = 'litemaas_console' OR place.nspname = 'public'
      AND item.proname || '(' || (
        SELECT COALESCE(pg_catalog.string_agg(space.nspname || '.' || kind.typname, ', ' ORDER BY argument.place), '')
        FROM pg_catalog.unnest(item.proargtypes) WITH ORDINALITY AS argument (type, place)
        JOIN pg_catalog.pg_type AS kind ON kind.oid = argument.type
        JOIN pg_catalog.pg_namespace AS space ON space.oid = kind.typnamespace
      ) || ')' = ANY ($3::text[]))`;

const catalogues: readonly Catalogue[] = [
  {
    kind: `CASE item.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END`,
    table: 'pg_proc',
    prefix: 'pro',
    suffix: `'(' || pg_catalog.oidvectortypes(item.proargtypes) || ')'`,
    only: `NOT (${isOurs})`,
  },
  {
    kind: `'OPERATOR'`,
    table: 'pg_operator',
    prefix: 'opr',
    suffix: `' (' || CASE WHEN item.oprleft = 0 THEN 'NONE' ELSE pg_catalog.format_type(item.oprleft, NULL) END
      || ', ' || pg_catalog.format_type(item.oprright, NULL) || ')'`,
  },
  {
    kind: `'OPERATOR CLASS'`,
    table: 'pg_opclass',
    prefix: 'opc',
  },
  { kind: `'OPERATOR FAMILY'`, table: 'pg_opfamily', prefix: 'opf' },
  {
    kind: `CASE item.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END`,
    table: 'pg_type',
    prefix: 'typ',
    // Neither arrays and multiranges, which come with their type, nor the rows of a table; in a database of ours
    // enums and composite types of others are no danger unless they bear the name of one of PostgreSQL's types.
    only: `item.typtype <> 'm' AND NOT (item.typelem <> 0 AND item.typcategory = 'A')
      AND (item.typrelid = 0 OR EXISTS (
        SELECT FROM pg_catalog.pg_class AS row WHERE row.oid = item.typrelid AND row.relkind = 'c'
      ))
      AND NOT ($2 AND own.trusted AND place.nspname = 'litemaas_console')
      AND NOT ($2 AND item.typtype IN ('e', 'c') AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_type AS builtin
        WHERE builtin.typname = item.typname AND builtin.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
      ))`,
  },
  { kind: `'CONVERSION'`, table: 'pg_conversion', prefix: 'con' },
  {
    kind: `'COLLATION'`,
    table: 'pg_collation',
    prefix: 'coll',
    only: `NOT ($2 AND own.trusted AND place.nspname = 'litemaas_console')`,
  },
  { kind: `'TEXT SEARCH PARSER'`, table: 'pg_ts_parser', prefix: 'prs' },
  { kind: `'TEXT SEARCH TEMPLATE'`, table: 'pg_ts_template', prefix: 'tmpl' },
  { kind: `'TEXT SEARCH DICTIONARY'`, table: 'pg_ts_dict', prefix: 'dict' },
  { kind: `'TEXT SEARCH CONFIGURATION'`, table: 'pg_ts_config', prefix: 'cfg' },
];

/** Parsers and templates have no owner: only a superuser makes them. */
const ownerless = ['pg_ts_parser', 'pg_ts_template'];

/** Nothing that `CREATE EXTENSION` made: its scripts are the server's own files. */
const noExtension = (table: string): string => `NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS made
    WHERE made.classid = 'pg_catalog.${table}'::pg_catalog.regclass AND made.objid = item.oid AND made.deptype = 'e'
  )`;

const inSchemas = ({ kind, table, prefix, suffix = `''`, only = 'true' }: Catalogue): string => `
  SELECT ${kind} AS kind,
    pg_catalog.quote_ident(place.nspname) || '.' ||
      ${table === 'pg_operator' ? 'item.oprname' : `pg_catalog.quote_ident(item.${prefix}name)`} || ${suffix} AS name
  FROM pg_catalog.${table} AS item
  JOIN places AS place ON place.oid = item.${prefix}namespace
  ${ownerless.includes(table) ? '' : `JOIN owners AS own ON own.oid = item.${prefix}owner`}
  WHERE ${noExtension(table)} AND (place.concerned${table === 'pg_opclass' ? ' OR item.opcdefault' : ''}) AND (${only})`;

/**
 * $1 the schemas concerned, $2 whether the database is ours, $3 the functions and $4 the tables that ours has in
 * `public`. Runs under
 * the console's pinned search path. An owner is trusted who has the database or the ledger, migrates now, or needs no
 * trap because they are a superuser.
 */
export const plantedQuery = `
  WITH places AS (
    SELECT oid, nspname, nspname = ANY ($1::text[]) AS concerned
    FROM pg_catalog.pg_namespace
    WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND NOT pg_catalog.starts_with(nspname::text, 'pg_t')
  ), owners AS (
    SELECT role.oid, role.rolsuper OR role.rolname IN (session_user, current_user)
      OR role.oid = (SELECT datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
      OR role.oid = (
        SELECT ledger.relowner FROM pg_catalog.pg_class AS ledger
        JOIN places AS place ON place.oid = ledger.relnamespace AND place.nspname = 'drizzle'
        WHERE ledger.relname = '__drizzle_migrations'
      ) AS trusted
    FROM pg_catalog.pg_roles AS role
  ), planted AS (
    ${catalogues.map(inSchemas).join('\n  UNION ALL')}
  UNION ALL
  SELECT 'CAST', '(' || pg_catalog.format_type(item.castsource, NULL) || ' AS '
    || pg_catalog.format_type(item.casttarget, NULL) || ')'
  FROM pg_catalog.pg_cast AS item
  -- Below are initdb's own.
  WHERE item.oid >= 16384 AND ${noExtension('pg_cast')}
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS made
      WHERE made.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND made.objid = item.oid AND made.deptype = 'i'
    )
  UNION ALL
  SELECT 'EVENT TRIGGER', pg_catalog.quote_ident(item.evtname)
  FROM pg_catalog.pg_event_trigger AS item
  JOIN pg_catalog.pg_roles AS owner ON owner.oid = item.evtowner
  JOIN pg_catalog.pg_proc AS action ON action.oid = item.evtfoid
  JOIN pg_catalog.pg_roles AS author ON author.oid = action.proowner
  -- What superusers alone have in hand is the server as it is run (hosts ship some): they need no trap.
  WHERE NOT (owner.rolsuper AND author.rolsuper) AND ${noExtension('pg_event_trigger')}
  UNION ALL
  SELECT 'RULE', pg_catalog.quote_ident(item.rulename) || ' ON ' || pg_catalog.quote_ident(place.nspname) || '.'
    || pg_catalog.quote_ident(relation.relname)
  FROM pg_catalog.pg_rewrite AS item
  JOIN pg_catalog.pg_class AS relation ON relation.oid = item.ev_class
  JOIN places AS place ON place.oid = relation.relnamespace AND place.concerned
  WHERE item.rulename <> '_RETURN' AND ${noExtension('pg_rewrite')}
  UNION ALL
  -- On a neighbour's tables they are the neighbour's; on a partition they come with those of the whole.
  SELECT 'TRIGGER', pg_catalog.quote_ident(fired.tgname) || ' ON ' || pg_catalog.quote_ident(held.nspname) || '.'
    || pg_catalog.quote_ident(relation.relname)
  FROM pg_catalog.pg_trigger AS fired
  JOIN pg_catalog.pg_class AS relation ON relation.oid = fired.tgrelid
  JOIN places AS held ON held.oid = relation.relnamespace AND held.concerned
  JOIN pg_catalog.pg_proc AS item ON item.oid = fired.tgfoid
  JOIN pg_catalog.pg_namespace AS place ON place.oid = item.pronamespace
  JOIN owners AS own ON own.oid = item.proowner
  WHERE NOT fired.tgisinternal AND fired.tgparentid = 0 AND NOT (${isOurs})
    AND (held.nspname IN ('litemaas_console', 'drizzle') OR relation.relname::text = ANY ($4::text[]) OR EXISTS (
      SELECT FROM pg_catalog.pg_inherits AS part JOIN pg_catalog.pg_class AS parent ON parent.oid = part.inhparent
      WHERE part.inhrelid = relation.oid AND parent.relnamespace = held.oid AND parent.relname::text = ANY ($4::text[])
    ))
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS made WHERE made.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
        AND made.objid = fired.oid AND made.deptype = 'e'
    )
  )
  SELECT kind, name, (pg_catalog.count(*) OVER ())::pg_catalog.int4 AS count
  FROM planted
  ORDER BY kind, name
  LIMIT ${namedObjects}`;
