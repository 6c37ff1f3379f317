-- Phase 1 of multi-model API keys: the junction table. The document creates it twice (among the tables and again in
-- its migration 001, which then fails); here it exists once. Its index on api_key_id alone doubles the primary key,
-- so the primary key carries that name.

CREATE TABLE api_key_models (
    api_key_id UUID NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    model_id VARCHAR(255) NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT idx_api_key_models_key PRIMARY KEY (api_key_id, model_id)
);

CREATE INDEX idx_api_key_models_model ON api_key_models (model_id);

-- In LiteLLM a key without models may call every model. Deleting a model must therefore never take away the last
-- model of a key in use. Emptying a key's own list (to replace it in the same transaction) stays possible: the
-- models are still there then.
CREATE FUNCTION refuse_to_empty_api_keys() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
DECLARE
    emptied TEXT;
BEGIN
    SELECT string_agg(DISTINCT removed.model_id, ', ')
    INTO emptied
    FROM removed
    JOIN public.api_keys ak ON ak.id = removed.api_key_id AND ak.is_active
    WHERE NOT EXISTS (SELECT FROM public.models m WHERE m.id = removed.model_id)
        AND NOT EXISTS (SELECT FROM public.api_key_models akm WHERE akm.api_key_id = removed.api_key_id);
    IF emptied IS NOT NULL THEN
        RAISE EXCEPTION 'deleting model % would leave active API keys without any model', emptied
            USING ERRCODE = 'foreign_key_violation',
                HINT = 'A LiteLLM key without models may call every model. Give these keys another model or deactivate them first.';
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER keep_api_keys_restricted AFTER DELETE ON api_key_models
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_empty_api_keys();
