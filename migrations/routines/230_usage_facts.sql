-- All usage, wherever it is logged, with the dimensions as they were. What the rollups must equal.
-- litemaas: routine 1

CREATE OR REPLACE VIEW litemaas_console.usage_facts AS
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
    NULL::TEXT AS unattributed_reason,
    ul.litellm_user_id,
    ul.litellm_team_id,
    ul.litellm_key_id,
    ul.litellm_model_group,
    ul.refused_by_litellm
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
    uu.reason,
    uu.litellm_user_id,
    uu.litellm_team_id,
    uu.litellm_key_id,
    uu.litellm_model_group,
    uu.refused_by_litellm
FROM litemaas_console.unattributed_usage uu;
