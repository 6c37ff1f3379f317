-- Search by contains: trigram indexes, where pg_trgm can be had.
-- litemaas: routine 1

-- Creates the trigram indexes that are missing. True when they all exist afterwards; false where pg_trgm cannot be
-- had. The console calls it again when an administrator has installed the extension.
CREATE OR REPLACE FUNCTION litemaas_console.ensure_contains_indexes() RETURNS BOOLEAN
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    extension_schema TEXT;
    contains RECORD;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
    EXCEPTION WHEN OTHERS THEN
        RAISE NOTICE 'pg_trgm cannot be created: %', SQLERRM;
    END;
    -- Where the operator class really is, and only if the extension owns it: anybody can make one of that name.
    SELECT n.nspname INTO extension_schema
    FROM pg_extension e
    JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
        AND d.classid = 'pg_opclass'::regclass
    JOIN pg_opclass c ON c.oid = d.objid AND c.opcname = 'gin_trgm_ops'
    JOIN pg_am a ON a.oid = c.opcmethod AND a.amname = 'gin'
    JOIN pg_namespace n ON n.oid = c.opcnamespace
    WHERE e.extname = 'pg_trgm';
    IF extension_schema IS NULL THEN
        RETURN false;
    END IF;
    FOR contains IN
        SELECT *
        FROM (VALUES
            ('users_contains', 'users', ARRAY['username', 'email', 'full_name']),
            ('api_keys_contains', 'api_keys', ARRAY['name', 'litellm_key_alias']),
            ('teams_contains', 'teams', ARRAY['name', 'alias']),
            ('models_contains', 'models', ARRAY['id', 'name', 'provider'])
        ) wanted (index_name, table_name, column_names)
    LOOP
        EXECUTE (
            SELECT format(
                'CREATE INDEX IF NOT EXISTS %I ON public.%I USING gin (%s)',
                contains.index_name,
                contains.table_name,
                string_agg(format('%I %I.gin_trgm_ops', column_name, extension_schema), ', '))
            FROM unnest(contains.column_names) column_name
        );
    END LOOP;
    RETURN true;
END;
$$;

SELECT litemaas_console.ensure_contains_indexes();
