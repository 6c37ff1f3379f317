-- The console's own bookkeeping, in a schema of its own so that the documented tables stay as documented. Nothing
-- here refers to public tables by foreign key: it has to outlive what it describes.

CREATE SCHEMA litemaas_console;

-- Workspace settings. 'reporting_time_zone' cuts the rollups' days; 'demo' marks a database filled with demo data.
CREATE TABLE litemaas_console.settings (
    key TEXT PRIMARY KEY,
    value JSONB NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO litemaas_console.settings (key, value) VALUES ('reporting_time_zone', '"UTC"');

-- What charts read: usage per day and month of the reporting zone and per everything it can be asked by, recorded as
-- it was at the time (a key that is deleted or a team that is renamed later changes nothing here). Usage that no
-- subscription covers sits in the same rows with a NULL subscription. Rows may be zero after corrections.
CREATE TABLE litemaas_console.usage_daily (
    day DATE NOT NULL,
    api_key_id UUID,
    subscription_id UUID,
    user_id UUID,
    team_id UUID,
    model_id VARCHAR(255) NOT NULL,
    requests BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    request_tokens BIGINT NOT NULL,
    response_tokens BIGINT NOT NULL,
    cost NUMERIC(28, 12) NOT NULL,
    latency_ms_sum BIGINT NOT NULL,
    latency_count BIGINT NOT NULL,
    CONSTRAINT usage_daily_key UNIQUE NULLS NOT DISTINCT
        (day, api_key_id, subscription_id, user_id, team_id, model_id)
) WITH (fillfactor = 80);

CREATE INDEX usage_daily_subscription ON litemaas_console.usage_daily (subscription_id, day);
CREATE INDEX usage_daily_api_key ON litemaas_console.usage_daily (api_key_id, day);
CREATE INDEX usage_daily_user ON litemaas_console.usage_daily (user_id, day);
CREATE INDEX usage_daily_team ON litemaas_console.usage_daily (team_id, day);

-- `month` is the first day of the month.
CREATE TABLE litemaas_console.usage_monthly (
    month DATE NOT NULL,
    api_key_id UUID,
    subscription_id UUID,
    user_id UUID,
    team_id UUID,
    model_id VARCHAR(255) NOT NULL,
    requests BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    request_tokens BIGINT NOT NULL,
    response_tokens BIGINT NOT NULL,
    cost NUMERIC(28, 12) NOT NULL,
    latency_ms_sum BIGINT NOT NULL,
    latency_count BIGINT NOT NULL,
    CONSTRAINT usage_monthly_key UNIQUE NULLS NOT DISTINCT
        (month, api_key_id, subscription_id, user_id, team_id, model_id)
) WITH (fillfactor = 80);

CREATE INDEX usage_monthly_subscription ON litemaas_console.usage_monthly (subscription_id, month);

-- Latency distribution per day and model, from which percentiles are read. A bucket is named by its lower bound in
-- milliseconds; the next bound of latency_bounds() is where it ends (exclusive). Neighbouring bounds differ by at
-- most 19 % up to 131 s.
CREATE TABLE litemaas_console.usage_latency (
    day DATE NOT NULL,
    model_id VARCHAR(255) NOT NULL,
    latency_from_ms INTEGER NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (day, model_id, latency_from_ms)
) WITH (fillfactor = 80);

-- Usage that has no subscription to be logged under: its key or model is unknown to us, nobody subscribed, or the
-- subscription has been deleted since (reason 'subscription_deleted'; subscription_id then says which it was). The
-- columns are usage_logs' with the user beside them.
CREATE TABLE litemaas_console.unattributed_usage (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    subscription_id UUID,
    api_key_id UUID,
    team_id UUID,
    user_id UUID,
    model_id VARCHAR(255) NOT NULL,
    request_tokens BIGINT NOT NULL,
    response_tokens BIGINT NOT NULL,
    total_tokens BIGINT GENERATED ALWAYS AS (request_tokens + response_tokens) STORED,
    input_cost NUMERIC(20, 12) NOT NULL DEFAULT 0,
    output_cost NUMERIC(20, 12) NOT NULL DEFAULT 0,
    total_cost NUMERIC(21, 12) GENERATED ALWAYS AS (input_cost + output_cost) STORED,
    latency_ms INTEGER,
    status_code INTEGER,
    error_message TEXT,
    litellm_request_id VARCHAR(255),
    metadata JSONB NOT NULL DEFAULT '{}',
    reason TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id, created_at),
    CONSTRAINT unattributed_usage_request UNIQUE (litellm_request_id, created_at)
);

CREATE INDEX unattributed_usage_created ON litemaas_console.unattributed_usage (created_at);
CREATE INDEX unattributed_usage_user ON litemaas_console.unattributed_usage (user_id, created_at);
CREATE INDEX unattributed_usage_api_key ON litemaas_console.unattributed_usage (api_key_id, created_at);
CREATE INDEX unattributed_usage_subscription ON litemaas_console.unattributed_usage (subscription_id)
    WHERE subscription_id IS NOT NULL;

-- Every change of a subscription's status: what, when, why and by whom. from_status NULL: created; to_status NULL:
-- deleted. For cause 'quota' the usage row is the request that exceeded it. Cause and actor come from the
-- transaction-local settings litemaas.cause and litemaas.actor.
CREATE TABLE litemaas_console.subscription_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id UUID NOT NULL,
    user_id UUID NOT NULL,
    model_id VARCHAR(255) NOT NULL,
    from_status public.subscription_status,
    to_status public.subscription_status,
    cause TEXT NOT NULL CHECK (cause IN ('quota', 'admin', 'sync', 'expiry')),
    usage_log_id UUID,
    usage_created_at TIMESTAMP WITH TIME ZONE,
    actor TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX subscription_events_subscription ON litemaas_console.subscription_events (subscription_id, id);
CREATE INDEX subscription_events_created ON litemaas_console.subscription_events (created_at);

-- Exact prices per single token over time; a change appends a row, and a request is priced by the row that was valid
-- at its time (the greatest valid_from not after it). NULL is unknown, 0 is free.
CREATE TABLE litemaas_console.model_prices (
    model_id VARCHAR(255) NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    input_price_per_token NUMERIC,
    output_price_per_token NUMERIC,
    currency TEXT NOT NULL DEFAULT 'USD',
    source TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (model_id, valid_from)
);

-- One row per object of a LiteLLM proxy: which of our records it is, what both sides last agreed on, and why it has
-- no home if it has none. Never holds a key value: keys are known here by their hash.
CREATE TABLE litemaas_console.litellm_objects (
    proxy_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    local_id TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    error TEXT,
    -- The fields both sides last agreed on: the base of the three-way comparison.
    snapshot JSONB,
    -- The fields the proxy last showed us.
    remote JSONB,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- The number of the last complete scan that saw it; an object two complete scans missed is gone remotely.
    last_seen_generation BIGINT,
    PRIMARY KEY (proxy_id, kind, remote_id)
);

CREATE INDEX litellm_objects_local ON litemaas_console.litellm_objects (kind, local_id);
CREATE INDEX litellm_objects_state ON litemaas_console.litellm_objects (proxy_id, kind, state);

-- History of synchronisation jobs. `id` is also the generation of the scan. `counts` holds figures per entity,
-- `cursor` where an interrupted run goes on.
CREATE TABLE litemaas_console.sync_runs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proxy_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled', 'interrupted')),
    actor TEXT,
    counts JSONB NOT NULL DEFAULT '{}',
    cursor JSONB,
    error JSONB,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    finished_at TIMESTAMP WITH TIME ZONE
);

CREATE INDEX sync_runs_started ON litemaas_console.sync_runs (started_at DESC);

-- How far an import of a source has come.
CREATE TABLE litemaas_console.import_cursors (
    source TEXT NOT NULL,
    entity TEXT NOT NULL,
    position JSONB NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (source, entity)
);

-- What became of stretches of the usage log. A stretch without a row is live. Where the log has been archived the
-- rollups are the truth and no rebuild touches them; the checksum proves that they still are what was archived.
CREATE TABLE litemaas_console.usage_ranges (
    range_start TIMESTAMP WITH TIME ZONE NOT NULL PRIMARY KEY,
    range_end TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('live', 'hours_pruned', 'log_archived')),
    row_count BIGINT,
    checksum TEXT,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT usage_ranges_order CHECK (range_start < range_end),
    CONSTRAINT usage_ranges_no_overlap EXCLUDE USING gist (tstzrange(range_start, range_end) WITH &&)
);
