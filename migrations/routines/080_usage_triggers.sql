-- Accounts for usage in the transaction that logs it. Why by statement and from slots of 15 minutes: 0006.
-- litemaas: routine 4

-- Six trigger functions that differ in nothing but their source: insert, update and delete, on the log and on the
-- unattributed usage. Generated from one text, so that what counts is written once. Usage in the log counts while its
-- subscription exists (JOIN): rows that go with their subscription leave the rollups as they are.
--
-- What was requested before the period of its subscription began is recorded, and never counts towards a quota. The
-- subscriptions are held before anything is looked up: a reset that is under way is waited for, and then seen.
--
--   litemaas.keep_rollups = on   (transaction-local) rows come and go without changing what is recorded: archiving.
DO $generate$
DECLARE
    template CONSTANT TEXT := $template$
CREATE OR REPLACE FUNCTION %1$s RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $body$
DECLARE
    zone TEXT;
    deltas litemaas_console.usage_delta[];
    latencies litemaas_console.latency_delta[];
    suspended UUID[];
BEGIN
    -- It runs as its owner: nobody's own table or view may fire it.
    IF TG_RELID <> '%6$s'::regclass OR TG_OP <> '%7$s' OR TG_LEVEL <> 'STATEMENT' THEN
        RAISE EXCEPTION '%1$s serves %7$s on %6$s only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF current_setting('litemaas.keep_rollups', true) = 'on' THEN
        RETURN NULL;
    END IF;
%2$s
    SELECT array_agg(ROW(
        g.slot, g.subscription_id, g.api_key_id, COALESCE(g.user_id, s.user_id), g.team_id, g.model_id, g.requests, g.errors,
        g.request_tokens, g.response_tokens, g.cost, g.latency_ms_sum, g.latency_count,
        g.counted_requests, g.counted_tokens, g.refused
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
                AS counted_tokens,
            COALESCE(sum(r.sign) FILTER (WHERE r.refused), 0) AS refused
        FROM (%3$s) r
        GROUP BY 1, r.subscription_id, r.api_key_id, r.user_id, r.team_id, r.model_id
    ) g
    %5$s public.subscriptions s ON s.id = g.subscription_id
    WHERE (g.requests, g.errors, g.request_tokens, g.response_tokens, g.cost, g.latency_ms_sum, g.latency_count,
        g.counted_requests, g.counted_tokens, g.refused) IS DISTINCT FROM (0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
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
$body$;
REVOKE EXECUTE ON FUNCTION %1$s FROM PUBLIC;
$template$;

    logged CONSTANT TEXT := $source$
            SELECT
                %s AS sign, l.created_at, l.subscription_id,
                COALESCE(l.api_key_id, l.former_api_key_id) AS api_key_id, NULL::UUID AS user_id,
                COALESCE(l.team_id, l.former_team_id) AS team_id, l.model_id, l.request_tokens, l.response_tokens,
                l.total_cost, l.latency_ms, l.status_code,
                l.counted_towards_quota AND (p.period_started_at IS NULL OR l.created_at >= p.period_started_at)
                    AS counted,
                l.refused_by_litellm AS refused
            FROM %I l
            LEFT JOIN public.subscriptions p ON p.id = l.subscription_id$source$;

    unattributed CONSTANT TEXT := $source$
            SELECT
                %s AS sign, l.created_at, l.subscription_id, l.api_key_id, l.user_id, l.team_id, l.model_id,
                l.request_tokens, l.response_tokens, l.total_cost, l.latency_ms, l.status_code, false AS counted,
                l.refused_by_litellm AS refused
            FROM %I l$source$;

    hold_subscriptions CONSTANT TEXT := $prologue$
    PERFORM s.id
    FROM public.subscriptions s
    WHERE s.id IN (%s)
    ORDER BY s.id
    FOR NO KEY UPDATE;
$prologue$;

    -- Names the request that took a subscription past its quota, and which: the first whose running total exceeds it. Of
    -- those that were corrected, by what their corrections added.
    name_exceeding_request CONSTANT TEXT := $epilogue$
    IF cardinality(suspended) > 0 THEN
        UPDATE litemaas_console.subscription_events event
        SET usage_log_id = exceeding.id, usage_created_at = exceeding.created_at, exceeded_by = '%s',
            exceeded_quota = exceeding.quota
        FROM (
            SELECT DISTINCT ON (running.subscription_id)
                running.subscription_id, running.id, running.created_at,
                CASE WHEN running.used_requests > running.quota_requests THEN 'requests' ELSE 'tokens' END AS quota
            FROM (
                SELECT
                    l.subscription_id, l.id, l.created_at, s.quota_requests, s.quota_tokens,
                    l.requests > 0 OR l.tokens > 0 AS adds,
                    s.used_requests - COALESCE(sum(l.requests) OVER later, 0) AS used_requests,
                    s.used_tokens - COALESCE(sum(l.tokens) OVER later, 0) AS used_tokens
                FROM (%s) l
                JOIN public.subscriptions s ON s.id = l.subscription_id
                WHERE l.subscription_id = ANY (suspended)
                    AND (s.period_started_at IS NULL OR l.created_at >= s.period_started_at)
                WINDOW later AS (
                    PARTITION BY l.subscription_id ORDER BY l.created_at DESC, l.id DESC
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                )
            ) running
            WHERE running.used_requests > running.quota_requests OR running.used_tokens > running.quota_tokens
            ORDER BY running.subscription_id, running.adds DESC, running.created_at, running.id
        ) exceeding
        WHERE event.id = (
            SELECT max(latest.id) FROM litemaas_console.subscription_events latest
            WHERE latest.subscription_id = exceeding.subscription_id
        );
    END IF;
$epilogue$;

    counted_by_insert CONSTANT TEXT := $counted$
                    SELECT n.subscription_id, n.id, n.created_at, 1 AS requests, n.total_tokens AS tokens
                    FROM new_rows n
                    WHERE n.counted_towards_quota$counted$;

    counted_by_correction CONSTANT TEXT := $counted$
                    SELECT
                        n.subscription_id, n.id, n.created_at,
                        n.counted_towards_quota::INTEGER - COALESCE(o.counted_towards_quota::INTEGER, 0) AS requests,
                        CASE WHEN n.counted_towards_quota THEN n.total_tokens ELSE 0 END
                            - CASE WHEN o.counted_towards_quota THEN o.total_tokens ELSE 0 END AS tokens
                    FROM new_rows n
                    LEFT JOIN old_rows o
                        ON o.id = n.id AND o.created_at = n.created_at AND o.subscription_id = n.subscription_id
                    WHERE (n.counted_towards_quota, n.total_tokens)
                        IS DISTINCT FROM (o.counted_towards_quota, o.total_tokens)$counted$;

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
            created_at, litellm_user_id, litellm_team_id, litellm_key_id, litellm_model_group, refused_by_litellm,
            counted_towards_quota
        )
        SELECT
            o.id, o.subscription_id, COALESCE(o.api_key_id, o.former_api_key_id),
            COALESCE(o.team_id, o.former_team_id), deleted.user_id, o.model_id, o.request_tokens, o.response_tokens,
            o.input_cost, o.output_cost, o.latency_ms, o.status_code, o.error_message, o.litellm_request_id,
            o.metadata, 'subscription_deleted', o.created_at,
            o.litellm_user_id, o.litellm_team_id, o.litellm_key_id, o.litellm_model_group, o.refused_by_litellm,
            o.counted_towards_quota
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
    EXECUTE format(template, 'public.update_usage_summary()',
        format(hold_subscriptions, 'SELECT n.subscription_id FROM new_rows n'), inserted,
        format(name_exceeding_request, 'request', counted_by_insert), 'JOIN', 'public.usage_logs', 'INSERT');
    EXECUTE format(template, 'litemaas_console.correct_usage_summary()',
        format(hold_subscriptions,
            'SELECT n.subscription_id FROM new_rows n UNION ALL SELECT o.subscription_id FROM old_rows o'),
        corrected, format(name_exceeding_request, 'correction', counted_by_correction), 'JOIN',
        'public.usage_logs', 'UPDATE');
    EXECUTE format(template, 'litemaas_console.remove_usage_summary()',
        keep_usage_of_deleted || format(hold_subscriptions, 'SELECT o.subscription_id FROM old_rows o'), removed, '',
        'JOIN', 'public.usage_logs', 'DELETE');

    inserted := format(unattributed, 1, 'new_rows');
    removed := format(unattributed, -1, 'old_rows');
    corrected := inserted || E'\n            UNION ALL' || removed;
    EXECUTE format(template, 'litemaas_console.add_unattributed_usage()', '', inserted, '', 'LEFT JOIN',
        'litemaas_console.unattributed_usage', 'INSERT');
    EXECUTE format(template, 'litemaas_console.correct_unattributed_usage()', '', corrected, '', 'LEFT JOIN',
        'litemaas_console.unattributed_usage', 'UPDATE');
    EXECUTE format(template, 'litemaas_console.remove_unattributed_usage()', '', removed, '', 'LEFT JOIN',
        'litemaas_console.unattributed_usage', 'DELETE');
END;
$generate$;

-- The first is the document's function and trigger by name.
CREATE OR REPLACE TRIGGER update_usage_on_log AFTER INSERT ON public.usage_logs
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION public.update_usage_summary();
CREATE OR REPLACE TRIGGER update_usage_on_correction AFTER UPDATE ON public.usage_logs
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.correct_usage_summary();
CREATE OR REPLACE TRIGGER update_usage_on_removal AFTER DELETE ON public.usage_logs
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.remove_usage_summary();

CREATE OR REPLACE TRIGGER update_usage_on_log AFTER INSERT ON litemaas_console.unattributed_usage
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.add_unattributed_usage();
CREATE OR REPLACE TRIGGER update_usage_on_correction AFTER UPDATE ON litemaas_console.unattributed_usage
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.correct_unattributed_usage();
CREATE OR REPLACE TRIGGER update_usage_on_removal AFTER DELETE ON litemaas_console.unattributed_usage
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION litemaas_console.remove_unattributed_usage();
