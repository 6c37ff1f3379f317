-- What the lists need to answer within 50 ms at 100,000 rows: sorting, equality, prefix and contains.
--
-- Sorting: ORDER BY name COLLATE litemaas_console.name_order, id. That collation is ICU's root order where the server
-- has ICU ("alice" before "Zoe"), else code points; it always exists, so queries need not know. Every sort index ends
-- in id, the tie-break, and serves both directions. Rows without a value come last in either direction, so a nullable
-- column has a second index for its descending order.
-- Equality and prefix, without case: lower(column) = or LIKE 'abc%'.
-- Contains: column ILIKE '%abc%', by trigrams. pg_trgm is no requirement: where it cannot be created, contains scans.

DO $$
BEGIN
    CREATE COLLATION litemaas_console.name_order (provider = icu, locale = 'und');
EXCEPTION WHEN OTHERS THEN
    CREATE COLLATION litemaas_console.name_order FROM pg_catalog."C";
END;
$$;

CREATE INDEX users_by_username ON users (username COLLATE litemaas_console.name_order, id);
CREATE INDEX users_by_full_name ON users (full_name COLLATE litemaas_console.name_order, id);
CREATE INDEX users_by_full_name_descending
    ON users (full_name COLLATE litemaas_console.name_order DESC NULLS LAST, id DESC);
-- A person without an address holds a placeholder in the NOT NULL column; lists show and sort it as missing.
CREATE INDEX users_by_email ON users (
    (CASE WHEN email NOT LIKE '%@unknown.invalid' THEN email END) COLLATE litemaas_console.name_order, id);
CREATE INDEX users_by_email_descending ON users (
    (CASE WHEN email NOT LIKE '%@unknown.invalid' THEN email END) COLLATE litemaas_console.name_order
        DESC NULLS LAST, id DESC);
CREATE INDEX users_by_max_budget ON users (max_budget, id);
CREATE INDEX users_by_max_budget_descending ON users (max_budget DESC NULLS LAST, id DESC);
CREATE INDEX users_by_last_login_at ON users (last_login_at, id);
CREATE INDEX users_by_last_login_at_descending ON users (last_login_at DESC NULLS LAST, id DESC);
CREATE INDEX users_by_created_at ON users (created_at, id);
CREATE INDEX users_username_prefix ON users (lower(username) text_pattern_ops);
CREATE INDEX users_full_name_prefix ON users (lower(full_name) text_pattern_ops);

CREATE INDEX api_keys_by_name ON api_keys (name COLLATE litemaas_console.name_order, id);
CREATE INDEX api_keys_by_name_descending
    ON api_keys (name COLLATE litemaas_console.name_order DESC NULLS LAST, id DESC);
CREATE INDEX api_keys_by_key_prefix ON api_keys (key_prefix COLLATE litemaas_console.name_order, id);
CREATE INDEX api_keys_by_max_budget ON api_keys (max_budget, id);
CREATE INDEX api_keys_by_max_budget_descending ON api_keys (max_budget DESC NULLS LAST, id DESC);
CREATE INDEX api_keys_by_current_spend ON api_keys (current_spend, id);
CREATE INDEX api_keys_by_expires_at ON api_keys (expires_at, id);
CREATE INDEX api_keys_by_expires_at_descending ON api_keys (expires_at DESC NULLS LAST, id DESC);
CREATE INDEX api_keys_by_last_used_at ON api_keys (last_used_at, id);
CREATE INDEX api_keys_by_last_used_at_descending ON api_keys (last_used_at DESC NULLS LAST, id DESC);
CREATE INDEX api_keys_by_created_at ON api_keys (created_at, id);
CREATE INDEX api_keys_name_prefix ON api_keys (lower(name) text_pattern_ops);
CREATE INDEX api_keys_alias_prefix ON api_keys (lower(litellm_key_alias) text_pattern_ops);

CREATE INDEX teams_by_name ON teams (name COLLATE litemaas_console.name_order, id);
CREATE INDEX models_by_name ON models (name COLLATE litemaas_console.name_order, id);
CREATE INDEX subscriptions_by_created_at ON subscriptions (created_at, id);

-- Creates the trigram indexes that are missing. True when they all exist afterwards; false where pg_trgm cannot be
-- had. The console calls it again when an administrator has installed the extension.
CREATE FUNCTION litemaas_console.ensure_contains_indexes() RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
DECLARE
    extension_schema TEXT;
    contains RECORD;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXCEPTION WHEN OTHERS THEN
        RAISE NOTICE 'pg_trgm cannot be created: %', SQLERRM;
    END;
    SELECT n.nspname INTO extension_schema
    FROM pg_extension e
    JOIN pg_namespace n ON n.oid = e.extnamespace
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
