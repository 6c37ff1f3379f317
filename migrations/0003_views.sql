-- The document's views, with its columns and without its faults: columns are listed (SELECT * freezes them at
-- creation and blocks every later change of the table), keys are counted once although 0002 copied legacy keys into
-- the junction table, keys without models give empty arrays instead of {NULL}, and usage belongs to the model that
-- was called.

CREATE VIEW active_subscriptions AS
SELECT
    s.id,
    s.user_id,
    s.model_id,
    s.team_id,
    s.status,
    s.quota_requests,
    s.quota_tokens,
    s.used_requests,
    s.used_tokens,
    s.max_budget,
    s.current_spend,
    s.budget_duration,
    s.tpm_limit,
    s.rpm_limit,
    s.litellm_key_id,
    s.litellm_key_alias,
    s.last_sync_at,
    s.sync_status,
    s.reset_at,
    s.expires_at,
    s.created_at,
    s.updated_at,
    u.username,
    u.email,
    m.name AS model_name,
    m.provider,
    -- NULL is unlimited (GREATEST would turn it into 0); past the quota nothing remains.
    CASE WHEN s.quota_requests IS NOT NULL THEN GREATEST(s.quota_requests - s.used_requests, 0) END
        AS remaining_requests,
    CASE WHEN s.quota_tokens IS NOT NULL THEN GREATEST(s.quota_tokens - s.used_tokens, 0) END
        AS remaining_tokens,
    subscription_keys.key_count AS total_api_keys
FROM subscriptions s
JOIN users u ON u.id = s.user_id
JOIN models m ON m.id = s.model_id
CROSS JOIN LATERAL (
    -- The subscriber's active keys that reach this model: tied to the subscription, or by the junction table.
    SELECT count(*) AS key_count
    FROM api_keys ak
    WHERE ak.user_id = s.user_id
        AND ak.is_active
        AND (ak.subscription_id = s.id
            OR EXISTS (
                SELECT FROM api_key_models akm
                WHERE akm.api_key_id = ak.id AND akm.model_id = s.model_id
            ))
) subscription_keys
WHERE s.status = 'active'
    AND effective_subscription_status(s.status, s.expires_at) = 'active';

CREATE VIEW api_keys_with_models AS
SELECT
    ak.id,
    ak.user_id,
    ak.name,
    ak.key_prefix,
    ak.subscription_id,
    ak.is_active,
    ak.created_at,
    ak.last_used_at,
    ak.expires_at,
    ak.metadata,
    COALESCE(key_models.model_ids, ARRAY[]::VARCHAR(255)[]) AS model_ids,
    COALESCE(key_models.model_names, ARRAY[]::VARCHAR(255)[]) AS model_names,
    COALESCE(key_models.model_providers, ARRAY[]::VARCHAR(100)[]) AS model_providers,
    key_models.model_count
FROM api_keys ak
CROSS JOIN LATERAL (
    SELECT
        array_agg(m.id ORDER BY akm.created_at, m.id) AS model_ids,
        array_agg(m.name ORDER BY akm.created_at, m.id) AS model_names,
        array_agg(m.provider ORDER BY akm.created_at, m.id) AS model_providers,
        count(*) AS model_count
    FROM api_key_models akm
    JOIN models m ON m.id = akm.model_id
    WHERE akm.api_key_id = ak.id
) key_models;

-- Read from the UTC day summaries, not from the log: same columns, same figures, milliseconds instead of seconds,
-- and independent of the session's time zone.
CREATE VIEW usage_statistics AS
SELECT
    s.user_id,
    us.model_id,
    us.period_start AS usage_date,
    sum(us.request_count)::BIGINT AS request_count,
    sum(us.total_tokens)::BIGINT AS total_tokens,
    sum(us.latency_sum) / NULLIF(sum(us.latency_count), 0) AS avg_latency_ms,
    sum(us.error_count)::BIGINT AS error_count
FROM usage_summaries us
JOIN subscriptions s ON s.id = us.subscription_id
WHERE us.period_type = 'day'
GROUP BY s.user_id, us.model_id, us.period_start
HAVING sum(us.request_count) > 0;
