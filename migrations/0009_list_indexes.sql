-- What the lists need to answer within 50 ms at 100,000 rows: sorting, equality, prefix and contains.
--
-- Sorting: ORDER BY name COLLATE litemaas_console.name_order, id. That collation is ICU's root order where the server
-- has ICU ("alice" before "Zoe"), else code points; it always exists, so queries need not know. Every sort index ends
-- in id, the tie-break, and serves both directions. Rows without a value come last in either direction, so a nullable
-- column has a second index for its descending order.
-- Equality and prefix, without case: lower(column) = or LIKE 'abc%'.
-- Contains: column ILIKE '%abc%', by trigrams (routines/110_contains_indexes.sql). pg_trgm is no requirement: where it
-- cannot be created, contains scans.

DO $$
BEGIN
    CREATE COLLATION litemaas_console.name_order (provider = icu, locale = 'und');
EXCEPTION WHEN OTHERS THEN
    CREATE COLLATION litemaas_console.name_order FROM pg_catalog."C";
END;
$$;

CREATE INDEX users_by_username ON public.users (username COLLATE litemaas_console.name_order, id);
CREATE INDEX users_by_full_name ON public.users (full_name COLLATE litemaas_console.name_order, id);
CREATE INDEX users_by_full_name_descending
    ON public.users (full_name COLLATE litemaas_console.name_order DESC NULLS LAST, id DESC);
-- A person without an address holds a placeholder in the NOT NULL column; lists show and sort it as missing.
CREATE INDEX users_by_email ON public.users (
    (CASE WHEN email NOT LIKE '%@unknown.invalid' THEN email END) COLLATE litemaas_console.name_order, id);
CREATE INDEX users_by_email_descending ON public.users (
    (CASE WHEN email NOT LIKE '%@unknown.invalid' THEN email END) COLLATE litemaas_console.name_order
        DESC NULLS LAST, id DESC);
CREATE INDEX users_by_max_budget ON public.users (max_budget, id);
CREATE INDEX users_by_max_budget_descending ON public.users (max_budget DESC NULLS LAST, id DESC);
CREATE INDEX users_by_last_login_at ON public.users (last_login_at, id);
CREATE INDEX users_by_last_login_at_descending ON public.users (last_login_at DESC NULLS LAST, id DESC);
CREATE INDEX users_by_created_at ON public.users (created_at, id);
CREATE INDEX users_username_prefix ON public.users (lower(username) text_pattern_ops);
CREATE INDEX users_full_name_prefix ON public.users (lower(full_name) text_pattern_ops);

CREATE INDEX api_keys_by_name ON public.api_keys (name COLLATE litemaas_console.name_order, id);
CREATE INDEX api_keys_by_name_descending
    ON public.api_keys (name COLLATE litemaas_console.name_order DESC NULLS LAST, id DESC);
CREATE INDEX api_keys_by_key_prefix ON public.api_keys (key_prefix COLLATE litemaas_console.name_order, id);
CREATE INDEX api_keys_by_max_budget ON public.api_keys (max_budget, id);
CREATE INDEX api_keys_by_max_budget_descending ON public.api_keys (max_budget DESC NULLS LAST, id DESC);
CREATE INDEX api_keys_by_current_spend ON public.api_keys (current_spend, id);
CREATE INDEX api_keys_by_expires_at ON public.api_keys (expires_at, id);
CREATE INDEX api_keys_by_expires_at_descending ON public.api_keys (expires_at DESC NULLS LAST, id DESC);
CREATE INDEX api_keys_by_last_used_at ON public.api_keys (last_used_at, id);
CREATE INDEX api_keys_by_last_used_at_descending ON public.api_keys (last_used_at DESC NULLS LAST, id DESC);
CREATE INDEX api_keys_by_created_at ON public.api_keys (created_at, id);
CREATE INDEX api_keys_name_prefix ON public.api_keys (lower(name) text_pattern_ops);
CREATE INDEX api_keys_alias_prefix ON public.api_keys (lower(litellm_key_alias) text_pattern_ops);

CREATE INDEX teams_by_name ON public.teams (name COLLATE litemaas_console.name_order, id);
CREATE INDEX models_by_name ON public.models (name COLLATE litemaas_console.name_order, id);
CREATE INDEX subscriptions_by_created_at ON public.subscriptions (created_at, id);
