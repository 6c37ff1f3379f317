-- What LiteLLM itself says of a request, kept with its usage row. Who asked is resolved when a row is imported; the
-- proxy's own ids let it be resolved again, and let spend be compared with LiteLLM's by its own names. With it come the
-- start of a subscription's period, the reason of a status change, and the ledger of the routines.

-- A column that a view reads cannot change its type. Until its routine makes it anew, the view has its columns, grants
-- and comment and refuses to be read. (A new database has no view yet.)
DO $$
DECLARE
    columns TEXT;
BEGIN
    SELECT string_agg(format('NULL::%s AS %I', format_type(atttypid, atttypmod), attname), ', ' ORDER BY attnum)
    INTO columns
    FROM pg_attribute
    WHERE attrelid = to_regclass('litemaas_console.usage_facts') AND attnum > 0 AND NOT attisdropped;
    IF columns IS NOT NULL THEN
        EXECUTE format(
            'CREATE OR REPLACE VIEW litemaas_console.usage_facts AS SELECT %s WHERE current_setting(%L)::boolean',
            columns, 'litemaas.usage_facts_waits_for_its_routine');
    END IF;
END;
$$;

-- Request ids of 549 signs have been seen, and nothing says how long they get. An index entry has at most 2,704 bytes,
-- so the index holds the id's hash: a row is found by hash and id, and no id is too long to be stored.
ALTER TABLE public.usage_logs
    DROP CONSTRAINT idx_usage_logs_litellm,
    ALTER COLUMN litellm_request_id TYPE TEXT,
    ADD COLUMN litellm_user_id TEXT,
    ADD COLUMN litellm_team_id TEXT,
    -- The key's hash, never the key.
    ADD COLUMN litellm_key_id TEXT,
    ADD COLUMN litellm_model_group TEXT,
    -- LiteLLM turned the request away itself (budget, rate limit, key, model): no provider was asked.
    ADD COLUMN refused_by_litellm BOOLEAN NOT NULL DEFAULT false;

CREATE UNIQUE INDEX idx_usage_logs_litellm
    ON public.usage_logs (hashtextextended(litellm_request_id, 0), created_at);

ALTER TABLE litemaas_console.unattributed_usage
    DROP CONSTRAINT unattributed_usage_request,
    ALTER COLUMN litellm_request_id TYPE TEXT,
    ADD COLUMN litellm_user_id TEXT,
    ADD COLUMN litellm_team_id TEXT,
    ADD COLUMN litellm_key_id TEXT,
    ADD COLUMN litellm_model_group TEXT,
    ADD COLUMN refused_by_litellm BOOLEAN NOT NULL DEFAULT false;

CREATE UNIQUE INDEX unattributed_usage_request
    ON litemaas_console.unattributed_usage (hashtextextended(litellm_request_id, 0), created_at);

-- Requests that LiteLLM refused; they are among the requests and, by their status, among the errors.
ALTER TABLE litemaas_console.usage_daily ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;
ALTER TABLE litemaas_console.usage_monthly ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;
ALTER TYPE litemaas_console.usage_delta ADD ATTRIBUTE refused BIGINT;

-- When the counters last began at 0. NULL: never since the subscription was created.
ALTER TABLE public.subscriptions ADD COLUMN period_started_at TIMESTAMP WITH TIME ZONE;

-- Why, in the words of whoever changed it: the transaction-local setting litemaas.reason.
ALTER TABLE litemaas_console.subscription_events ADD COLUMN reason TEXT;

-- Which text of each of routines/*.sql this database has. A console puts a routine in place when its own number is
-- higher, and never when it is lower. Everybody may read it: it says what the schema's version says.
CREATE TABLE litemaas_console.routines (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT ON litemaas_console.routines TO PUBLIC;
