-- The Default Team, which LiteMaaS expects to exist and every user belongs to. Its row is only ever inserted, so
-- edits survive. Membership is a trigger rather than a habit of the callers: whoever creates a user, by whatever way
-- (sync, import, screen, SQL), the user joins. If someone has deleted the Default Team, users are created without it.

INSERT INTO teams (
    id, name, alias, description, max_budget, current_spend, budget_duration,
    tpm_limit, rpm_limit, allowed_models, metadata, is_active
) VALUES (
    'a0000000-0000-4000-8000-000000000001',
    'Default Team',
    'default-team',
    'Default team for all users until team management is implemented',
    10000.00,
    0,
    'monthly',
    50000,
    1000,
    '[]',
    '{"auto_created": true, "default_team": true, "created_by": "system"}',
    true
) ON CONFLICT (id) DO NOTHING;

INSERT INTO team_members (team_id, user_id, role)
SELECT 'a0000000-0000-4000-8000-000000000001', u.id, 'member'
FROM users u
ON CONFLICT (team_id, user_id) DO NOTHING;

CREATE FUNCTION join_default_team() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.team_members (team_id, user_id, role)
    SELECT t.id, nu.id, 'member'
    FROM new_users nu
    JOIN public.teams t ON t.id = 'a0000000-0000-4000-8000-000000000001'
    ON CONFLICT (team_id, user_id) DO NOTHING;
    RETURN NULL;
END;
$$;

CREATE TRIGGER join_default_team_on_insert AFTER INSERT ON users
    REFERENCING NEW TABLE AS new_users
    FOR EACH STATEMENT EXECUTE FUNCTION join_default_team();
