-- The Default Team, which LiteMaaS expects to exist and every user belongs to. Its row is only ever inserted, so
-- edits survive. Those who are there join here; whoever comes later joins by routines/040_default_team.sql.

INSERT INTO public.teams (
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

INSERT INTO public.team_members (team_id, user_id, role)
SELECT 'a0000000-0000-4000-8000-000000000001', u.id, 'member'
FROM public.users u
ON CONFLICT (team_id, user_id) DO NOTHING;
