-- Rebuilding: summaries and rollups made again from the logged usage, for a changed reporting zone or a doubt. Counters
-- are left alone, because they may have been reset since. Stretches whose log has been archived keep what is recorded;
-- a zone cannot be changed there, because nothing is left to cut anew.
-- litemaas: routine 1

-- True where no stretch of the log that lost what this state says overlaps.
CREATE OR REPLACE FUNCTION litemaas_console.usage_is_live(
    lost_state TEXT, from_time TIMESTAMP WITH TIME ZONE, to_time TIMESTAMP WITH TIME ZONE
) RETURNS BOOLEAN
LANGUAGE sql STABLE
RETURN NOT EXISTS (
    SELECT FROM litemaas_console.usage_ranges r
    WHERE r.state IN ('log_archived', lost_state)
        AND tstzrange(r.range_start, r.range_end) && tstzrange(from_time, to_time)
);

-- Makes everything derived from usage again, in the given reporting zone (NULL: the present one). Usage cannot be
-- written meanwhile; reading goes on with the former figures until the transaction commits.
CREATE OR REPLACE FUNCTION litemaas_console.rebuild_usage(new_zone TEXT DEFAULT NULL) RETURNS VOID
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone TEXT := COALESCE(new_zone, litemaas_console.reporting_time_zone());
BEGIN
    LOCK TABLE public.usage_logs, litemaas_console.unattributed_usage IN SHARE ROW EXCLUSIVE MODE;

    IF zone <> litemaas_console.reporting_time_zone() THEN
        IF EXISTS (SELECT FROM litemaas_console.usage_ranges r WHERE r.state = 'log_archived') THEN
            RAISE EXCEPTION 'part of the usage log has been archived and cannot be cut into days of another time zone'
                USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        PERFORM set_config('litemaas.rebuilding', 'on', true);
        INSERT INTO litemaas_console.settings (key, value) VALUES ('reporting_time_zone', to_jsonb(zone))
        ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_at = CURRENT_TIMESTAMP;
        PERFORM set_config('litemaas.rebuilding', 'off', true);
    END IF;

    CREATE TEMP TABLE rebuilt_usage ON COMMIT DROP AS
    SELECT
        date_bin('15 minutes', f.created_at, '2000-01-01 00:00:00+00') AS slot,
        f.subscription_id, f.api_key_id, f.user_id, f.team_id, f.model_id,
        f.unattributed_reason IS NULL AS logged,
        count(*) AS requests,
        count(*) FILTER (WHERE f.status_code >= 400) AS errors,
        sum(f.request_tokens) AS request_tokens,
        sum(f.response_tokens) AS response_tokens,
        sum(f.total_cost) AS cost,
        COALESCE(sum(f.latency_ms), 0) AS latency_ms_sum,
        count(f.latency_ms) AS latency_count,
        count(*) FILTER (WHERE f.refused_by_litellm) AS refused
    FROM litemaas_console.usage_facts f
    GROUP BY 1, 2, 3, 4, 5, 6, 7;

    DELETE FROM public.usage_summaries us
    WHERE litemaas_console.usage_is_live(
        CASE us.period_type WHEN 'hour' THEN 'hours_pruned' END,
        us.period_start,
        (us.period_start AT TIME ZONE 'UTC' + ('1 ' || us.period_type)::INTERVAL) AT TIME ZONE 'UTC');

    INSERT INTO public.usage_summaries (
        subscription_id, model_id, period_type, period_start,
        request_count, total_tokens, error_count, latency_sum, latency_count
    )
    SELECT
        r.subscription_id, r.model_id, period.type, period.start,
        sum(r.requests), sum(r.request_tokens + r.response_tokens), sum(r.errors),
        sum(r.latency_ms_sum), sum(r.latency_count)
    FROM pg_temp.rebuilt_usage r
    CROSS JOIN LATERAL (VALUES
        ('day', date_trunc('day', r.slot, 'UTC')),
        ('hour', date_trunc('hour', r.slot, 'UTC')),
        ('month', date_trunc('month', r.slot, 'UTC'))
    ) period (type, start)
    WHERE r.logged
    GROUP BY 1, 2, 3, 4
    HAVING litemaas_console.usage_is_live(
        CASE period.type WHEN 'hour' THEN 'hours_pruned' END,
        period.start,
        (period.start AT TIME ZONE 'UTC' + ('1 ' || period.type)::INTERVAL) AT TIME ZONE 'UTC');

    DELETE FROM litemaas_console.usage_daily kept
    WHERE litemaas_console.usage_is_live(
        NULL, kept.day::TIMESTAMP AT TIME ZONE zone, (kept.day + 1)::TIMESTAMP AT TIME ZONE zone);

    INSERT INTO litemaas_console.usage_daily (
        day, api_key_id, subscription_id, user_id, team_id, model_id,
        requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count, refused
    )
    SELECT
        (r.slot AT TIME ZONE zone)::DATE AS day,
        r.api_key_id, r.subscription_id, r.user_id, r.team_id, r.model_id,
        sum(r.requests), sum(r.errors), sum(r.request_tokens), sum(r.response_tokens), sum(r.cost),
        sum(r.latency_ms_sum), sum(r.latency_count), sum(r.refused)
    FROM pg_temp.rebuilt_usage r
    GROUP BY 1, 2, 3, 4, 5, 6
    HAVING litemaas_console.usage_is_live(
        NULL,
        (r.slot AT TIME ZONE zone)::DATE::TIMESTAMP AT TIME ZONE zone,
        ((r.slot AT TIME ZONE zone)::DATE + 1)::TIMESTAMP AT TIME ZONE zone)
    ORDER BY 1;

    DELETE FROM litemaas_console.usage_monthly kept
    WHERE litemaas_console.usage_is_live(
        NULL,
        kept.month::TIMESTAMP AT TIME ZONE zone,
        (kept.month + INTERVAL '1 month') AT TIME ZONE zone);

    INSERT INTO litemaas_console.usage_monthly (
        month, api_key_id, subscription_id, user_id, team_id, model_id,
        requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count, refused
    )
    SELECT
        date_trunc('month', r.slot AT TIME ZONE zone)::DATE AS month,
        r.api_key_id, r.subscription_id, r.user_id, r.team_id, r.model_id,
        sum(r.requests), sum(r.errors), sum(r.request_tokens), sum(r.response_tokens), sum(r.cost),
        sum(r.latency_ms_sum), sum(r.latency_count), sum(r.refused)
    FROM pg_temp.rebuilt_usage r
    GROUP BY date_trunc('month', r.slot AT TIME ZONE zone), 2, 3, 4, 5, 6
    HAVING litemaas_console.usage_is_live(
        NULL,
        date_trunc('month', r.slot AT TIME ZONE zone) AT TIME ZONE zone,
        (date_trunc('month', r.slot AT TIME ZONE zone) + INTERVAL '1 month') AT TIME ZONE zone)
    ORDER BY 1;

    DELETE FROM litemaas_console.usage_latency kept
    WHERE litemaas_console.usage_is_live(
        NULL, kept.day::TIMESTAMP AT TIME ZONE zone, (kept.day + 1)::TIMESTAMP AT TIME ZONE zone);

    INSERT INTO litemaas_console.usage_latency (day, model_id, latency_from_ms, requests)
    SELECT (f.created_at AT TIME ZONE zone)::DATE, f.model_id, bucket.latency_from_ms, count(*)
    FROM litemaas_console.usage_facts f
    CROSS JOIN LATERAL (VALUES ((litemaas_console.latency_bounds())[
        width_bucket(GREATEST(f.latency_ms, 0), litemaas_console.latency_bounds())
    ])) bucket (latency_from_ms)
    WHERE f.latency_ms IS NOT NULL
    GROUP BY 1, 2, 3
    HAVING litemaas_console.usage_is_live(
        NULL,
        (f.created_at AT TIME ZONE zone)::DATE::TIMESTAMP AT TIME ZONE zone,
        ((f.created_at AT TIME ZONE zone)::DATE + 1)::TIMESTAMP AT TIME ZONE zone);

    DROP TABLE pg_temp.rebuilt_usage;
END;
$$;
