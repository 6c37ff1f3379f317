-- The document's view of keys with their models, with its columns; keys without models give empty arrays instead of
-- {NULL}.
-- litemaas: routine 1

CREATE OR REPLACE VIEW public.api_keys_with_models AS
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
FROM public.api_keys ak
CROSS JOIN LATERAL (
    SELECT
        array_agg(m.id ORDER BY akm.created_at, m.id) AS model_ids,
        array_agg(m.name ORDER BY akm.created_at, m.id) AS model_names,
        array_agg(m.provider ORDER BY akm.created_at, m.id) AS model_providers,
        count(*) AS model_count
    FROM public.api_key_models akm
    JOIN public.models m ON m.id = akm.model_id
    WHERE akm.api_key_id = ak.id
) key_models;
