import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import type { PostgresCluster } from './postgres-cluster';

/** Marks the lines of the server's log with which planted objects say that they ran, and for whom. */
const mark = 'PLANTED';

/**
 * Fills a database with what a hostile owner may plant to be run by whoever names a thing without its schema: in schema
 * `evil` a copy of every function, operator, aggregate, type and relation of pg_catalog (and of our own tables), in
 * `public` overloads that match better than pg_catalog's. What is planted does what its original does, so that work goes
 * on and meets more of it, and says in the server's log that it ran.
 * @param owner a client of the database's owner; `public` has to be writable for it.
 */
export async function plant(owner: pg.Client): Promise<void> {
  await owner.query(`SET search_path = pg_catalog; SET check_function_bodies = off; ${planting}`);
}

/** Sets a database, and a role in it, to what puts the planted before pg_catalog and changes how values look. */
export async function setHostile(
  owner: pg.Client,
  database: string,
  role: string,
  settings: readonly (readonly [name: string, value: string])[],
): Promise<void> {
  for (const [name, value] of settings) {
    await owner.query(`ALTER DATABASE ${database} SET ${name} = ${value}`);
    await owner.query(`ALTER ROLE ${role} IN DATABASE ${database} SET ${name} = ${value}`);
  }
}

/** The path first; the others change how values are read, written and found. */
export const hostileSettings: readonly (readonly [name: string, value: string])[] = [
  ['search_path', 'evil, public, pg_catalog'],
  ['standard_conforming_strings', 'off'],
  ['backslash_quote', `'on'`],
  ['bytea_output', 'escape'],
  ['extra_float_digits', '-10'],
  ['array_nulls', 'off'],
  ['transform_null_equals', 'on'],
  ['DateStyle', `'German, DMY'`],
  ['IntervalStyle', 'sql_standard'],
  ['TimeZone', `'Asia/Kathmandu'`],
  ['xmlbinary', 'hex'],
  ['quote_all_identifiers', 'on'],
  ['default_transaction_isolation', 'serializable'],
  ['client_min_messages', 'debug1'],
];

/**
 * Takes away again what lets many a statement end, or last for minutes, before it meets the rest: planted types and
 * relations, the operators that join the catalogue (PostgreSQL can neither hash nor sort by a planted one), and what is ambiguous.
 */
export async function plantFunctionsOnly(owner: pg.Client): Promise<void> {
  await owner.query(`SET search_path = pg_catalog; DO $uproot$
    DECLARE planted record;
    BEGIN
      FOR planted IN SELECT typname FROM pg_type WHERE typnamespace = 'evil'::regnamespace AND typtype = 'd' LOOP
        EXECUTE format('DROP DOMAIN evil.%I', planted.typname);
      END LOOP;
      FOR planted IN SELECT relname FROM pg_class WHERE relnamespace = 'evil'::regnamespace AND relkind = 'v' LOOP
        EXECUTE format('DROP VIEW evil.%I', planted.relname);
      END LOOP;
      FOR planted IN
        SELECT oprnamespace::regnamespace AS schema, oprname, oprleft::regtype AS l, oprright::regtype AS r FROM pg_operator
        WHERE oprname = '~<~' AND oprnamespace IN ('evil'::regnamespace, 'public'::regnamespace)
          OR oprname = '@>' AND oprnamespace = 'public'::regnamespace
      LOOP
        EXECUTE format('DROP OPERATOR %s.%s (%s, %s)', planted.schema, planted.oprname, planted.l, planted.r);
      END LOOP;
      DROP OPERATOR evil.= (oid, oid), evil.= (name, name), evil.= (smallint, smallint), evil.= (smallint, integer),
        evil.= ("char", "char");
    END $uproot$`);
}

/** Names of pg_catalog's functions and operators that nothing planted bears: has to be empty. */
export async function unplanted(owner: pg.Client): Promise<readonly string[]> {
  const { rows } = await owner.query<{ name: string }>(`
    SELECT DISTINCT 'function ' || proname AS name FROM pg_catalog.pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND proname NOT IN (SELECT proname FROM pg_catalog.pg_proc WHERE pronamespace = 'evil'::regnamespace)
    UNION
    SELECT DISTINCT 'operator ' || oprname FROM pg_catalog.pg_operator
    WHERE oprnamespace = 'pg_catalog'::regnamespace
      AND oprname NOT IN (SELECT oprname FROM pg_catalog.pg_operator WHERE oprnamespace = 'evil'::regnamespace)
    ORDER BY 1`);
  return rows.map(({ name }) => name);
}

/** What planted ran for the console since the server's log was `from` bytes long, each once. */
export async function plantedHits({ dataFolder }: PostgresCluster, from: number): Promise<readonly string[]> {
  const log = await readFile(`${dataFolder}.log`);
  const hits = log
    .subarray(from)
    .toString()
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf(`${mark} litemaas-console: `);
      return at === -1 ? [] : [line.slice(at + `${mark} litemaas-console: `.length)];
    });
  return [...new Set(hits)].sort();
}

/** How long the server's log is now. */
export async function logLength({ dataFolder }: PostgresCluster): Promise<number> {
  return (await readFile(`${dataFolder}.log`)).length;
}

const planting = `
CREATE SCHEMA evil;
-- Once per session and thing: a function of every row would fill the disk.
CREATE FUNCTION evil.planted(what text) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog AS $hit$
BEGIN
  IF current_setting('planted.x' || md5(what), true) IS NULL THEN
    PERFORM set_config('planted.x' || md5(what), '1', false);
    RAISE LOG '${mark} %: %', current_setting('application_name'), what;
  END IF;
  RETURN true;
END $hit$;

CREATE FUNCTION evil.planted_any(text, text) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS $any$
BEGIN PERFORM evil.planted('operator (text, text)'); RETURN NULL; END $any$;

DO $plant$
DECLARE
  original record;
  call text;
  body text;
  variant text;
  shape record;
BEGIN
  FOR original IN
    SELECT p.oid, p.proname, p.pronargs, p.provariadic <> 0 AS is_variadic, p.proretset,
      p.prorettype = 'void'::regtype AS is_void, p.proargmodes IS NOT NULL AND p.proargmodes && '{o,b,t}' AS has_out,
      pg_get_function_arguments(p.oid) AS arguments, pg_get_function_identity_arguments(p.oid) AS identity,
      pg_get_function_result(p.oid) AS result,
      'text'::regtype = ANY (p.proargtypes::oid[]) OR 'anyarray'::regtype = ANY (p.proargtypes::oid[])
        OR 'anyelement'::regtype = ANY (p.proargtypes::oid[]) AS has_variants
    FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
      -- A record of columns that only the caller names can't be passed on.
      AND (p.prorettype <> 'record'::regtype OR p.proargmodes IS NOT NULL)
      AND NOT EXISTS (
        SELECT FROM unnest(p.proargtypes::oid[] || p.prorettype) AS named (type)
        WHERE named.type IN ('internal'::regtype, 'cstring'::regtype, '"any"'::regtype, 'trigger'::regtype,
          'event_trigger'::regtype, 'language_handler'::regtype, 'fdw_handler'::regtype, 'index_am_handler'::regtype,
          'tsm_handler'::regtype, 'table_am_handler'::regtype, 'pg_ddl_command'::regtype)
      )
  LOOP
    call := format('pg_catalog.%I(%s)', original.proname, (
      SELECT string_agg(CASE WHEN original.is_variadic AND n = original.pronargs THEN 'VARIADIC ' ELSE '' END || '$' || n, ', '
        ORDER BY n)
      FROM generate_series(1, original.pronargs) AS n));
    body := format('BEGIN PERFORM evil.planted(%L); %s END',
      format('function %s(%s)', original.proname, original.identity),
      CASE
        WHEN original.proretset THEN format('RETURN QUERY SELECT * FROM %s;', call)
        WHEN original.is_void THEN format('PERFORM %s;', call)
        WHEN original.has_out THEN 'RETURN;'
        ELSE format('RETURN %s;', call)
      END);
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql SET search_path = pg_catalog AS %L',
        original.proname, original.arguments, original.result, body);
    EXCEPTION WHEN others THEN NULL;
    END;
    CONTINUE WHEN NOT original.has_variants OR original.has_out OR original.proretset;
    FOREACH variant IN ARRAY ARRAY['varchar', 'name', 'uuid'] LOOP
      BEGIN
        EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql SET search_path = pg_catalog AS %L',
          original.proname,
          regexp_replace(regexp_replace(original.identity, '\\mtext\\M|\\manyelement\\M', variant, 'g'),
            '\\manyarray\\M', variant || '[]', 'g'),
          replace(replace(original.result, 'anyelement', variant), 'anyarray', variant || '[]'), body);
      EXCEPTION WHEN others THEN NULL;
      END;
    END LOOP;
  END LOOP;

  -- Aggregates: the state is the result; of most it stays what it was first.
  FOR original IN
    SELECT p.proname, pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result,
      row_number() OVER () AS number
    FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'a'
  LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.planted_state_%s(%s) RETURNS %s LANGUAGE plpgsql SET search_path = pg_catalog AS %L',
        original.number, concat_ws(', ', original.result, nullif(original.arguments, '')), original.result,
        format('BEGIN PERFORM evil.planted(%L); RETURN %s; END', 'aggregate ' || original.proname,
          CASE original.proname WHEN 'sum' THEN 'coalesce($1, 0) + coalesce($2, 0)' WHEN 'max' THEN 'greatest($1, $2)'
            WHEN 'min' THEN 'least($1, $2)' WHEN 'count' THEN 'coalesce($1, 0) + 1' ELSE '$1' END));
      EXECUTE format('CREATE AGGREGATE evil.%I(%s) (SFUNC = evil.planted_state_%s, STYPE = %s)', original.proname,
        coalesce(nullif(original.arguments, ''), '*'), original.number, original.result);
    EXCEPTION WHEN others THEN NULL;
    END;
  END LOOP;

  -- Whatever else has a name: what takes "any", internal types or rows of a window.
  FOR original IN
    SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
      AND proname NOT IN (SELECT proname FROM pg_proc WHERE pronamespace = 'evil'::regnamespace)
  LOOP
    FOREACH variant IN ARRAY ARRAY['text', 'text, text'] LOOP
      BEGIN
        EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS %L',
          original.proname, variant,
          format('BEGIN PERFORM evil.planted(%L); RETURN NULL; END', format('function %s(%s)', original.proname, variant)));
      EXCEPTION WHEN others THEN NULL;
      END;
    END LOOP;
  END LOOP;

  -- Operators call the planted copy of their function.
  FOR original IN
    SELECT o.oprname, o.oprleft::regtype::text AS left_type, o.oprright::regtype::text AS right_type,
      o.oprleft = 0 AS is_prefix, p.proname
    FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
    WHERE o.oprnamespace = 'pg_catalog'::regnamespace
  LOOP
    FOR shape IN
      SELECT 'evil' AS schema, original.left_type, original.right_type
      UNION
      SELECT 'public', replace(replace(original.left_type, 'anyarray', types.l || '[]'), 'text', types.l),
        replace(replace(original.right_type, 'anyarray', types.r || '[]'), 'text', types.r)
      FROM (VALUES ('varchar', 'varchar'), ('name', 'name'), ('text', 'name'), ('text', 'varchar'), ('varchar', 'text'),
        ('uuid', 'uuid')) AS types (l, r)
      WHERE original.left_type IN ('text', 'anyarray') OR original.right_type IN ('text', 'anyarray')
    LOOP
      BEGIN
        EXECUTE format('CREATE FUNCTION %I.planted_operator_%s(%s) RETURNS %s LANGUAGE plpgsql SET search_path = pg_catalog AS %L',
          shape.schema, md5(concat_ws(' ', original.oprname, shape.left_type, shape.right_type)),
          CASE WHEN original.is_prefix THEN shape.right_type ELSE concat_ws(', ', shape.left_type, shape.right_type) END,
          (SELECT p.prorettype::regtype FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
            WHERE o.oprname = original.oprname AND o.oprnamespace = 'pg_catalog'::regnamespace
              AND o.oprleft::regtype::text = original.left_type AND o.oprright::regtype::text = original.right_type),
          format('BEGIN PERFORM evil.planted(%L); RETURN %s; END',
            format('operator %s (%s, %s)', original.oprname, shape.left_type, shape.right_type),
            CASE WHEN original.is_prefix THEN format('OPERATOR(pg_catalog.%s) $1', original.oprname)
              WHEN shape.schema = 'public' THEN format('$1::pg_catalog.%s OPERATOR(pg_catalog.%s) $2::pg_catalog.%s',
                replace(original.left_type, 'anyarray', 'text[]'), original.oprname,
                replace(original.right_type, 'anyarray', 'text[]'))
              ELSE format('$1 OPERATOR(pg_catalog.%s) $2', original.oprname) END));
        EXECUTE format('CREATE OPERATOR %I.%s (%s RIGHTARG = %s, FUNCTION = %I.planted_operator_%s)',
          shape.schema, original.oprname,
          CASE WHEN original.is_prefix THEN '' ELSE format('LEFTARG = %s,', shape.left_type) END, shape.right_type,
          shape.schema, md5(concat_ws(' ', original.oprname, shape.left_type, shape.right_type)));
      EXCEPTION WHEN others THEN NULL;
      END;
    END LOOP;
  END LOOP;
  FOR original IN
    SELECT DISTINCT oprname FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace
      AND oprname NOT IN (SELECT oprname FROM pg_operator WHERE oprnamespace = 'evil'::regnamespace)
  LOOP
    EXECUTE format('CREATE OPERATOR evil.%s (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.planted_any)', original.oprname);
  END LOOP;

  -- Relations: pg_catalog's, and in front of our own a table of another application.
  FOR original IN
    SELECT c.relname, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'p') AND n.nspname IN ('pg_catalog', 'public', 'litemaas_console', 'drizzle')
      AND NOT c.relispartition
  LOOP
    BEGIN
      EXECUTE format('CREATE VIEW evil.%I AS SELECT * FROM %I.%I WHERE evil.planted(%L)', original.relname,
        original.nspname, original.relname, 'relation ' || original.relname);
    EXCEPTION WHEN others THEN NULL;
    END;
  END LOOP;

  -- Types last: a domain of the same name would be met by the statements above.
  FOR original IN
    SELECT typname FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype = 'b' AND typname !~ '^_'
  LOOP
    BEGIN
      EXECUTE format('CREATE DOMAIN evil.%I AS pg_catalog.%I CHECK (evil.planted(%L))', original.typname, original.typname,
        'type ' || original.typname);
    EXCEPTION WHEN others THEN NULL;
    END;
  END LOOP;
END $plant$`;
