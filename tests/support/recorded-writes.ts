import type pg from 'pg';

/** One transaction of a console, and what it did in the schemas `public` and `litemaas_console`. */
export interface RecordedTransaction {
  /** Such as `UPDATE public.users`, `CREATE TABLE public.usage_logs_2026_11`. */
  readonly writes: readonly string[];
  readonly inJournal: boolean;
  readonly inAudit: boolean;
  /** What the audit log calls it: `USER_UPDATE` and the parts that went along. */
  readonly actions: readonly string[];
}

export interface RecordedWrites {
  /** The transactions that were committed since the last time, oldest first. */
  take(): Promise<RecordedTransaction[]>;
}

/**
 * Records from now on what consoles write, by triggers of the test: rows on every table, and everything that is created,
 * altered or dropped. What is not committed leaves no record. What other applications write, the test too, is left out.
 * @param superuser event triggers are theirs; what is theirs is no trap for migrations.
 */
export async function recordWrites(superuser: pg.Client): Promise<RecordedWrites> {
  await superuser.query(recorder);
  return {
    async take() {
      const { rows } = await superuser.query<{ writes: string[] }>(`
        WITH taken AS (DELETE FROM recorded.writes RETURNING transaction, what)
        SELECT array_agg(what ORDER BY what COLLATE "C") AS writes FROM taken GROUP BY transaction
        ORDER BY transaction`);
      return rows.map(({ writes }) => ({
        writes: writes.filter((what) => what !== journal && what !== audit && !what.startsWith(action)),
        inJournal: writes.includes(journal),
        inAudit: writes.includes(audit),
        actions: writes.filter((what) => what.startsWith(action)).map((what) => what.slice(action.length)),
      }));
    },
  };
}

const journal = 'INSERT litemaas_console.changes';
const audit = 'INSERT public.audit_logs';
const action = 'as ';

const recorder = `
CREATE SCHEMA recorded;
CREATE TABLE recorded.writes (transaction xid8, what text, PRIMARY KEY (transaction, what));

CREATE FUNCTION recorded.note_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('application_name') <> 'litemaas-console' THEN
    RETURN NULL;
  ELSIF TG_OP <> 'TRUNCATE' AND NOT EXISTS (SELECT FROM touched) THEN
    RETURN NULL;
  END IF;
  INSERT INTO recorded.writes
  VALUES (pg_current_xact_id(), TG_OP || ' ' || TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME)
  ON CONFLICT DO NOTHING;
  IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'audit_logs' THEN
    INSERT INTO recorded.writes SELECT pg_current_xact_id(), 'as ' || action FROM touched ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION recorded.note_objects() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('application_name') <> 'litemaas-console' THEN
    RETURN;
  ELSIF TG_EVENT = 'sql_drop' THEN
    INSERT INTO recorded.writes
    SELECT pg_current_xact_id(), TG_TAG || ' ' || object_identity FROM pg_event_trigger_dropped_objects()
    WHERE original AND schema_name IN ('public', 'litemaas_console')
    ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO recorded.writes
    SELECT pg_current_xact_id(), command_tag || ' ' || object_identity FROM pg_event_trigger_ddl_commands()
    WHERE schema_name IN ('public', 'litemaas_console')
    ON CONFLICT DO NOTHING;
  END IF;
END $$;

DO $$
DECLARE
  written REGCLASS;
  noted TEXT;
BEGIN
  FOR written, noted IN
    SELECT c.oid, operation FROM pg_class c CROSS JOIN unnest(ARRAY[
      'INSERT ON %s REFERENCING NEW TABLE AS touched', 'UPDATE ON %s REFERENCING NEW TABLE AS touched',
      'DELETE ON %s REFERENCING OLD TABLE AS touched', 'TRUNCATE ON %s'
    ]) AS operation
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relnamespace IN ('public'::regnamespace, 'litemaas_console'::regnamespace)
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER ' || noted || ' FOR EACH STATEMENT EXECUTE FUNCTION recorded.note_rows()',
      lower('recorded_' || split_part(noted, ' ', 1)), written);
  END LOOP;
END $$;

CREATE EVENT TRIGGER recorded_objects ON ddl_command_end EXECUTE FUNCTION recorded.note_objects();
CREATE EVENT TRIGGER recorded_drops ON sql_drop EXECUTE FUNCTION recorded.note_objects();`;
