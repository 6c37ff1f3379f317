-- Brings counters, summaries and rollups up to date with what a statement changed in the usage logs. Why they are made
-- so: 0006.
-- litemaas: routine 1

CREATE OR REPLACE FUNCTION litemaas_console.latency_bounds() RETURNS INTEGER[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY[
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 22, 26, 30, 35, 41, 48, 56, 64, 76, 90, 107, 127, 151,
    180, 214, 254, 302, 359, 427, 508, 604, 718, 854, 1016, 1208, 1437, 1708, 2031, 2416, 2873, 3416, 4062, 4831,
    5745, 6832, 8125, 9662, 11490, 13664, 16249, 19324, 22980, 27328, 32499, 38648, 45961, 54657, 65000, 77299,
    91925, 109318, 130002, 185364, 262144, 370728, 524288, 1048576, 2097152, 4194304
];

-- Brings counters, summaries and rollups up to date with what a statement changed. Returns the subscriptions that
-- their quota suspended.
CREATE OR REPLACE FUNCTION litemaas_console.apply_usage_deltas(deltas litemaas_console.usage_delta[]) RETURNS UUID[]
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
        requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count, refused
    )
    SELECT
        (d.slot AT TIME ZONE zone)::DATE AS day,
        d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id,
        sum(d.requests), sum(d.errors), sum(d.request_tokens), sum(d.response_tokens), sum(d.cost),
        sum(d.latency_ms_sum), sum(d.latency_count), sum(d.refused)
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
        latency_count = kept.latency_count + EXCLUDED.latency_count,
        refused = kept.refused + EXCLUDED.refused;

    INSERT INTO litemaas_console.usage_monthly AS kept (
        month, api_key_id, subscription_id, user_id, team_id, model_id,
        requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count, refused
    )
    SELECT
        date_trunc('month', d.slot AT TIME ZONE zone)::DATE AS month,
        d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id,
        sum(d.requests), sum(d.errors), sum(d.request_tokens), sum(d.response_tokens), sum(d.cost),
        sum(d.latency_ms_sum), sum(d.latency_count), sum(d.refused)
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
        latency_count = kept.latency_count + EXCLUDED.latency_count,
        refused = kept.refused + EXCLUDED.refused;

    IF some_removed_or_corrected THEN
        PERFORM litemaas_console.correct_usage(deltas, zone);
    END IF;

    RETURN COALESCE(suspended, ARRAY[]::UUID[]);
END;
$$;

-- The other half of apply_usage_deltas: groups whose number of requests did not grow. They only update what exists.
-- The subscription is compared by = or IS NULL, never by IS NOT DISTINCT FROM: that would not use an index.
CREATE OR REPLACE FUNCTION litemaas_console.correct_usage(deltas litemaas_console.usage_delta[], zone TEXT) RETURNS VOID
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
            sum(d.latency_ms_sum) AS latency_ms_sum, sum(d.latency_count) AS latency_count,
            sum(d.refused) AS refused
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
        latency_count = kept.latency_count + found.latency_count,
        refused = kept.refused + found.refused
    FROM found
    WHERE kept.ctid = found.row_id;

    WITH change AS MATERIALIZED (
        SELECT
            date_trunc('month', d.slot AT TIME ZONE zone)::DATE AS month,
            d.api_key_id, d.subscription_id, d.user_id, d.team_id, d.model_id,
            sum(d.requests) AS requests, sum(d.errors) AS errors, sum(d.request_tokens) AS request_tokens,
            sum(d.response_tokens) AS response_tokens, sum(d.cost) AS cost,
            sum(d.latency_ms_sum) AS latency_ms_sum, sum(d.latency_count) AS latency_count,
            sum(d.refused) AS refused
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
        latency_count = kept.latency_count + found.latency_count,
        refused = kept.refused + found.refused
    FROM found
    WHERE kept.ctid = found.row_id;
END;
$$;

CREATE OR REPLACE FUNCTION litemaas_console.apply_latency_deltas(deltas litemaas_console.latency_delta[]) RETURNS VOID
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

-- Only the triggers may apply deltas.
REVOKE EXECUTE ON FUNCTION litemaas_console.apply_usage_deltas(litemaas_console.usage_delta[]) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION litemaas_console.correct_usage(litemaas_console.usage_delta[], TEXT) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION litemaas_console.apply_latency_deltas(litemaas_console.latency_delta[]) FROM PUBLIC;
