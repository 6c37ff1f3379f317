-- What a subscription's status means, who may change what, and the history of it.
-- litemaas: routine 3

-- The one rule for what a subscription's status means now: "active" past its end is expired. Queries, views and
-- triggers all use it, so that no two screens disagree.
CREATE OR REPLACE FUNCTION public.effective_subscription_status(
    status public.subscription_status, expires_at TIMESTAMP WITH TIME ZONE
) RETURNS public.subscription_status
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN status = 'active' AND expires_at <= CURRENT_TIMESTAMP THEN 'expired'::public.subscription_status
    ELSE status
END;

-- The quota is what a subscription may use: the request that takes it past the quota suspends it (the request has
-- already been served by then). Quota 3 serves three requests; a fourth is recorded and suspends. Corrected against
-- the document: compares with the new quota, fires when the quota is lowered, and leaves every status but an
-- effective "active" alone, so that late usage does not turn a cancelled subscription into a suspended one.
CREATE OR REPLACE FUNCTION public.check_subscription_quota() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF public.effective_subscription_status(NEW.status, NEW.expires_at) = 'active'
        AND (NEW.used_requests > NEW.quota_requests OR NEW.used_tokens > NEW.quota_tokens)
    THEN
        NEW.status = 'suspended';
    END IF;
    RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER enforce_subscription_quota BEFORE UPDATE ON public.subscriptions
    FOR EACH ROW
    WHEN (NEW.used_requests IS DISTINCT FROM OLD.used_requests
        OR NEW.used_tokens IS DISTINCT FROM OLD.used_tokens
        OR NEW.quota_requests IS DISTINCT FROM OLD.quota_requests
        OR NEW.quota_tokens IS DISTINCT FROM OLD.quota_tokens)
    EXECUTE FUNCTION public.check_subscription_quota();

-- The rollups carry the subscriber. A subscription with usage that changed hands would take that usage along in one
-- place and not in the other.
CREATE OR REPLACE FUNCTION public.keep_subscription_owner() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.usage_logs ul WHERE ul.subscription_id = OLD.id) THEN
        RAISE EXCEPTION 'subscription % has usage and cannot change its owner', OLD.id
            USING ERRCODE = 'restrict_violation',
                HINT = 'Create a subscription for the other user instead.';
    END IF;
    RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER keep_subscription_owner BEFORE UPDATE OF user_id ON public.subscriptions
    FOR EACH ROW
    WHEN (NEW.user_id IS DISTINCT FROM OLD.user_id)
    EXECUTE FUNCTION public.keep_subscription_owner();

-- The subscriptions' history. A deletion is recorded before it happens: afterwards the cascades could no longer tell
-- whose subscription it was.
CREATE OR REPLACE FUNCTION litemaas_console.record_subscription_event() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    subscription public.subscriptions;
    cause TEXT := COALESCE(NULLIF(current_setting('litemaas.cause', true), ''), 'admin');
    actor TEXT := COALESCE(NULLIF(current_setting('litemaas.actor', true), ''), session_user);
    reason TEXT := NULLIF(current_setting('litemaas.reason', true), '');
    from_status public.subscription_status;
    to_status public.subscription_status;
    exceeded_by TEXT;
    exceeded_quota TEXT;
BEGIN
    -- It runs as its owner: nobody's own table or view may fire it.
    IF TG_RELID <> 'public.subscriptions'::regclass THEN
        RAISE EXCEPTION 'record_subscription_event() serves public.subscriptions only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN
        subscription := OLD;
        from_status := OLD.status;
    ELSIF TG_OP = 'INSERT' THEN
        subscription := NEW;
        to_status := NEW.status;
    ELSE
        subscription := NEW;
        from_status := OLD.status;
        to_status := NEW.status;
        -- The quota trigger suspends inside somebody's update; the cause is the quota all the same.
        IF NEW.status = 'suspended' AND OLD.status = 'active'
            AND (NEW.used_requests > NEW.quota_requests OR NEW.used_tokens > NEW.quota_tokens)
            AND (NEW.used_requests, NEW.used_tokens, NEW.quota_requests, NEW.quota_tokens)
                IS DISTINCT FROM (OLD.used_requests, OLD.used_tokens, OLD.quota_requests, OLD.quota_tokens)
        THEN
            cause := 'quota';
            -- Which one is not to be seen later: usage goes on being counted, and quotas change.
            exceeded_quota := CASE WHEN NEW.used_requests > NEW.quota_requests THEN 'requests' ELSE 'tokens' END;
            -- Whoever lowered the quota said why. What the usage log did, its own triggers say.
            IF (NEW.quota_requests, NEW.quota_tokens) IS DISTINCT FROM (OLD.quota_requests, OLD.quota_tokens) THEN
                exceeded_by := 'quota';
            ELSE
                reason := NULL;
            END IF;
        END IF;
    END IF;
    INSERT INTO litemaas_console.subscription_events
        (
            subscription_id, user_id, model_id, from_status, to_status, cause, actor, reason,
            exceeded_by, exceeded_quota
        )
    VALUES (
        subscription.id, subscription.user_id, subscription.model_id, from_status, to_status, cause, actor, reason,
        exceeded_by, exceeded_quota
    );
    RETURN subscription;
END;
$$;

REVOKE EXECUTE ON FUNCTION litemaas_console.record_subscription_event() FROM PUBLIC;

CREATE OR REPLACE TRIGGER record_subscription_insert AFTER INSERT ON public.subscriptions
    FOR EACH ROW EXECUTE FUNCTION litemaas_console.record_subscription_event();
CREATE OR REPLACE TRIGGER record_subscription_update AFTER UPDATE ON public.subscriptions
    FOR EACH ROW
    WHEN (NEW.status IS DISTINCT FROM OLD.status)
    EXECUTE FUNCTION litemaas_console.record_subscription_event();
CREATE OR REPLACE TRIGGER record_subscription_delete BEFORE DELETE ON public.subscriptions
    FOR EACH ROW EXECUTE FUNCTION litemaas_console.record_subscription_event();
