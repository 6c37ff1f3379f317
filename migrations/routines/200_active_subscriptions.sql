-- The document's view of subscriptions in use, with its columns and without its faults: columns are listed (SELECT *
-- freezes them at creation and blocks every later change of the table), and keys are counted once although 0002 copied
-- legacy keys into the junction table.
-- litemaas: routine 1

CREATE OR REPLACE VIEW public.active_subscriptions AS
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
FROM public.subscriptions s
JOIN public.users u ON u.id = s.user_id
JOIN public.models m ON m.id = s.model_id
CROSS JOIN LATERAL (
    -- The subscriber's active keys that reach this model: tied to the subscription, or by the junction table.
    SELECT count(*) AS key_count
    FROM public.api_keys ak
    WHERE ak.user_id = s.user_id
        AND ak.is_active
        AND (ak.subscription_id = s.id
            OR EXISTS (
                SELECT FROM public.api_key_models akm
                WHERE akm.api_key_id = ak.id AND akm.model_id = s.model_id
            ))
) subscription_keys
WHERE s.status = 'active'
    AND public.effective_subscription_status(s.status, s.expires_at) = 'active';
