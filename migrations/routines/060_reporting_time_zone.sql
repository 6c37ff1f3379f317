-- The zone that cuts the rollups' days, and what keeps it from being changed by itself.
-- litemaas: routine 1

CREATE OR REPLACE FUNCTION litemaas_console.reporting_time_zone() RETURNS TEXT
LANGUAGE sql STABLE PARALLEL SAFE
RETURN COALESCE(
    (SELECT value #>> '{}' FROM litemaas_console.settings WHERE key = 'reporting_time_zone'),
    'UTC'
);

-- The zone is only changed by rebuild_usage: rollups cut in two zones would mix days of different lengths.
CREATE OR REPLACE FUNCTION litemaas_console.check_reporting_time_zone() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    new_zone TEXT;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        new_zone := NEW.value #>> '{}';
        -- Raises 22023 for a name PostgreSQL does not know.
        PERFORM CURRENT_TIMESTAMP AT TIME ZONE new_zone;
    END IF;
    IF new_zone IS DISTINCT FROM (OLD.value #>> '{}')
        AND current_setting('litemaas.rebuilding', true) IS DISTINCT FROM 'on'
        AND EXISTS (SELECT FROM litemaas_console.usage_daily)
    THEN
        RAISE EXCEPTION 'the reporting time zone cuts the days of recorded usage and cannot be changed by itself'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Use litemaas_console.rebuild_usage(new_zone).';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;

CREATE OR REPLACE TRIGGER check_reporting_time_zone_insert BEFORE INSERT ON litemaas_console.settings
    FOR EACH ROW WHEN (NEW.key = 'reporting_time_zone')
    EXECUTE FUNCTION litemaas_console.check_reporting_time_zone();
CREATE OR REPLACE TRIGGER check_reporting_time_zone_update BEFORE UPDATE ON litemaas_console.settings
    FOR EACH ROW WHEN (NEW.key = 'reporting_time_zone')
    EXECUTE FUNCTION litemaas_console.check_reporting_time_zone();
CREATE OR REPLACE TRIGGER check_reporting_time_zone_delete BEFORE DELETE ON litemaas_console.settings
    FOR EACH ROW WHEN (OLD.key = 'reporting_time_zone')
    EXECUTE FUNCTION litemaas_console.check_reporting_time_zone();
