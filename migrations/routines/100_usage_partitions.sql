-- Monthly partitions of the usage log, from 36 months back to 3 ahead. The document makes one month, so every current
-- row fails. A month is built on its own and then attached, which holds the log's lock for an instant only; the
-- console calls create_usage_partition month by month under a lock timeout (ensure-partitions.ts). Bounds carry their
-- offset: without it a session in another time zone leaves a gap of hours.
-- litemaas: routine 1

CREATE OR REPLACE FUNCTION litemaas_console.create_usage_partition(month DATE) RETURNS BOOLEAN
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    month_start DATE := date_trunc('month', month::TIMESTAMP)::DATE;
    from_time TIMESTAMP WITH TIME ZONE := month_start::TIMESTAMP AT TIME ZONE 'UTC';
    to_time TIMESTAMP WITH TIME ZONE := (month_start + INTERVAL '1 month') AT TIME ZONE 'UTC';
    partition_name TEXT := 'usage_logs_' || to_char(month_start, 'YYYY_MM');
    columns TEXT;
BEGIN
    -- Also false for a table of that name that is not attached: somebody took the month out, and it stays out.
    IF to_regclass(format('public.%I', partition_name)) IS NOT NULL THEN
        RETURN false;
    END IF;

    EXECUTE format(
        'CREATE TABLE public.%I (LIKE public.usage_logs INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS)',
        partition_name);

    -- Rows of this month that had to go to the default partition would bar it. They move without their triggers:
    -- they have been counted.
    IF EXISTS (
        SELECT FROM public.usage_logs_default d WHERE d.created_at >= from_time AND d.created_at < to_time
    ) THEN
        LOCK TABLE public.usage_logs IN SHARE ROW EXCLUSIVE MODE;
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
        INTO columns
        FROM pg_attribute a
        WHERE a.attrelid = 'public.usage_logs'::REGCLASS
            AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
        EXECUTE format(
            'WITH moved AS (DELETE FROM public.usage_logs_default WHERE created_at >= $1 AND created_at < $2 RETURNING *)
             INSERT INTO public.%I (%s) SELECT %2$s FROM moved',
            partition_name, columns)
        USING from_time, to_time;
    END IF;

    EXECUTE format(
        'ALTER TABLE public.usage_logs ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        partition_name,
        to_char(from_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || '+00',
        to_char(to_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || '+00');
    RETURN true;
END;
$$;

-- Months that are there stay as they are.
SELECT litemaas_console.create_usage_partition(
    (date_trunc('month', CURRENT_TIMESTAMP AT TIME ZONE 'UTC') + make_interval(months => month_offset))::DATE)
FROM generate_series(-36, 3) month_offset;
