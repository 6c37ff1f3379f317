import type pg from 'pg';
import type { HealthFinding } from '../../../shared/contract/health';
import { say } from '../../say';
import { type Check, facts, literal, qualified } from './check';

/** Ages in transactions: PostgreSQL's own vacuum begins at 200 million, the end is at 2,147 million. */
const oldTransactions = 500_000_000;
const endangeredTransactions = 1_500_000_000;
/** Dead rows beyond this many times what autovacuum waits for: it does not keep up. */
const overdueFactor = 3;
const smallestTable = 10_000;

/** Tables whose rows cannot be told apart, and those that vacuum does not keep up with. */
export const checkTables: Check = async ({ connection: { client }, isOurs }) => ({
  findings: [
    ...(await readWraparound(client)),
    ...(await readVacuum(client)),
    ...(await readWithoutKey(client, isOurs)),
  ],
});

const userTables = `c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

async function readWithoutKey(client: pg.ClientBase, isOurs: boolean): Promise<HealthFinding[]> {
  const { rows } = await client.query<{ schema: string; name: string; rows: string | null; bytes: string }>(
    `SELECT n.nspname AS schema, c.relname AS name, CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint::text END AS rows,
       pg_relation_size(c.oid)::text AS bytes
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${userTables} AND NOT c.relispartition
       AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary)
       AND NOT EXISTS (
         SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
       )
       -- Ours without one have a unique key in which NULLs count as equal.
       AND NOT ($1 AND n.nspname = 'litemaas_console')
     ORDER BY pg_relation_size(c.oid) DESC, 1, 2
     LIMIT 300`,
    [isOurs],
  );
  return rows.map(({ schema, name, rows: count, bytes }) => {
    const table = qualified(schema, name);
    return {
      id: `tables:key:${table}`,
      severity: 'info',
      title: say('health.tables.withoutKey', { table }),
      meaning: say('health.tables.withoutKeyMeaning'),
      object: table,
      facts: facts([say('health.rowsEstimated'), count, 'count'], [say('health.size'), bytes, 'bytes']),
      evidenceSql: `SELECT indexrelid::regclass, indisprimary\nFROM pg_index\nWHERE indrelid = ${literal(table)}::regclass;`,
      repair: null,
    };
  });
}

async function readWraparound(client: pg.ClientBase): Promise<HealthFinding[]> {
  const { rows } = await client.query<{ name: string; kind: 'database' | 'table'; age: number }>(
    `SELECT current_database() AS name, 'database' AS kind, greatest(age(datfrozenxid), mxid_age(datminmxid)) AS age
     FROM pg_database
     WHERE datname = current_database() AND greatest(age(datfrozenxid), mxid_age(datminmxid)) > $1
     UNION ALL
     (
       SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'table',
         greatest(age(c.relfrozenxid), mxid_age(c.relminmxid))
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'm', 't') AND c.relfrozenxid <> '0'
         AND greatest(age(c.relfrozenxid), mxid_age(c.relminmxid)) > $1
       ORDER BY 3 DESC
       LIMIT 20
     )`,
    [oldTransactions],
  );
  return rows.map(({ name, kind, age }) => ({
    id: `tables:wraparound:${kind}:${name}`,
    severity: age >= endangeredTransactions ? 'error' : 'warning',
    title: say(`health.tables.wraparound.${kind}`, { name }),
    meaning: say('health.tables.wraparoundMeaning'),
    object: name,
    facts: facts([say('health.tables.age'), String(age), 'count']),
    evidenceSql: `SELECT oid::regclass, age(relfrozenxid)\nFROM pg_class\nWHERE relkind IN ('r', 'm', 't')\nORDER BY age(relfrozenxid) DESC\nLIMIT 20;`,
    repair: null,
  }));
}

interface VacuumRow {
  schema: string;
  name: string;
  is_off: boolean;
  dead_rows: string;
  live_rows: string;
  due_at: string;
  vacuumed_at: string | null;
}

async function readVacuum(client: pg.ClientBase): Promise<HealthFinding[]> {
  const { rows } = await client.query<VacuumRow>(
    `WITH settings AS (
       SELECT s.relid, s.schemaname AS schema, s.relname AS name, s.n_dead_tup AS dead_rows, s.n_live_tup AS live_rows,
         greatest(s.last_vacuum, s.last_autovacuum) AS vacuumed_at,
         coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions)
           WHERE option_name = 'autovacuum_enabled')::boolean, true) AS is_enabled,
         coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions)
           WHERE option_name = 'autovacuum_vacuum_threshold'), current_setting('autovacuum_vacuum_threshold'))::float8
         + coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions)
           WHERE option_name = 'autovacuum_vacuum_scale_factor'),
             current_setting('autovacuum_vacuum_scale_factor'))::float8 * greatest(c.reltuples, 0) AS due_at
       FROM pg_stat_user_tables s
       JOIN pg_class c ON c.oid = s.relid
     )
     SELECT schema, name, NOT is_enabled OR NOT current_setting('autovacuum')::boolean AS is_off,
       dead_rows::text, live_rows::text, round(due_at)::bigint::text AS due_at, vacuumed_at
     FROM settings
     WHERE dead_rows > $1 * due_at AND dead_rows > $2
       OR live_rows > $2 AND NOT (is_enabled AND current_setting('autovacuum')::boolean)
     ORDER BY settings.dead_rows DESC, 1, 2
     LIMIT 100`,
    [overdueFactor, smallestTable],
  );
  return rows.map((row) => {
    const table = qualified(row.schema, row.name);
    return {
      id: `tables:vacuum:${table}`,
      severity: 'warning',
      title: say(row.is_off ? 'health.tables.vacuumOff' : 'health.tables.vacuumOverdue', { table }),
      meaning: say(row.is_off ? 'health.tables.vacuumOffMeaning' : 'health.tables.vacuumOverdueMeaning'),
      object: table,
      facts: facts(
        [say('health.tables.deadRows'), row.dead_rows, 'count'],
        [say('health.tables.liveRows'), row.live_rows, 'count'],
        [say('health.tables.vacuumDue'), row.due_at, 'count'],
        [say('health.tables.vacuumedAt'), row.vacuumed_at, 'instant'],
      ),
      evidenceSql: `SELECT n_live_tup, n_dead_tup, last_vacuum, last_autovacuum\nFROM pg_stat_user_tables\nWHERE schemaname = ${literal(row.schema)} AND relname = ${literal(row.name)};`,
      repair: null,
    };
  });
}
