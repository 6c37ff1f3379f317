-- What was deleted stays known where it was used: keys and teams in the usage log, people in the audit log.
-- litemaas: routine 1

CREATE OR REPLACE FUNCTION public.keep_former_usage_owner() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.api_key_id IS NULL AND OLD.api_key_id IS NOT NULL THEN
        NEW.former_api_key_id = COALESCE(NEW.former_api_key_id, OLD.api_key_id);
    END IF;
    IF NEW.team_id IS NULL AND OLD.team_id IS NOT NULL THEN
        NEW.former_team_id = COALESCE(NEW.former_team_id, OLD.team_id);
    END IF;
    RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER keep_former_usage_owner BEFORE UPDATE OF api_key_id, team_id ON public.usage_logs
    FOR EACH ROW EXECUTE FUNCTION public.keep_former_usage_owner();

-- The audit trail keeps who it was about when the user is deleted and the foreign key blanks the column.
CREATE OR REPLACE FUNCTION public.keep_former_audit_user() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.metadata = NEW.metadata || jsonb_build_object('former_user_id', OLD.user_id);
    RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER keep_former_audit_user BEFORE UPDATE OF user_id ON public.audit_logs
    FOR EACH ROW
    WHEN (OLD.user_id IS NOT NULL AND NEW.user_id IS NULL)
    EXECUTE FUNCTION public.keep_former_audit_user();
