-- What record pages and filters ask for that no index served: users by role, and the usage of one model. Measured at
-- 100,000 users and 700,000 rollup rows of 30 days: a model's usage is read in 1 to 15 ms instead of 108.
--
-- Neither changes with the figures of a row, so the rollups' updates stay heap-only.

CREATE INDEX users_roles ON public.users USING gin (roles);
CREATE INDEX usage_daily_model ON litemaas_console.usage_daily (model_id, day);
