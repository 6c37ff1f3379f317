-- No active API key loses its last model because a model is deleted.
-- litemaas: routine 1

-- In LiteLLM a key without models may call every model. Deleting a model must therefore never take away the last
-- model of a key in use. Emptying a key's own list (to replace it in the same transaction) stays possible: the
-- models are still there then.
CREATE OR REPLACE FUNCTION public.refuse_to_empty_api_keys() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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

CREATE OR REPLACE TRIGGER keep_api_keys_restricted AFTER DELETE ON public.api_key_models
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_to_empty_api_keys();
