-- Usage accounting: what follows from a usage row follows in the same transaction, whoever writes the row.
--
-- The document's row trigger costs quadratic time in one transaction, keeps one of three promised periods, breaks
-- its averages on the first NULL and loses the usage row when an average overflows. Statement-level triggers with
-- transition tables aggregate a batch once, into slots of 15 minutes: every time zone in use cuts its days at a slot
-- border, and so do UTC hours. From the slots the small updates are made, always in sorted order and with the
-- subscriptions locked first, so that two writers cannot deadlock inside a statement. Compiling these short queries
-- (JIT) costs more than running them.
--
-- Deletions and corrections only UPDATE what exists (a row that moves to another key is a removal and an addition).

-- What usage_logs needs beyond the document.
ALTER TABLE usage_logs
    -- Whether the row counted towards its subscription's quota. Importing history must not suspend people: such an
    -- import says SET LOCAL litemaas.count_usage = off.
    ADD COLUMN counted_towards_quota BOOLEAN NOT NULL
        DEFAULT COALESCE(NULLIF(current_setting('litemaas.count_usage', true), ''), 'on')::BOOLEAN,
    -- Set when the key or the team is deleted and its foreign key blanks the column: usage stays what it was.
    ADD COLUMN former_api_key_id UUID,
    ADD COLUMN former_team_id UUID;

CREATE FUNCTION keep_former_usage_owner() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.api_key_id IS NULL AND OLD.api_key_id IS NOT NULL THEN
        NEW.former_api_key_id = COALESCE(NEW.former_api_key_id, OLD.api_key_id);
    END IF;
    IF NEW.team_id IS NULL AND OLD.team_id IS NOT NULL THEN
        NEW.former_team_id = COALESCE(NEW.former_team_id, OLD.team_id);
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER keep_former_usage_owner BEFORE UPDATE OF api_key_id, team_id ON usage_logs
    FOR EACH ROW EXECUTE FUNCTION keep_former_usage_owner();

-- The audit trail keeps who it was about when the user is deleted and the foreign key blanks the column.
CREATE FUNCTION keep_former_audit_user() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    NEW.metadata = NEW.metadata || jsonb_build_object('former_user_id', OLD.user_id);
    RETURN NEW;
END;
$$;

CREATE TRIGGER keep_former_audit_user BEFORE UPDATE OF user_id ON audit_logs
    FOR EACH ROW
    WHEN (OLD.user_id IS NOT NULL AND NEW.user_id IS NULL)
    EXECUTE FUNCTION keep_former_audit_user();

-- The rollups carry the subscriber. A subscription with usage that changed hands would take that usage along in one
-- place and not in the other.
CREATE FUNCTION keep_subscription_owner() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.usage_logs ul WHERE ul.subscription_id = OLD.id) THEN
        RAISE EXCEPTION 'subscription % has usage and cannot change its owner', OLD.id
            USING ERRCODE = 'restrict_violation',
                HINT = 'Create a subscription for the other user instead.';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER keep_subscription_owner BEFORE UPDATE OF user_id ON subscriptions
    FOR EACH ROW
    WHEN (NEW.user_id IS DISTINCT FROM OLD.user_id)
    EXECUTE FUNCTION keep_subscription_owner();

-- The subscriptions' history. A deletion is recorded before it happens: afterwards the cascades could no longer tell
-- whose subscription it was.
CREATE FUNCTION litemaas_console.record_subscription_event() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    subscription public.subscriptions;
    cause TEXT := COALESCE(NULLIF(current_setting('litemaas.cause', true), ''), 'admin');
    actor TEXT := COALESCE(NULLIF(current_setting('litemaas.actor', true), ''), session_user);
    from_status public.subscription_status;
    to_status public.subscription_status;
BEGIN
    IF TG_OP = 'DELETE' THEN
        subscription := OLD;
        from_status := OLD.status;
    ELSIF TG_OP = 'INSERT' THEN
        subscription := NEW;
        to_status := NEW.status;
    ELSE
        subscription := NEW;
        from_status := OLD.status;
        to_status := NEW.status;
        -- The quota trigger suspends inside somebody's update; the cause is the quota all the same.
        IF NEW.status = 'suspended' AND OLD.status = 'active'
            AND (NEW.used_requests > NEW.quota_requests OR NEW.used_tokens > NEW.quota_tokens)
            AND (NEW.used_requests, NEW.used_tokens, NEW.quota_requests, NEW.quota_tokens)
                IS DISTINCT FROM (OLD.used_requests, OLD.used_tokens, OLD.quota_requests, OLD.quota_tokens)
        THEN
            cause := 'quota';
        END IF;
    END IF;
    INSERT INTO litemaas_console.subscription_events
        (subscription_id, user_id, model_id, from_status, to_status, cause, actor)
    VALUES
        (subscription.id, subscription.user_id, subscription.model_id, from_status, to_status, cause, actor);
    RETURN subscription;
END;
$$;

CREATE TRIGGER record_subscription_insert AFTER INSERT ON subscriptions
    FOR EACH ROW EXECUTE FUNCTION litemaas_console.record_subscription_event();
CREATE TRIGGER record_subscription_update AFTER UPDATE ON subscriptions
    FOR EACH ROW
    WHEN (NEW.status IS DISTINCT FROM OLD.status)
    EXECUTE FUNCTION litemaas_console.record_subscription_event();
CREATE TRIGGER record_subscription_delete BEFORE DELETE ON subscriptions
    FOR EACH ROW EXECUTE FUNCTION litemaas_console.record_subscription_event();

-- All usage, wherever it is logged, with the dimensions as they were. What the rollups must equal.
CREATE VIEW litemaas_console.usage_facts AS
SELECT
    ul.id,
    ul.created_at,
    ul.subscription_id,
    COALESCE(ul.api_key_id, ul.former_api_key_id) AS api_key_id,
    s.user_id,
    COALESCE(ul.team_id, ul.former_team_id) AS team_id,
    ul.model_id,
    ul.request_tokens,
    ul.response_tokens,
    ul.total_cost,
    ul.latency_ms,
    ul.status_code,
    ul.error_message,
    ul.litellm_request_id,
    NULL::TEXT AS unattributed_reason
FROM public.usage_logs ul
JOIN public.subscriptions s ON s.id = ul.subscription_id
UNION ALL
SELECT
    uu.id,
    uu.created_at,
    uu.subscription_id,
    uu.api_key_id,
    uu.user_id,
    uu.team_id,
    uu.model_id,
    uu.request_tokens,
    uu.response_tokens,
    uu.total_cost,
    uu.latency_ms,
    uu.status_code,
    uu.error_message,
    uu.litellm_request_id,
    uu.reason
FROM litemaas_console.unattributed_usage uu;

-- What a statement changed, per slot of 15 minutes and set of dimensions. Figures are signed.
CREATE TYPE litemaas_console.usage_delta AS (
    slot TIMESTAMP WITH TIME ZONE,
    subscription_id UUID,
    api_key_id UUID,
    user_id UUID,
    team_id UUID,
    model_id VARCHAR(255),
    requests BIGINT,
    errors BIGINT,
    request_tokens BIGINT,
    response_tokens BIGINT,
    cost NUMERIC,
    latency_ms_sum BIGINT,
    latency_count BIGINT,
    counted_requests BIGINT,
    counted_tokens BIGINT
);

CREATE TYPE litemaas_console.latency_delta AS (
    day DATE,
    model_id VARCHAR(255),
    latency_from_ms INTEGER,
    requests BIGINT
);

-- Brings counters, summaries and rollups up to date with what a statement changed. Returns the subscriptions that
-- their quota suspended.
CREATE FUNCTION litemaas_console.apply_usage_deltas(deltas litemaas_console.usage_delta[]) RETURNS UUID[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    zone TEXT := litemaas_console.reporting_time_zone();
    touched UUID[];
    active_before UUID[];
    suspended UUID[];
    some_without_subscription BOOLEAN;
    some_removed_or_corrected BOOLEAN;
BEGIN
    SELECT
        array_agg(DISTINCT d.subscription_id) FILTER (WHERE s.id IS NOT NULL),
        bool_or(s.id IS NULL),
        bool_or(d.requests <= 0)
    INTO touched, some_without_subscription, some_removed_or_corrected
    FROM unnest(deltas) d
    LEFT JOIN public.subscriptions s ON s.id = d.subscription_id;

    SELECT array_agg(locked.id) FILTER (WHERE locked.status = 'active')
    INTO active_before
    FROM (
        SELECT s.id, s.status
        FROM public.subscriptions s
        WHERE s.id = ANY (touched)
        ORDER BY s.id
        FOR NO KEY UPDATE
    ) locked;

    -- Rollup rows without a living subscription have no lock of their own.
    IF some_without_subscription THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('litemaas_console.unattributed_usage', 0));
    END IF;

    WITH counted AS (
        SELECT d.subscription_id, sum(d.counted_requests) AS requests, sum(d.counted_tokens) AS tokens
        FROM unnest(deltas) d
        WHERE d.counted_requests <> 0 OR d.counted_tokens <> 0
        GROUP BY d.subscription_id
    ), updated AS (
        UPDATE public.subscriptions s
        -- Never below 0: usage may be removed after the counters were reset.
        SET used_requests = GREATEST(s.used_requests + counted.requests, 0),
            used_tokens = GREATEST(s.used_tokens + counted.tokens, 0)
        FROM counted
        WHERE s.id = counted.subscription_id
            AND (counted.requests <> 0 OR counted.tokens <> 0)
        RETURNING s.id, s.status
    )
    SELECT array_agg(updated.id)
    INTO suspended
    FROM updated
    WHERE updated.status = 'suspended' AND updated.id = ANY (active_before);

    INSERT INTO public.usage_summaries AS kept (
        subscription_id, model_id, period_type, period_start,
        request_count, total_tokens, error_count, latency_sum, latency_count
    )
    SELECT
        d.subscription_id, d.model_id, period.type, period.start,
        sum(d.requests), sum(d.request_tokens + d.response_tokens), sum(d.errors),
        sum(d.latency_ms_sum), sum(d.latency_count)
    FROM unnest(deltas) d
    CROSS JOIN LATERAL (VALUES
        ('day', date_trunc('day', d.slot, 'UTC')),
        ('hour', date_trunc('hour', d.slot, 'UTC')),
        ('month', date_trunc('month', d.slot, 'UTC'))
    ) period (type, start)
    WHERE d.subscription_id = ANY (touched)
    GROUP BY d.subscription_id, d.model_id, period.type, period.start
    HAVING sum(d.requests) > 0
    ORDER BY d.subscription_id, d.model_id, period.type, period.start
    ON CONFLICT (subscription_id, model_id, period_type, period_start) DO UPDATE SET
        request_count = kept.request_count + EXCLUDED.request_count,
        total_tokens = kept.total_tokens + EXCLUDED.total_tokens,
        error_count = kept.error_count + EXCLUDED.error_count,
        latency_sum = kept.latency_sum + EXCLUDED.latency_sum,
        latency_count = kept.latency_count + EXCLUDED.latency_count;

    INSERT INTO litemaas_console.usage_daily AS kept (
        day, api_key_id, subscription_id, user_id, team_id, model_id,
        requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count
    )
    SELECT
        (d.slot AT TIME ZONE zone)::DATE AS day,
        d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id,
        sum(d.requests), sum(d.errors), sum(d.request_tokens), sum(d.response_tokens), sum(d.cost),
        sum(d.latency_ms_sum), sum(d.latency_count)
    FROM unnest(deltas) d
    GROUP BY 1, d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id
    HAVING sum(d.requests) > 0
    ORDER BY 1, d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id
    ON CONFLICT (day, api_key_id, subscription_id, user_id, team_id, model_id) DO UPDATE SET
        requests = kept.requests + EXCLUDED.requests,
        errors = kept.errors + EXCLUDED.errors,
        request_tokens = kept.request_tokens + EXCLUDED.request_tokens,
        response_tokens = kept.response_tokens + EXCLUDED.response_tokens,
        cost = kept.cost + EXCLUDED.cost,
        latency_ms_sum = kept.latency_ms_sum + EXCLUDED.latency_ms_sum,
        latency_count = kept.latency_count + EXCLUDED.latency_count;

    INSERT INTO litemaas_console.usage_monthly AS kept (
        month, api_key_id, subscription_id, user_id, team_id, model_id,
        requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count
    )
    SELECT
        date_trunc('month', d.slot AT TIME ZONE zone)::DATE AS month,
        d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id,
        sum(d.requests), sum(d.errors), sum(d.request_tokens), sum(d.response_tokens), sum(d.cost),
        sum(d.latency_ms_sum), sum(d.latency_count)
    FROM unnest(deltas) d
    GROUP BY 1, d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id
    HAVING sum(d.requests) > 0
    ORDER BY 1, d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id
    ON CONFLICT (month, api_key_id, subscription_id, user_id, team_id, model_id) DO UPDATE SET
        requests = kept.requests + EXCLUDED.requests,
        errors = kept.errors + EXCLUDED.errors,
        request_tokens = kept.request_tokens + EXCLUDED.request_tokens,
        response_tokens = kept.response_tokens + EXCLUDED.response_tokens,
        cost = kept.cost + EXCLUDED.cost,
        latency_ms_sum = kept.latency_ms_sum + EXCLUDED.latency_ms_sum,
        latency_count = kept.latency_count + EXCLUDED.latency_count;

    IF some_removed_or_corrected THEN
        PERFORM litemaas_console.correct_usage(deltas, zone);
    END IF;

    RETURN COALESCE(suspended, ARRAY[]::UUID[]);
END;
$$;

-- The other half of apply_usage_deltas: groups whose number of requests did not grow. They only update what exists.
-- The subscription is compared by = or IS NULL, never by IS NOT DISTINCT FROM: that would not use an index.
CREATE FUNCTION litemaas_console.correct_usage(deltas litemaas_console.usage_delta[], zone TEXT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
BEGIN
    UPDATE public.usage_summaries kept
    SET request_count = kept.request_count + change.requests,
        total_tokens = kept.total_tokens + change.tokens,
        error_count = kept.error_count + change.errors,
        latency_sum = kept.latency_sum + change.latency_ms_sum,
        latency_count = kept.latency_count + change.latency_count
    FROM (
        SELECT
            d.subscription_id, d.model_id, period.type, period.start,
            sum(d.requests) AS requests, sum(d.request_tokens + d.response_tokens) AS tokens,
            sum(d.errors) AS errors, sum(d.latency_ms_sum) AS latency_ms_sum, sum(d.latency_count) AS latency_count
        FROM unnest(deltas) d
        CROSS JOIN LATERAL (VALUES
            ('day', date_trunc('day', d.slot, 'UTC')),
            ('hour', date_trunc('hour', d.slot, 'UTC')),
            ('month', date_trunc('month', d.slot, 'UTC'))
        ) period (type, start)
        WHERE d.subscription_id IS NOT NULL
        GROUP BY d.subscription_id, d.model_id, period.type, period.start
        HAVING sum(d.requests) <= 0
    ) change
    WHERE kept.subscription_id = change.subscription_id
        AND kept.model_id = change.model_id
        AND kept.period_type = change.type
        AND kept.period_start = change.start;

    WITH change AS MATERIALIZED (
        SELECT
            (d.slot AT TIME ZONE zone)::DATE AS day,
            d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id,
            sum(d.requests) AS requests, sum(d.errors) AS errors, sum(d.request_tokens) AS request_tokens,
            sum(d.response_tokens) AS response_tokens, sum(d.cost) AS cost,
            sum(d.latency_ms_sum) AS latency_ms_sum, sum(d.latency_count) AS latency_count
        FROM unnest(deltas) d
        GROUP BY 1, d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id
        HAVING sum(d.requests) <= 0
    ), found AS MATERIALIZED (
        SELECT kept.ctid AS row_id, change.*
        FROM change
        JOIN litemaas_console.usage_daily kept
            ON kept.subscription_id = change.subscription_id AND kept.day = change.day
        WHERE (kept.api_key_id, kept.user_id, kept.team_id, kept.model_id)
            IS NOT DISTINCT FROM (change.api_key_id, change.user_id, change.team_id, change.model_id)
        UNION ALL
        SELECT kept.ctid, change.*
        FROM change
        JOIN litemaas_console.usage_daily kept
            ON kept.subscription_id IS NULL AND kept.day = change.day
        WHERE change.subscription_id IS NULL
            AND (kept.api_key_id, kept.user_id, kept.team_id, kept.model_id)
                IS NOT DISTINCT FROM (change.api_key_id, change.user_id, change.team_id, change.model_id)
    )
    UPDATE litemaas_console.usage_daily kept
    SET requests = kept.requests + found.requests,
        errors = kept.errors + found.errors,
        request_tokens = kept.request_tokens + found.request_tokens,
        response_tokens = kept.response_tokens + found.response_tokens,
        cost = kept.cost + found.cost,
        latency_ms_sum = kept.latency_ms_sum + found.latency_ms_sum,
        latency_count = kept.latency_count + found.latency_count
    FROM found
    WHERE kept.ctid = found.row_id;

    WITH change AS MATERIALIZED (
        SELECT
            date_trunc('month', d.slot AT TIME ZONE zone)::DATE AS month,
            d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id,
            sum(d.requests) AS requests, sum(d.errors) AS errors, sum(d.request_tokens) AS request_tokens,
            sum(d.response_tokens) AS response_tokens, sum(d.cost) AS cost,
            sum(d.latency_ms_sum) AS latency_ms_sum, sum(d.latency_count) AS latency_count
        FROM unnest(deltas) d
        GROUP BY 1, d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id
        HAVING sum(d.requests) <= 0
    ), found AS MATERIALIZED (
        SELECT kept.ctid AS row_id, change.*
        FROM change
        JOIN litemaas_console.usage_monthly kept
            ON kept.subscription_id = change.subscription_id AND kept.month = change.month
        WHERE (kept.api_key_id, kept.user_id, kept.team_id, kept.model_id)
            IS NOT DISTINCT FROM (change.api_key_id, change.user_id, change.team_id, change.model_id)
        UNION ALL
        SELECT kept.ctid, change.*
        FROM change
        JOIN litemaas_console.usage_monthly kept
            ON kept.subscription_id IS NULL AND kept.month = change.month
        WHERE change.subscription_id IS NULL
            AND (kept.api_key_id, kept.user_id, kept.team_id, kept.model_id)
                IS NOT DISTINCT FROM (change.api_key_id, change.user_id, change.team_id, change.model_id)
    )
    UPDATE litemaas_console.usage_monthly kept
    SET requests = kept.requests + found.requests,
        errors = kept.errors + found.errors,
        request_tokens = kept.request_tokens + found.request_tokens,
        response_tokens = kept.response_tokens + found.response_tokens,
        cost = kept.cost + found.cost,
        latency_ms_sum = kept.latency_ms_sum + found.latency_ms_sum,
        latency_count = kept.latency_count + found.latency_count
    FROM found
    WHERE kept.ctid = found.row_id;
END;
$$;

CREATE FUNCTION litemaas_console.apply_latency_deltas(deltas litemaas_console.latency_delta[]) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
BEGIN
    INSERT INTO litemaas_console.usage_latency AS kept (day, model_id, latency_from_ms, requests)
    SELECT d.day, d.model_id, d.latency_from_ms, sum(d.requests)
    FROM unnest(deltas) d
    GROUP BY d.day, d.model_id, d.latency_from_ms
    HAVING sum(d.requests) > 0
    ORDER BY d.day, d.model_id, d.latency_from_ms
    ON CONFLICT (day, model_id, latency_from_ms) DO UPDATE SET requests = kept.requests + EXCLUDED.requests;

    -- These rows are shared by all subscriptions: lock them in order before changing them.
    WITH change AS MATERIALIZED (
        SELECT d.day, d.model_id, d.latency_from_ms, sum(d.requests) AS requests
        FROM unnest(deltas) d
        GROUP BY d.day, d.model_id, d.latency_from_ms
        HAVING sum(d.requests) < 0
    ), locked AS MATERIALIZED (
        SELECT kept.day, kept.model_id, kept.latency_from_ms
        FROM litemaas_console.usage_latency kept
        JOIN change USING (day, model_id, latency_from_ms)
        ORDER BY kept.day, kept.model_id, kept.latency_from_ms
        FOR UPDATE OF kept
    )
    UPDATE litemaas_console.usage_latency kept
    SET requests = kept.requests + change.requests
    FROM change
    JOIN locked USING (day, model_id, latency_from_ms)
    WHERE kept.day = change.day
        AND kept.model_id = change.model_id
        AND kept.latency_from_ms = change.latency_from_ms;
END;
$$;

-- Six trigger functions that differ in nothing but their source: insert, update and delete, on the log and on the
-- unattributed usage. Generated from one text, so that what counts is written once. Usage in the log counts while its
-- subscription exists (JOIN): rows that go with their subscription leave the rollups as they are.
--
--   litemaas.keep_rollups = on   (transaction-local) rows come and go without changing what is recorded: archiving.
DO $generate$
DECLARE
    template CONSTANT TEXT := $template$
CREATE FUNCTION %1$s RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $body$
DECLARE
    zone TEXT;
    deltas litemaas_console.usage_delta[];
    latencies litemaas_console.latency_delta[];
    suspended UUID[];
BEGIN
    IF current_setting('litemaas.keep_rollups', true) = 'on' THEN
        RETURN NULL;
    END IF;
%2$s
    SELECT array_agg(ROW(
        g.slot, g.subscription_id, g.api_key_id, COALESCE(g.user_id, s.user_id), g.team_id, g.model_id, g.requests, g.errors,
        g.request_tokens, g.response_tokens, g.cost, g.latency_ms_sum, g.latency_count,
        g.counted_requests, g.counted_tokens
    )::litemaas_console.usage_delta)
    INTO deltas
    FROM (
        SELECT
            date_bin('15 minutes', r.created_at, '2000-01-01 00:00:00+00') AS slot,
            r.subscription_id, r.api_key_id, r.user_id, r.team_id, r.model_id,
            sum(r.sign) AS requests,
            COALESCE(sum(r.sign) FILTER (WHERE r.status_code >= 400), 0) AS errors,
            sum(r.sign * r.request_tokens) AS request_tokens,
            sum(r.sign * r.response_tokens) AS response_tokens,
            sum(r.sign * r.total_cost) AS cost,
            COALESCE(sum(r.sign * r.latency_ms), 0) AS latency_ms_sum,
            COALESCE(sum(r.sign) FILTER (WHERE r.latency_ms IS NOT NULL), 0) AS latency_count,
            COALESCE(sum(r.sign) FILTER (WHERE r.counted), 0) AS counted_requests,
            COALESCE(sum(r.sign * (r.request_tokens + r.response_tokens)) FILTER (WHERE r.counted), 0)
                AS counted_tokens
        FROM (%3$s) r
        GROUP BY 1, r.subscription_id, r.api_key_id, r.user_id, r.team_id, r.model_id
    ) g
    %5$s public.subscriptions s ON s.id = g.subscription_id
    WHERE (g.requests, g.errors, g.request_tokens, g.response_tokens, g.cost, g.latency_ms_sum, g.latency_count,
        g.counted_requests, g.counted_tokens) IS DISTINCT FROM (0, 0, 0, 0, 0, 0, 0, 0, 0);
    IF deltas IS NULL THEN
        RETURN NULL;
    END IF;
    suspended := litemaas_console.apply_usage_deltas(deltas);

    zone := litemaas_console.reporting_time_zone();
    SELECT array_agg(ROW(
        (g.slot AT TIME ZONE zone)::DATE, g.model_id, (litemaas_console.latency_bounds())[g.bucket], g.requests
    )::litemaas_console.latency_delta)
    INTO latencies
    FROM (
        SELECT
            date_bin('15 minutes', r.created_at, '2000-01-01 00:00:00+00') AS slot,
            r.subscription_id,
            r.model_id,
            width_bucket(GREATEST(r.latency_ms, 0), litemaas_console.latency_bounds()) AS bucket,
            sum(r.sign) AS requests
        FROM (%3$s) r
        WHERE r.latency_ms IS NOT NULL
        GROUP BY 1, 2, 3, 4
    ) g
    %5$s public.subscriptions s ON s.id = g.subscription_id
    WHERE g.requests <> 0;
    IF latencies IS NOT NULL THEN
        PERFORM litemaas_console.apply_latency_deltas(latencies);
    END IF;
%4$s
    RETURN NULL;
END;
$body$
$template$;

    logged CONSTANT TEXT := $source$
            SELECT
                %s AS sign, l.created_at, l.subscription_id,
                COALESCE(l.api_key_id, l.former_api_key_id) AS api_key_id, NULL::UUID AS user_id,
                COALESCE(l.team_id, l.former_team_id) AS team_id, l.model_id, l.request_tokens, l.response_tokens,
                l.total_cost, l.latency_ms, l.status_code, l.counted_towards_quota AS counted
            FROM %I l$source$;

    unattributed CONSTANT TEXT := $source$
            SELECT
                %s AS sign, l.created_at, l.subscription_id, l.api_key_id, l.user_id, l.team_id, l.model_id,
                l.request_tokens, l.response_tokens, l.total_cost, l.latency_ms, l.status_code, false AS counted
            FROM %I l$source$;

    -- Names the request that took a subscription past its quota: the first whose running total exceeds it.
    name_exceeding_request CONSTANT TEXT := $epilogue$
    IF cardinality(suspended) > 0 THEN
        UPDATE litemaas_console.subscription_events event
        SET usage_log_id = exceeding.id, usage_created_at = exceeding.created_at
        FROM (
            SELECT DISTINCT ON (running.subscription_id)
                running.subscription_id, running.id, running.created_at
            FROM (
                SELECT
                    l.subscription_id, l.id, l.created_at, s.quota_requests, s.quota_tokens,
                    s.used_requests - COALESCE(count(*) OVER later, 0) AS used_requests,
                    s.used_tokens - COALESCE(sum(l.total_tokens) OVER later, 0) AS used_tokens
                FROM new_rows l
                JOIN public.subscriptions s ON s.id = l.subscription_id
                WHERE l.subscription_id = ANY (suspended) AND l.counted_towards_quota
                WINDOW later AS (
                    PARTITION BY l.subscription_id ORDER BY l.created_at DESC, l.id DESC
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                )
            ) running
            WHERE running.used_requests > running.quota_requests OR running.used_tokens > running.quota_tokens
            ORDER BY running.subscription_id, running.created_at, running.id
        ) exceeding
        WHERE event.id = (
            SELECT max(latest.id) FROM litemaas_console.subscription_events latest
            WHERE latest.subscription_id = exceeding.subscription_id
        );
    END IF;
$epilogue$;

    -- The log rows of a deleted subscription go with it (the document's cascade); the usage itself stays recorded and
    -- its rows stay known, so that a second import of the same days does not count them again.
    keep_usage_of_deleted CONSTANT TEXT := $prologue$
    IF EXISTS (
        SELECT FROM old_rows o
        WHERE NOT EXISTS (SELECT FROM public.subscriptions s WHERE s.id = o.subscription_id)
    ) THEN
        PERFORM set_config('litemaas.keep_rollups', 'on', true);
        INSERT INTO litemaas_console.unattributed_usage (
            id, subscription_id, api_key_id, team_id, user_id, model_id, request_tokens, response_tokens,
            input_cost, output_cost, latency_ms, status_code, error_message, litellm_request_id, metadata, reason,
            created_at
        )
        SELECT
            o.id, o.subscription_id, COALESCE(o.api_key_id, o.former_api_key_id),
            COALESCE(o.team_id, o.former_team_id), deleted.user_id, o.model_id, o.request_tokens, o.response_tokens,
            o.input_cost, o.output_cost, o.latency_ms, o.status_code, o.error_message, o.litellm_request_id,
            o.metadata, 'subscription_deleted', o.created_at
        FROM old_rows o
        JOIN (
            SELECT DISTINCT ON (event.subscription_id) event.subscription_id, event.user_id
            FROM litemaas_console.subscription_events event
            WHERE event.to_status IS NULL
                AND event.subscription_id IN (SELECT gone.subscription_id FROM old_rows gone)
                AND NOT EXISTS (SELECT FROM public.subscriptions s WHERE s.id = event.subscription_id)
            ORDER BY event.subscription_id, event.id DESC
        ) deleted ON deleted.subscription_id = o.subscription_id
        ON CONFLICT DO NOTHING;
        PERFORM set_config('litemaas.keep_rollups', 'off', true);
    END IF;
$prologue$;
    inserted TEXT;
    corrected TEXT;
    removed TEXT;
BEGIN
    inserted := format(logged, 1, 'new_rows');
    removed := format(logged, -1, 'old_rows');
    corrected := inserted || E'\n            UNION ALL' || removed;
    EXECUTE format(template, 'public.update_usage_summary()', '', inserted, name_exceeding_request, 'JOIN');
    EXECUTE format(template, 'litemaas_console.correct_usage_summary()', '', corrected, '', 'JOIN');
    EXECUTE format(template, 'litemaas_console.remove_usage_summary()', keep_usage_of_deleted, removed, '', 'JOIN');

    inserted := format(unattributed, 1, 'new_rows');
    removed := format(unattributed, -1, 'old_rows');
    corrected := inserted || E'\n            UNION ALL' || removed;
    EXECUTE format(template, 'litemaas_console.add_unattributed_usage()', '', inserted, '', 'LEFT JOIN');
    EXECUTE format(template, 'litemaas_console.correct_unattributed_usage()', '', corrected, '', 'LEFT JOIN');
    EXECUTE format(template, 'litemaas_console.remove_unattributed_usage()', '', removed, '', 'LEFT JOIN');
END;
$generate$;

-- The first is the document's function and trigger by name.
CREATE TRIGGER update_usage_on_log AFTER INSERT ON usage_logs
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION update_usage_summary();
CREATE TRIGGER update_usage_on_correction AFTER UPDATE ON usage_logs
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.correct_usage_summary();
CREATE TRIGGER update_usage_on_removal AFTER DELETE ON usage_logs
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.remove_usage_summary();

CREATE TRIGGER update_usage_on_log AFTER INSERT ON litemaas_console.unattributed_usage
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.add_unattributed_usage();
CREATE TRIGGER update_usage_on_correction AFTER UPDATE ON litemaas_console.unattributed_usage
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.correct_unattributed_usage();
CREATE TRIGGER update_usage_on_removal AFTER DELETE ON litemaas_console.unattributed_usage
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.remove_unattributed_usage();

-- Only the triggers may apply deltas.
REVOKE EXECUTE ON FUNCTION litemaas_console.apply_usage_deltas(litemaas_console.usage_delta[]) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION litemaas_console.correct_usage(litemaas_console.usage_delta[], TEXT) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION litemaas_console.apply_latency_deltas(litemaas_console.latency_delta[]) FROM PUBLIC;
