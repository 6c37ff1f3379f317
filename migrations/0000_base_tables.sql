-- Base tables of the LiteMaaS schema, as the architecture document first had them: an API key belongs to exactly
-- one subscription (0001 and 0002 make it multi-model, so that a database of that age can be carried over).
--
-- Names are the document's. Where its SQL does not run or loses data it is corrected here; the reasons:
--   * No extension: gen_random_uuid() is part of PostgreSQL since 13, and an owner without the contrib packages
--     must be able to migrate.
--   * subscriptions: UNIQUE ... WHERE is no table constraint; a partial unique index says the same.
--   * usage_logs: the primary key of a partitioned table must hold the partition key.
--   * Counters, limits and token counts are BIGINT: an INTEGER counter at its end makes every usage insert fail.
--     LiteLLM's limits are 64-bit too.
--   * Budgets NUMERIC(20,6) and spend NUMERIC(24,12): (10,2) refuses LiteLLM's "unlimited" 2147483647 and turns
--     a thousand requests of $0.004 into 0.00. Prices and costs NUMERIC(20,12): (10,6) stores 0.4 µ$ as 0.
--   * Flags, counters, statuses and times are NOT NULL, with CHECKs where a value set is closed. Limits, budgets
--     and quotas stay nullable: NULL is unlimited, 0 is none.
--   * Where the document doubles a UNIQUE with an index, the UNIQUE carries the index's name and there is one index.
--   * teams.created_by is SET NULL: otherwise nobody who ever created a team can be deleted.
--   * key_prefix VARCHAR(20): (10) is exactly "sk-litellm" and one character more fails.

CREATE TYPE public.subscription_status AS ENUM ('pending', 'active', 'suspended', 'cancelled', 'expired');

CREATE TABLE public.users (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    username VARCHAR(255) NOT NULL,
    email VARCHAR(255) NOT NULL,
    full_name VARCHAR(255),
    oauth_provider VARCHAR(50) NOT NULL,
    oauth_id VARCHAR(255) NOT NULL,
    roles TEXT[] NOT NULL DEFAULT ARRAY['user'],
    is_active BOOLEAN NOT NULL DEFAULT true,
    max_budget NUMERIC(20, 6) DEFAULT 100.00,
    tpm_limit BIGINT DEFAULT 1000,
    rpm_limit BIGINT DEFAULT 60,
    sync_status VARCHAR(20) NOT NULL DEFAULT 'pending',
    last_login_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT idx_users_username UNIQUE (username),
    CONSTRAINT idx_users_email UNIQUE (email),
    CONSTRAINT idx_users_oauth UNIQUE (oauth_provider, oauth_id),
    CONSTRAINT users_sync_status_check CHECK (sync_status IN ('pending', 'synced', 'error'))
);

-- Equality and prefix without case. Not unique: two people whose addresses differ only in case are a finding, and must
-- not stop an import.
CREATE INDEX idx_users_email_lower ON public.users (lower(email) text_pattern_ops);

CREATE TABLE public.models (
    id VARCHAR(255) PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    provider VARCHAR(100) NOT NULL,
    description TEXT,
    capabilities TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    context_length INTEGER,
    input_price_per_1k NUMERIC(20, 12),
    output_price_per_1k NUMERIC(20, 12),
    max_tokens INTEGER,
    supports_function_calling BOOLEAN NOT NULL DEFAULT false,
    supports_vision BOOLEAN NOT NULL DEFAULT false,
    litellm_provider VARCHAR(100),
    metadata JSONB NOT NULL DEFAULT '{}',
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_models_provider ON public.models (provider);
CREATE INDEX idx_models_active ON public.models (is_active);
CREATE INDEX idx_models_capabilities ON public.models USING GIN (capabilities);
CREATE INDEX idx_models_litellm_provider ON public.models (litellm_provider);

CREATE TABLE public.teams (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(255) NOT NULL,
    alias VARCHAR(255),
    description TEXT,
    created_by UUID REFERENCES public.users (id) ON DELETE SET NULL,
    max_budget NUMERIC(20, 6) DEFAULT 1000.00,
    current_spend NUMERIC(24, 12) NOT NULL DEFAULT 0,
    litellm_team_id VARCHAR(255),
    budget_duration VARCHAR(20) DEFAULT 'monthly',
    tpm_limit BIGINT DEFAULT 10000,
    rpm_limit BIGINT DEFAULT 1000,
    -- An empty array enables all models, as in LiteLLM.
    allowed_models JSONB NOT NULL DEFAULT '[]'::JSONB,
    metadata JSONB NOT NULL DEFAULT '{}'::JSONB,
    last_sync_at TIMESTAMP WITH TIME ZONE,
    sync_status VARCHAR(20) NOT NULL DEFAULT 'pending',
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT teams_sync_status_check CHECK (sync_status IN ('pending', 'synced', 'error')),
    -- node-postgres turns a bound [] into {}: refuse it here rather than read "all models" out of it.
    CONSTRAINT teams_allowed_models_check CHECK (jsonb_typeof(allowed_models) = 'array')
);

CREATE INDEX idx_teams_created_by ON public.teams (created_by);
CREATE INDEX idx_teams_litellm ON public.teams (litellm_team_id);
CREATE INDEX idx_teams_sync_status ON public.teams (sync_status);

CREATE TABLE public.team_members (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id UUID NOT NULL REFERENCES public.teams (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    role VARCHAR(20) NOT NULL DEFAULT 'member',
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT idx_team_members_team UNIQUE (team_id, user_id),
    CONSTRAINT team_members_role_check CHECK (role IN ('admin', 'member'))
);

CREATE INDEX idx_team_members_user ON public.team_members (user_id);

CREATE TABLE public.subscriptions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    model_id VARCHAR(255) NOT NULL REFERENCES public.models (id),
    team_id UUID REFERENCES public.teams (id) ON DELETE SET NULL,
    status public.subscription_status NOT NULL DEFAULT 'pending',
    quota_requests BIGINT DEFAULT 10000,
    quota_tokens BIGINT DEFAULT 1000000,
    used_requests BIGINT NOT NULL DEFAULT 0,
    used_tokens BIGINT NOT NULL DEFAULT 0,
    max_budget NUMERIC(20, 6) DEFAULT 100.00,
    current_spend NUMERIC(24, 12) NOT NULL DEFAULT 0,
    budget_duration VARCHAR(20) DEFAULT 'monthly',
    tpm_limit BIGINT DEFAULT 1000,
    rpm_limit BIGINT DEFAULT 60,
    litellm_key_id VARCHAR(255),
    litellm_key_alias VARCHAR(255),
    last_sync_at TIMESTAMP WITH TIME ZONE,
    sync_status VARCHAR(20) NOT NULL DEFAULT 'pending',
    reset_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT subscriptions_sync_status_check CHECK (sync_status IN ('pending', 'synced', 'error')),
    CONSTRAINT subscriptions_quota_check CHECK (quota_requests >= 0 AND quota_tokens >= 0),
    CONSTRAINT subscriptions_used_check CHECK (used_requests >= 0 AND used_tokens >= 0)
) WITH (fillfactor = 80);
-- Every usage batch updates the used_* columns; room in the page and no index on them keep those updates in place.

CREATE UNIQUE INDEX unique_active_subscription ON public.subscriptions (user_id, model_id) WHERE status = 'active';
CREATE INDEX idx_subscriptions_user ON public.subscriptions (user_id);
CREATE INDEX idx_subscriptions_model ON public.subscriptions (model_id);
CREATE INDEX idx_subscriptions_team ON public.subscriptions (team_id);
CREATE INDEX idx_subscriptions_status ON public.subscriptions (status);
CREATE INDEX idx_subscriptions_expires ON public.subscriptions (expires_at);
CREATE INDEX idx_subscriptions_litellm ON public.subscriptions (litellm_key_id);

CREATE TABLE public.api_keys (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    subscription_id UUID NOT NULL,
    user_id UUID NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    name VARCHAR(255),
    key_hash VARCHAR(255) NOT NULL,
    key_prefix VARCHAR(20) NOT NULL,
    max_budget NUMERIC(20, 6) DEFAULT 100.00,
    current_spend NUMERIC(24, 12) NOT NULL DEFAULT 0,
    budget_duration VARCHAR(20) DEFAULT 'monthly',
    tpm_limit BIGINT DEFAULT 1000,
    rpm_limit BIGINT DEFAULT 60,
    lite_llm_key_value VARCHAR(255),
    litellm_key_alias VARCHAR(255),
    team_id UUID REFERENCES public.teams (id) ON DELETE SET NULL,
    last_sync_at TIMESTAMP WITH TIME ZONE,
    sync_status VARCHAR(20) NOT NULL DEFAULT 'pending',
    last_used_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT idx_api_keys_hash UNIQUE (key_hash),
    CONSTRAINT api_keys_sync_status_check CHECK (sync_status IN ('pending', 'synced', 'error')),
    CONSTRAINT api_keys_subscription_id_fkey
        FOREIGN KEY (subscription_id) REFERENCES public.subscriptions (id) ON DELETE CASCADE
);

CREATE INDEX idx_api_keys_subscription ON public.api_keys (subscription_id);
CREATE INDEX idx_api_keys_user ON public.api_keys (user_id);
CREATE INDEX idx_api_keys_prefix ON public.api_keys (key_prefix);
CREATE INDEX idx_api_keys_active ON public.api_keys (is_active);
CREATE INDEX idx_api_keys_litellm ON public.api_keys (lite_llm_key_value);
CREATE INDEX idx_api_keys_team ON public.api_keys (team_id);

CREATE TABLE public.usage_logs (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    subscription_id UUID NOT NULL REFERENCES public.subscriptions (id) ON DELETE CASCADE,
    api_key_id UUID REFERENCES public.api_keys (id) ON DELETE SET NULL,
    team_id UUID REFERENCES public.teams (id) ON DELETE SET NULL,
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
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id, created_at),
    -- A request id alone cannot be unique on a partitioned table; with its own time it is, and a second import of
    -- the same request is refused.
    CONSTRAINT idx_usage_logs_litellm UNIQUE (litellm_request_id, created_at)
) PARTITION BY RANGE (created_at);

CREATE INDEX idx_usage_logs_subscription ON public.usage_logs (subscription_id);
CREATE INDEX idx_usage_logs_created ON public.usage_logs (created_at);
CREATE INDEX idx_usage_logs_model ON public.usage_logs (model_id);
CREATE INDEX idx_usage_logs_team ON public.usage_logs (team_id);
-- Not in the document: without it, deleting a key scans every partition to blank its rows.
CREATE INDEX idx_usage_logs_api_key ON public.usage_logs (api_key_id, created_at);

-- What fits no month (see routines/100_usage_partitions.sql) lands here instead of failing.
CREATE TABLE public.usage_logs_default PARTITION OF public.usage_logs DEFAULT;

CREATE TABLE public.usage_summaries (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    subscription_id UUID NOT NULL REFERENCES public.subscriptions (id) ON DELETE CASCADE,
    model_id VARCHAR(255) NOT NULL,
    period_type VARCHAR(20) NOT NULL,
    period_start TIMESTAMP WITH TIME ZONE NOT NULL,
    request_count BIGINT NOT NULL DEFAULT 0,
    total_tokens BIGINT NOT NULL DEFAULT 0,
    error_count BIGINT NOT NULL DEFAULT 0,
    -- A running integer mean loses its fraction at every step and overflows; sum and count give the exact one.
    latency_sum BIGINT NOT NULL DEFAULT 0,
    latency_count BIGINT NOT NULL DEFAULT 0,
    avg_latency_ms NUMERIC(16, 3)
        GENERATED ALWAYS AS (round(latency_sum::NUMERIC / NULLIF(latency_count, 0), 3)) STORED,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT idx_usage_summaries_subscription UNIQUE (subscription_id, model_id, period_type, period_start),
    CONSTRAINT usage_summaries_period_type_check CHECK (period_type IN ('hour', 'day', 'month'))
);

CREATE INDEX idx_usage_summaries_period ON public.usage_summaries (period_type, period_start);

CREATE TABLE public.audit_logs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES public.users (id) ON DELETE SET NULL,
    action VARCHAR(100) NOT NULL,
    resource_type VARCHAR(50),
    resource_id VARCHAR(255),
    ip_address INET,
    user_agent TEXT,
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_audit_logs_user ON public.audit_logs (user_id);
CREATE INDEX idx_audit_logs_action ON public.audit_logs (action);
CREATE INDEX idx_audit_logs_created ON public.audit_logs (created_at);
-- Not in the document: every record shows its own audit trail.
CREATE INDEX idx_audit_logs_resource ON public.audit_logs (resource_type, resource_id, created_at);
