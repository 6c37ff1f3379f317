-- Phases 2 and 3 of multi-model API keys: every key gets the model of the subscription it was tied to, and the tie
-- becomes optional. The document leaves the foreign key as it was; a key that serves several models must outlive the
-- end of the one subscription it began with, so it changes from CASCADE to SET NULL here.

INSERT INTO public.api_key_models (api_key_id, model_id, created_at)
SELECT ak.id, s.model_id, ak.created_at
FROM public.api_keys ak
JOIN public.subscriptions s ON ak.subscription_id = s.id
ON CONFLICT (api_key_id, model_id) DO NOTHING;

ALTER TABLE public.api_keys ALTER COLUMN subscription_id DROP NOT NULL;

ALTER TABLE public.api_keys
    DROP CONSTRAINT api_keys_subscription_id_fkey,
    ADD CONSTRAINT api_keys_subscription_id_fkey
        FOREIGN KEY (subscription_id) REFERENCES public.subscriptions (id) ON DELETE SET NULL;

ALTER TABLE public.api_keys ADD COLUMN metadata JSONB NOT NULL DEFAULT '{}';
