-- The document's usage statistics, of the model that was called. Read from the UTC day summaries, not from the log: same
-- columns, same figures, milliseconds instead of seconds, and independent of the session's time zone.
-- litemaas: routine 1

CREATE OR REPLACE VIEW public.usage_statistics AS
SELECT
    s.user_id,
    us.model_id,
    us.period_start AS usage_date,
    sum(us.request_count)::BIGINT AS request_count,
    sum(us.total_tokens)::BIGINT AS total_tokens,
    sum(us.latency_sum) / NULLIF(sum(us.latency_count), 0) AS avg_latency_ms,
    sum(us.error_count)::BIGINT AS error_count
FROM public.usage_summaries us
JOIN public.subscriptions s ON s.id = us.subscription_id
WHERE us.period_type = 'day'
GROUP BY s.user_id, us.model_id, us.period_start
HAVING sum(us.request_count) > 0;
