-- Everybody joins the Default Team, whoever creates them. If someone has deleted that team, users are created without
-- it.
-- litemaas: routine 1

CREATE OR REPLACE FUNCTION public.join_default_team() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- It runs as its owner: nobody's own table or view may fire it.
    IF TG_RELID <> 'public.users'::regclass OR TG_OP <> 'INSERT' OR TG_LEVEL <> 'STATEMENT' THEN
        RAISE EXCEPTION 'join_default_team() serves inserts into public.users only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.team_members (team_id, user_id, role)
    SELECT t.id, nu.id, 'member'
    FROM new_users nu
    JOIN public.teams t ON t.id = 'a0000000-0000-4000-8000-000000000001'
    ON CONFLICT (team_id, user_id) DO NOTHING;
    RETURN NULL;
END;
$$;

REVOKE EXECUTE ON FUNCTION public.join_default_team() FROM PUBLIC;

CREATE OR REPLACE TRIGGER join_default_team_on_insert AFTER INSERT ON public.users
    REFERENCING NEW TABLE AS new_users
    FOR EACH STATEMENT EXECUTE FUNCTION public.join_default_team();
