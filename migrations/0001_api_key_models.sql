-- Phase 1 of multi-model API keys: the junction table. The document creates it twice (among the tables and again in
-- its migration 001, which then fails); here it exists once. Its index on api_key_id alone doubles the primary key,
-- so the primary key carries that name.

CREATE TABLE public.api_key_models (
    api_key_id UUID NOT NULL REFERENCES public.api_keys (id) ON DELETE CASCADE,
    model_id VARCHAR(255) NOT NULL REFERENCES public.models (id) ON DELETE CASCADE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT idx_api_key_models_key PRIMARY KEY (api_key_id, model_id)
);

CREATE INDEX idx_api_key_models_model ON public.api_key_models (model_id);
