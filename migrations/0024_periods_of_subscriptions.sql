-- The periods of subscriptions are reset: what is due is found by its date. Of a subscription that its quota suspended it
-- is kept which one that was. Usage goes on being counted to it, so its counters soon say something else.

ALTER TABLE litemaas_console.subscription_events
    ADD COLUMN exceeded_quota TEXT CHECK (exceeded_quota IN ('requests', 'tokens'));

CREATE INDEX subscriptions_by_reset ON public.subscriptions (reset_at) WHERE reset_at IS NOT NULL;
